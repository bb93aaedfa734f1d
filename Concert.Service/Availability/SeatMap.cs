using System.Buffers;
using System.Buffers.Text;

namespace ConcertService;

/// <summary>
/// A schedule's seats as of one version. Never changes: an update makes a new map that shares everything but the statuses.
/// </summary>
public sealed class SeatMap : ICached
{
    private readonly SeatPlan _plan;
    private readonly SeatIds _ids;
    private readonly SeatStatus[] _statuses;
    private readonly int _taken;
    private readonly int _idDigits;

    private SeatMap(SeatMap basis, Reading reading, long version, SeatStatus[] statuses)
    {
        (ScheduleId, ConcertId, StartsAt, _plan, _ids, _idDigits, MemoryBytes) =
            (basis.ScheduleId, basis.ConcertId, basis.StartsAt, basis._plan, basis._ids, basis._idDigits, basis.MemoryBytes);
        (Reading, Version, _statuses) = (reading, version, statuses);
        _taken = statuses.AsSpan().Length - statuses.AsSpan().Count(SeatStatus.Available);
    }

    /// <param name="ids">Ascending, as the plan's seats are.</param>
    public SeatMap(long scheduleId, long concertId, DateTimeOffset startsAt, Reading reading, SeatPlan plan, bool planIsNew, long[] ids)
    {
        (ScheduleId, ConcertId, StartsAt, Reading, _plan, _ids) = (scheduleId, concertId, startsAt, reading, plan, new(ids));
        _statuses = new SeatStatus[ids.Length];
        _idDigits = ids.Sum(Digits);
        // The map, its place in the cache and a byte for each seat. Whoever brings a plan pays for it; those who share it do not.
        MemoryBytes = 320 + ids.Length + _ids.MemoryBytes + (planIsNew ? plan.MemoryBytes : 0);
    }

    public long ScheduleId { get; }

    public long ConcertId { get; }

    public DateTimeOffset StartsAt { get; }

    public long Version { get; }

    public Reading Reading { get; }

    public int MemoryBytes { get; }

    public int JsonBytes =>
        "{\"scheduleId\":,\"version\":,\"seats\":[]}".Length + Digits(ScheduleId) + Digits(Version)
        + (_ids.Count * "{\"id\":,,\"status\":\"\"}".Length) + Math.Max(0, _ids.Count - 1)
        + _idDigits + _plan.FaceBytes
        // "available" is longer than "held" and "sold", which are equally long.
        + ("available".Length * (_ids.Count - _taken)) + ("held".Length * _taken);

    /// <summary>The same seats with these taken and all others free.</summary>
    public SeatMap With(Reading reading, long version, ReadOnlySpan<long> held, ReadOnlySpan<long> sold)
    {
        var now = new SeatStatus[_ids.Count];
        Mark(now, held, SeatStatus.Held);
        Mark(now, sold, SeatStatus.Sold);
        return new(this, reading, version, now);
    }

    /// <summary>The map after that change; null if a change between this map and that one is missing.</summary>
    public SeatMap? After(SeatsChanged change)
    {
        if (change.Version <= Version)
            return this;
        if (change.Version > Version + 1 || change.Seats is null)
            return null;

        var now = _statuses.AsSpan().ToArray();
        foreach (var seat in change.Seats)
            Mark(now, [seat.SeatId], seat.Status);
        return new(this, Reading, change.Version, now);
    }

    /// <summary>What its seats cost.</summary>
    public SeatLayout Layout()
    {
        var runs = new List<SeatRun>();
        for (var i = 0; i < _ids.Count; i++)
        {
            if (runs is [.., var last] && last.First + last.Count == _ids[i] && last.Price == _plan.Price(i))
                runs[^1] = last with { Count = last.Count + 1 };
            else
                runs.Add(new(_ids[i], 1, _plan.Price(i)));
        }

        return new(ScheduleId, StartsAt, runs);
    }

    /// <summary>Writes exactly <see cref="JsonBytes"/> bytes: copies, no serialisation.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        var buffer = output.GetSpan(JsonBytes);
        var at = 0;
        Put(buffer, ref at, "{\"scheduleId\":"u8);
        Put(buffer, ref at, ScheduleId);
        Put(buffer, ref at, ",\"version\":"u8);
        Put(buffer, ref at, Version);
        Put(buffer, ref at, ",\"seats\":["u8);
        for (var i = 0; i < _ids.Count; i++)
        {
            Put(buffer, ref at, i == 0 ? "{\"id\":"u8 : ",{\"id\":"u8);
            Put(buffer, ref at, _ids[i]);
            Put(buffer, ref at, ","u8);
            Put(buffer, ref at, _plan.Face(i));
            Put(buffer, ref at, _statuses[i] switch
            {
                SeatStatus.Held => ",\"status\":\"held\"}"u8,
                SeatStatus.Sold => ",\"status\":\"sold\"}"u8,
                _ => ",\"status\":\"available\"}"u8,
            });
        }

        Put(buffer, ref at, "]}"u8);
        output.Advance(at);
    }

    private void Mark(SeatStatus[] now, ReadOnlySpan<long> seats, SeatStatus status)
    {
        foreach (var seat in seats)
        {
            var index = _ids.IndexOf(seat);
            if (index >= 0)
                now[index] = status;
        }
    }

    private static void Put(Span<byte> buffer, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer[at..]);
        at += text.Length;
    }

    private static void Put(Span<byte> buffer, ref int at, long number)
    {
        Utf8Formatter.TryFormat(number, buffer[at..], out var written);
        at += written;
    }

    private static int Digits(long number)
    {
        var digits = 1;
        for (; number >= 10; number /= 10)
            digits++;
        return digits;
    }
}
