namespace ConcertService;

/// <summary>
/// A schedule's seats, following the changes. It changes in place: thousands of maps live long, and a new one for every seat held or sold
/// would be garbage of the oldest generation. Who answers takes a <see cref="SeatPicture"/> first.
/// </summary>
public sealed class SeatMap : ICached
{
    private readonly SeatPlan _plan;
    private readonly SeatIds _ids;
    private readonly int _idDigits;
    private readonly SeatStatus[] _statuses;
    private long _version;

    private SeatMap(SeatMap basis, Reading reading, long version, SeatStatus[] statuses)
    {
        (ScheduleId, ConcertId, StartsAt, _plan, _ids, _idDigits, MemoryBytes) =
            (basis.ScheduleId, basis.ConcertId, basis.StartsAt, basis._plan, basis._ids, basis._idDigits, basis.MemoryBytes);
        (Reading, _version, _statuses) = (reading, version, statuses);
    }

    /// <param name="ids">Ascending, as the plan's seats are.</param>
    public SeatMap(long scheduleId, long concertId, DateTimeOffset startsAt, Reading reading, SeatPlan plan, bool planIsNew, long[] ids)
    {
        (ScheduleId, ConcertId, StartsAt, Reading, _plan, _ids) = (scheduleId, concertId, startsAt, reading, plan, new(ids));
        _statuses = new SeatStatus[ids.Length];
        _idDigits = ids.Sum(JsonNumber.Digits);
        // The map, its place in the cache and a byte for each seat. Whoever brings a plan pays for it; those who share it do not.
        MemoryBytes = 320 + ids.Length + _ids.MemoryBytes + (planIsNew ? plan.MemoryBytes : 0);
    }

    public long ScheduleId { get; }

    public long ConcertId { get; }

    public DateTimeOffset StartsAt { get; }

    public Reading Reading { get; }

    public int MemoryBytes { get; }

    /// <summary>The same seats with these taken and all others free.</summary>
    public SeatMap With(Reading reading, long version, ReadOnlySpan<long> held, ReadOnlySpan<long> sold)
    {
        var map = new SeatMap(this, reading, version, new SeatStatus[_ids.Count]);
        foreach (var seat in held)
            map.Mark(seat, SeatStatus.Held);
        foreach (var seat in sold)
            map.Mark(seat, SeatStatus.Sold);
        return map;
    }

    /// <summary>This map after that change; null if a change before that one is missing.</summary>
    public SeatMap? After(SeatsChanged change)
    {
        lock (_statuses)
        {
            if (change.Version <= _version)
                return this;
            if (change.Version > _version + 1 || change.Seats is null)
                return null;
            foreach (var seat in change.Seats)
                Mark(seat.SeatId, seat.Status);
            _version = change.Version;
            return this;
        }
    }

    /// <summary>The seats as of one version: what changes from now on is not in it.</summary>
    public SeatPicture Picture()
    {
        lock (_statuses)
            return new(ScheduleId, _version, _plan, _ids, _idDigits, [.. _statuses]);
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

    private void Mark(long seat, SeatStatus status)
    {
        var index = _ids.IndexOf(seat);
        if (index >= 0)
            _statuses[index] = status;
    }
}
