using StackExchange.Redis;

namespace QueueService;

/// <summary>The keys of a line share a hash tag, so that a cluster keeps a line in one place. The order is that of line.lua.</summary>
internal static class LineKeys
{
    public const int OfLine = 6;

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

    public static RedisKey[] Of(long concertId, long userId, long ticket = 0)
    {
        var keys = Of(concertId, more: 2);
        keys[OfLine] = User(concertId, userId);
        keys[OfLine + 1] = $"{{line:{concertId}}}:done:{ticket}";
        return keys;
    }

    public static RedisKey User(long concertId, long userId) => $"{{line:{concertId}}}:user:{userId}";
}
