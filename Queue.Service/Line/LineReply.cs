using System.Globalization;
using QueueService.Domain;
using StackExchange.Redis;

namespace QueueService;

/// <summary>Reads what the scripts return, in the order of <c>view()</c> in line.lua.</summary>
internal static class LineReply
{
    private const int OfView = 19;
    private const int OfTicket = 5;
    private const int ViewAfterLimits = 1;

    /// <summary>How each caller's ticket stands, all in the same line.</summary>
    public static Standing[] Standings(RedisResult reply)
    {
        var v = (RedisValue[])reply!;
        var line = View(v);
        var standings = new Standing[(v.Length - OfView) / OfTicket];
        for (var i = 0; i < standings.Length; i++)
        {
            var t = v.AsSpan(OfView + OfTicket * i, OfTicket);
            standings[i] = new Standing((long)t[1], Status((string)t[0]!), Time(t[2]), Time(t[3]), IsNew: (long)t[4] == 1, line);
        }
        return standings;
    }

    /// <summary>Whether an operator's limits were set, and the line with them.</summary>
    public static (bool AreSet, LineView View) Limited(RedisResult reply)
    {
        var v = (RedisValue[])reply!;
        return ((long)v[0] == 1, View(v.AsSpan(ViewAfterLimits)));
    }

    public static LineView View(RedisResult reply) => View(((RedisValue[])reply!).AsSpan());

    private static LineView View(ReadOnlySpan<RedisValue> v)
        => new(
            Epoch: v[0].IsNullOrEmpty ? null : (string)v[0]!,
            Issued: (long)v[1], Serving: (long)v[2], Waiting: (long)v[3], Reformed: (long)v[4], ReformServing: (long)v[5], Active: (long)v[6],
            Rate: Number(v[7]), SteppedAt: Time(v[8]),
            new LineLimits((long)v[9], Number(v[10]), Paused: (long)v[11] == 1, OpensAt: (long)v[12] == 0 ? null : Time(v[12]), Seed: (string?)v[18] ?? "", Version: (long)v[17]),
            new Shuffle(From: (long)v[13], To: (long)v[14], Seed: (string?)v[15] ?? ""),
            JustAdmitted: (long)v[16]);

    private static TicketStatus Status(string name) => name switch
    {
        "waiting" => TicketStatus.Waiting,
        "admitted" => TicketStatus.Admitted,
        "completed" => TicketStatus.Completed,
        "expired" => TicketStatus.Expired,
        _ => throw new InvalidOperationException($"A script answered with the unknown status {name}."),
    };

    private static DateTimeOffset Time(RedisValue milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);

    private static double Number(RedisValue text) => double.Parse((string)text!, CultureInfo.InvariantCulture);
}
