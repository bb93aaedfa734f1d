using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ServiceDefaults.Redis;

/// <summary>
/// The one way to Redis: every wait is bounded (the client's own async calls never time out), and after some failures in a row
/// calls fail at once for a while, so that callers fall back quickly.
/// </summary>
public sealed class RedisGate(IConnectionMultiplexer redis, IOptions<RedisGateOptions> options, TimeProvider time)
{
    private readonly RedisGateOptions _options = options.Value;
    private int _failures;
    private long _closedSince;

    /// <summary>False while there is no connection, or calls fail at once.</summary>
    public bool IsAvailable => redis.IsConnected && !IsClosed;

    private bool IsClosed
        => Volatile.Read(ref _failures) >= _options.FailuresToClose
            && time.GetElapsedTime(Interlocked.Read(ref _closedSince)) < _options.ClosedFor;

    /// <exception cref="RedisUnavailableException">Redis is away. What the call did, if anything, is not known.</exception>
    public async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken ct)
    {
        if (!TryEnter())
            throw new RedisUnavailableException("Redis failed several times in a row; it is not asked for a moment.");
        try
        {
            var result = await call(redis.GetDatabase()).WaitAsync(_options.Timeout, time, ct);
            Volatile.Write(ref _failures, 0);
            return result;
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            Fail();
            throw new RedisUnavailableException($"Redis is not available: {e.Message}", e);
        }
    }

    // Closed: one caller per period goes through, to see whether Redis is back.
    private bool TryEnter()
    {
        if (Volatile.Read(ref _failures) < _options.FailuresToClose)
            return true;
        var since = Interlocked.Read(ref _closedSince);
        return time.GetElapsedTime(since) >= _options.ClosedFor
            && Interlocked.CompareExchange(ref _closedSince, time.GetTimestamp(), since) == since;
    }

    private void Fail()
    {
        Interlocked.Exchange(ref _closedSince, time.GetTimestamp());
        if (Volatile.Read(ref _failures) < _options.FailuresToClose)
            Interlocked.Increment(ref _failures);
    }

    // An error that Redis answers with is ours (a bad script), unless it says that it cannot serve at all.
    private static bool IsUnavailable(Exception e) => e switch
    {
        RedisServerException server => server.Message.Split(' ')[0] is "LOADING" or "BUSY" or "OOM" or "READONLY" or "MASTERDOWN" or "CLUSTERDOWN",
        RedisException or TimeoutException => true,
        _ => false,
    };
}
