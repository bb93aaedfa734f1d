using System.Diagnostics.Metrics;

namespace ConcertService;

/// <summary>How well the caches and the read model behind them do.</summary>
public sealed class CacheMetrics
{
    /// <summary>The application's name: such a meter is exported without further registration.</summary>
    public const string MeterName = "Concert.Service";

    private readonly Counter<long> _requests;
    private readonly Counter<long> _rebuilds;
    private readonly Counter<long> _seatChanges;
    private readonly Histogram<double> _freshness;

    public CacheMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _requests = meter.CreateCounter<long>("concert.cache.requests", "{request}", "Lookups by cache and result: hit, miss, stale (the database did not answer in time).");
        _rebuilds = meter.CreateCounter<long>("concert.cache.rebuilds", "{rebuild}", "Values read from the database, by cache.");
        _seatChanges = meter.CreateCounter<long>("concert.seats.changes", "{seat}", "Seats that this replica took a message about, by what became of them.");
        _freshness = meter.CreateHistogram<double>("concert.availability.lag", "s", "From a reservation's event to this replica's answers showing it.",
            advice: new() { HistogramBucketBoundaries = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 30] });
    }

    public void Hit(string cache) => Requested(cache, "hit");

    public void Miss(string cache) => Requested(cache, "miss");

    public void Stale(string cache) => Requested(cache, "stale");

    public void Rebuild(string cache) => _rebuilds.Add(1, new KeyValuePair<string, object?>("cache", cache));

    public void SeatsBecame(ClaimState state, int seats) => _seatChanges.Add(seats, new KeyValuePair<string, object?>("status", state switch
    {
        ClaimState.Held => "held",
        ClaimState.Released => "available",
        ClaimState.Sold => "sold",
        _ => throw new ArgumentOutOfRangeException(nameof(state)),
    }));

    public void Shown(TimeSpan lag) => _freshness.Record(lag.TotalSeconds);

    private void Requested(string cache, string result) =>
        _requests.Add(1, new("cache", cache), new("result", result));
}
