using StackExchange.Redis;

namespace QueueService;

/// <summary>The keys of a line share a hash tag, so that a cluster keeps a line in one place. The order is that of line.lua.</summary>
internal static class LineKeys
{
    private const int OfLine = 6;

    public static RedisKey[] Of(long concertId, int more = 0)
    {
        var tag = $"{{line:{concertId}}}";
        var keys = new RedisKey[OfLine + more];
        keys[0] = tag;
        keys[1] = tag + ":limits";
        keys[2] = tag + ":leases";
        keys[3] = tag + ":admitted";
        keys[4] = tag + ":active";
        keys[5] = tag + ":reformed";
        return keys;
    }

    /// <summary>With each caller's own: the last ticket of the user, and whether this ticket has booked.</summary>
    public static RedisKey[] Of(long concertId, IReadOnlyList<(long UserId, long Ticket)> callers)
    {
        var keys = Of(concertId, more: 2 * callers.Count);
        for (var i = 0; i < callers.Count; i++)
        {
            keys[OfLine + 2 * i] = User(concertId, callers[i].UserId);
            keys[OfLine + 2 * i + 1] = $"{{line:{concertId}}}:done:{callers[i].Ticket}";
        }
        return keys;
    }

    /// <summary>With the last ticket of each user.</summary>
    public static RedisKey[] Of(long concertId, IReadOnlyList<long> users)
    {
        var keys = Of(concertId, more: users.Count);
        for (var i = 0; i < users.Count; i++)
            keys[OfLine + i] = User(concertId, users[i]);
        return keys;
    }

    private static RedisKey User(long concertId, long userId) => $"{{line:{concertId}}}:user:{userId}";
}
