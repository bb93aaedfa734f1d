using ServiceDefaults.Redis;
using StackExchange.Redis;

namespace ReservationService.Guard;

/// <summary>
/// Stands in front of the database in a stampede: the first to come for a seat passes, those right behind are told at once.
/// It decides nothing: its marks last seconds, and without Redis everybody passes. Where there is no crowd there is nothing to guard:
/// an attempt that is alone at its schedule need not ask.
/// </summary>
internal sealed class SeatGuard(RedisGate redis)
{
    private static readonly TimeSpan MarkFor = TimeSpan.FromSeconds(10);

    // Attempts under way at this replica, by schedule. Schedules that share a counter ask a little more often than they need.
    private readonly int[] underWay = new int[4096];

    // All seats or none; answers which seats somebody else has marked. One's own mark lets through: two requests with one idempotency
    // key must both come to the database, which makes one of them and answers the other with it.
    private const string EnterScript = """
        local taken = {}
        for i, key in ipairs(KEYS) do
            local mark = redis.call('GET', key)
            if mark and string.sub(mark, 1, #ARGV[3]) ~= ARGV[3] then taken[#taken + 1] = i end
        end
        if #taken > 0 then return taken end
        for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1], 'PX', ARGV[2]) end
        return taken
        """;

    private const string LeaveScript = """
        for _, key in ipairs(KEYS) do
            if redis.call('GET', key) == ARGV[1] then redis.call('DEL', key) end
        end
        return 1
        """;

    /// <summary>To be disposed when the attempt is over.</summary>
    public Attempt Begin(long scheduleId)
    {
        var counter = (int)((ulong)scheduleId % (ulong)underWay.Length);
        return new Attempt(underWay, counter, IsAlone: Interlocked.Increment(ref underWay[counter]) == 1);
    }

    /// <returns>The seats that somebody else is just taking; empty when the caller may go on to the database.</returns>
    public async Task<long[]> EnterAsync(long scheduleId, long[] seatIds, long userId, Guid reservationId, CancellationToken ct)
    {
        try
        {
            var answer = await redis.RunAsync(
                db => db.ScriptEvaluateAsync(
                    EnterScript, KeysOf(scheduleId, seatIds), [Mark(userId, reservationId), (long)MarkFor.TotalMilliseconds, MarksOf(userId)]), ct);
            return [.. ((RedisResult[])answer!).Select(index => seatIds[(int)index - 1])];
        }
        catch (RedisUnavailableException)
        {
            return [];
        }
    }

    /// <summary>Takes the caller's marks away: its hold did not come to be, or is over. Marks that stay for want of Redis end by themselves.</summary>
    public async Task LeaveAsync(long scheduleId, long[] seatIds, long userId, Guid reservationId, CancellationToken ct)
    {
        try
        {
            await redis.RunAsync(db => db.ScriptEvaluateAsync(LeaveScript, KeysOf(scheduleId, seatIds), [Mark(userId, reservationId)]), ct);
        }
        catch (RedisUnavailableException)
        {
        }
    }

    private static string MarksOf(long userId) => $"{userId}:";

    private static string Mark(long userId, Guid reservationId) => $"{MarksOf(userId)}{reservationId:N}";

    // One hash slot for each schedule.
    private static RedisKey[] KeysOf(long scheduleId, long[] seatIds) => Array.ConvertAll(seatIds, seat => (RedisKey)$"seat:{{{scheduleId}}}:{seat}");

    internal readonly record struct Attempt(int[] UnderWay, int Counter, bool IsAlone) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref UnderWay[Counter]);
    }
}
