using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace ConcertService;

/// <summary>
/// What a schedule's seats look like on the wire apart from their ids and statuses, encoded once.
/// Schedules in the same hall share one plan, so 10,000 seat maps cost a byte per seat instead of their JSON.
/// </summary>
public sealed class SeatPlan
{
    private static readonly ConcurrentDictionary<UInt128, WeakReference<SeatPlan>> Known = new();

    private readonly byte[] _faces;
    private readonly int[] _ends;
    private readonly long[] _prices;

    private SeatPlan(List<SeatFace> seats)
    {
        var faces = new MemoryStream();
        _ends = new int[seats.Count];
        for (var i = 0; i < seats.Count; i++)
        {
            faces.Write(JsonSerializer.SerializeToUtf8Bytes(seats[i], CatalogueJson.Default.SeatFace).AsSpan()[1..^1]);
            _ends[i] = (int)faces.Length;
        }

        _faces = faces.ToArray();
        _prices = [.. seats.Select(seat => seat.Price)];
    }

    public int Seats => _ends.Length;

    public int FaceBytes => _faces.Length;

    public int MemoryBytes => _faces.Length + ((sizeof(int) + sizeof(long)) * _ends.Length);

    public long Price(int seat) => _prices[seat];

    /// <summary>A seat's JSON properties between its id and its status, without the commas around them.</summary>
    public ReadOnlySpan<byte> Face(int seat)
    {
        var start = seat == 0 ? 0 : _ends[seat - 1];
        return _faces.AsSpan(start, _ends[seat] - start);
    }

    /// <summary>The plan of these seats: the one that another schedule brought already, if it is the same.</summary>
    public static SeatPlan Of(List<SeatFace> seats, out bool isNew)
    {
        isNew = false;
        var digest = Digest(seats);
        if (Known.TryGetValue(digest, out var known) && known.TryGetTarget(out var shared))
            return shared;

        var plan = new SeatPlan(seats);
        known = Known.GetOrAdd(digest, _ => new WeakReference<SeatPlan>(plan));
        lock (known)
        {
            if (known.TryGetTarget(out shared) && shared != plan)
                return shared;

            isNew = true;
            known.SetTarget(plan);
            return plan;
        }
    }

    // Of the values and not of their JSON: most schedules bring a plan that is known, and need none.
    private static UInt128 Digest(List<SeatFace> seats)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var seat in seats)
        {
            Span<long> numbers = [seat.Row, seat.Number, seat.Price, seat.Section.Length, seat.Grade.Length];
            hash.AppendData(MemoryMarshal.AsBytes(numbers));
            hash.AppendData(MemoryMarshal.AsBytes(seat.Section.AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(seat.Grade.AsSpan()));
        }

        return MemoryMarshal.Read<UInt128>(hash.GetHashAndReset());
    }
}

public sealed record SeatFace(string Section, short Row, short Number, string Grade, long Price);
