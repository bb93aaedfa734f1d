using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ServiceDefaults.Metrics;

namespace ServiceDefaults.Health;

/// <summary>What the checks of the stores say, as a metric: a store that is away is seen by whoever scrapes its clients.</summary>
internal sealed class HealthMetrics
{
    private readonly Readiness _readiness;

    public HealthMetrics(Readiness readiness, ServiceMetrics metrics)
    {
        _readiness = readiness;
        metrics.Meter.CreateObservableGauge("health.check.healthy", Observe, description: "Whether a check of this service's readiness passes.");
    }

    // A scrape does not wait for stores that do not answer: it tells the last report and asks for the next.
    private IEnumerable<Measurement<int>> Observe()
    {
        _ = _readiness.ReportAsync();
        return _readiness.Last?.Entries.Select(e =>
            new Measurement<int>(e.Value.Status is HealthStatus.Unhealthy ? 0 : 1, new KeyValuePair<string, object?>("health.check.name", e.Key))) ?? [];
    }
}
