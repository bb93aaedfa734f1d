using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace ConcertService;

/// <summary>
/// What a schedule's seats look like on the wire apart from their ids and statuses, encoded once.
/// Schedules in the same hall share one plan, so 10,000 seat maps cost a byte and an id per seat instead of their JSON.
/// </summary>
public sealed class SeatPlan
{
    private static readonly ConcurrentDictionary<UInt128, WeakReference<SeatPlan>> Known = new();

    private readonly byte[] _faces;
    private readonly int[] _ends;

    private SeatPlan(byte[] faces, int[] ends)
    {
        _faces = faces;
        _ends = ends;
    }

    public int Seats => _ends.Length;

    public int FaceBytes => _faces.Length;

    public int MemoryBytes => _faces.Length + (sizeof(int) * _ends.Length);

    /// <summary>A seat's JSON properties between its id and its status, without the commas around them.</summary>
    public ReadOnlySpan<byte> Face(int seat)
    {
        var start = seat == 0 ? 0 : _ends[seat - 1];
        return _faces.AsSpan(start, _ends[seat] - start);
    }

    /// <summary>The plan of these seats: the one that another schedule brought already, if it is the same.</summary>
    public static SeatPlan Of(IEnumerable<SeatFace> seats, out bool isNew)
    {
        var faces = new MemoryStream();
        var ends = new List<int>();
        foreach (var seat in seats)
        {
            faces.Write(JsonSerializer.SerializeToUtf8Bytes(seat, CatalogueJson.Default.SeatFace).AsSpan()[1..^1]);
            ends.Add((int)faces.Length);
        }

        var plan = new SeatPlan(faces.ToArray(), ends.ToArray());
        var digest = MemoryMarshal.Read<UInt128>(SHA256.HashData(plan._faces));
        var known = Known.GetOrAdd(digest, _ => new WeakReference<SeatPlan>(plan));
        lock (known)
        {
            if (known.TryGetTarget(out var shared) && shared != plan)
            {
                isNew = false;
                return shared;
            }

            isNew = true;
            known.SetTarget(plan);
            return plan;
        }
    }
}

public sealed record SeatFace(string Section, short Row, short Number, string Grade, long Price);
