using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using ServiceDefaults.Metrics;
using StackExchange.Redis;

namespace ServiceDefaults.Redis;

/// <summary>
/// The one way to Redis: every wait is bounded (the client's own async calls never time out), and after some failures in a row
/// calls fail at once for a while, so that callers fall back quickly.
/// </summary>
public sealed class RedisGate
{
    private static readonly KeyValuePair<string, object?> System = new("db.system.name", "redis");

    private readonly IConnectionMultiplexer _redis;
    private readonly RedisGateOptions _options;
    private readonly TimeProvider _time;
    private readonly Histogram<double> _duration;
    private int _failures;
    private long _closedSince;

    public RedisGate(IConnectionMultiplexer redis, IOptions<RedisGateOptions> options, TimeProvider time, IMeterFactory meters)
    {
        (_redis, _options, _time) = (redis, options.Value, time);
        var meter = meters.Create(ServiceMetrics.MeterName);
        _duration = meter.CreateHistogram(
            "db.client.operation.duration", "s", "Duration of calls to Redis.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1] });
        meter.CreateObservableGauge("redis.available", () => IsAvailable ? 1 : 0, description: "Whether Redis is connected and asked.");
    }

    /// <summary>False while there is no connection, or calls fail at once.</summary>
    public bool IsAvailable => _redis.IsConnected && !IsClosed;

    private bool IsClosed
        => Volatile.Read(ref _failures) >= _options.FailuresToClose
            && _time.GetElapsedTime(Interlocked.Read(ref _closedSince)) < _options.ClosedFor;

    /// <exception cref="RedisUnavailableException">Redis is away. What the call did, if anything, is not known.</exception>
    public async Task<T> RunAsync<T>(Func<IDatabase, Task<T>> call, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (!TryEnter())
            throw new RedisUnavailableException("Redis failed several times in a row; it is not asked for a moment.");
        return await AskAsync(call).WaitAsync(ct);
    }

    // Ends by itself, not with its caller: it may be the one call that is let through to see whether Redis is back. A caller that
    // cancels all its calls when one of them is refused would cancel that one too, each time, and the gate would stay closed for ever.
    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> call)
    {
        var started = _time.GetTimestamp();
        try
        {
            var result = await call(_redis.GetDatabase()).WaitAsync(_options.Timeout, _time);
            Volatile.Write(ref _failures, 0);
            _duration.Record(_time.GetElapsedTime(started).TotalSeconds, System);
            return result;
        }
        catch (Exception e) when (IsUnavailable(e))
        {
            Fail();
            _duration.Record(_time.GetElapsedTime(started).TotalSeconds, System, new("error.type", e.GetType().Name));
            throw new RedisUnavailableException($"Redis is not available: {e.Message}", e);
        }
    }

    // Closed: one caller per period goes through, to see whether Redis is back.
    private bool TryEnter()
    {
        if (Volatile.Read(ref _failures) < _options.FailuresToClose)
            return true;
        var since = Interlocked.Read(ref _closedSince);
        return _time.GetElapsedTime(since) >= _options.ClosedFor
            && Interlocked.CompareExchange(ref _closedSince, _time.GetTimestamp(), since) == since;
    }

    private void Fail()
    {
        Interlocked.Exchange(ref _closedSince, _time.GetTimestamp());
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
