using System.Buffers;

namespace ConcertService;

/// <summary>A schedule's seats as of one version, ready to be sent: copies, no serialisation.</summary>
public sealed class SeatPicture
{
    private readonly long _scheduleId;
    private readonly SeatPlan _plan;
    private readonly SeatIds _ids;
    private readonly SeatStatus[] _statuses;

    internal SeatPicture(long scheduleId, long version, SeatPlan plan, SeatIds ids, int idDigits, SeatStatus[] statuses)
    {
        (_scheduleId, Version, _plan, _ids, _statuses) = (scheduleId, version, plan, ids, statuses);
        var free = statuses.AsSpan().Count(SeatStatus.Available);
        JsonBytes = "{\"scheduleId\":,\"version\":,\"seats\":[]}".Length + JsonNumber.Digits(scheduleId) + JsonNumber.Digits(version)
            + (ids.Count * "{\"id\":,,\"status\":\"\"}".Length) + Math.Max(0, ids.Count - 1)
            + idDigits + plan.FaceBytes
            // "available" is longer than "held" and "sold", which are equally long.
            + ("available".Length * free) + ("held".Length * (ids.Count - free));
    }

    public long Version { get; }

    public int JsonBytes { get; }

    /// <summary>Writes exactly <see cref="JsonBytes"/> bytes.</summary>
    public void WriteTo(IBufferWriter<byte> output)
    {
        var buffer = output.GetSpan(JsonBytes);
        var at = 0;
        Put(buffer, ref at, "{\"scheduleId\":"u8);
        Put(buffer, ref at, _scheduleId);
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

    private static void Put(Span<byte> buffer, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer[at..]);
        at += text.Length;
    }

    private static void Put(Span<byte> buffer, ref int at, long number) => at += JsonNumber.Write(number, buffer[at..]);
}
