using Microsoft.Extensions.Options;

namespace ConcertService;

public sealed class CacheOptions
{
    public const string Section = "Cache";

    /// <summary>What all cached answers of this process may take together. A seat map needs some 300 bytes and one more for each seat.</summary>
    public long MaxBytes { get; set; } = 64 << 20;
}

/// <summary>Makes the caches, with what they have in common.</summary>
public sealed class ResponseCaches(
    SeatFeed feed, VenueClock venue, DatabaseBreaker breaker, CacheMetrics metrics, TimeProvider time, IOptions<CacheOptions> options)
{
    /// <summary>For what changes only with the data set.</summary>
    public ResponseCache<TKey, TValue> OfStatic<TKey, TValue>(string name, double share, Func<TKey, TValue?, CancellationToken, Task<TValue?>> build)
        where TKey : notnull
        where TValue : class, ICached =>
        Create(name, share, build, value => feed.IsCurrent(value.Reading));

    /// <summary>For what follows the seats: the caller applies the feed's changes.</summary>
    public ResponseCache<TKey, TValue> OfLive<TKey, TValue>(string name, double share, Func<TKey, TValue?, CancellationToken, Task<TValue?>> build)
        where TKey : notnull
        where TValue : class, ICached =>
        Create(name, share, build, value => feed.IsFresh(value.Reading));

    /// <summary>To be taken before the query: what changes during it comes through the feed.</summary>
    public Reading BeginReading() => new(DataSet: 0, feed.Session, time.GetUtcNow(), venue.NextMidnight());

    private ResponseCache<TKey, TValue> Create<TKey, TValue>(
        string name, double share, Func<TKey, TValue?, CancellationToken, Task<TValue?>> build, Func<TValue, bool> isFresh)
        where TKey : notnull
        where TValue : class, ICached =>
        new(name, (long)(share * options.Value.MaxBytes), build, isFresh, breaker, metrics, time);
}
