using NBomber.Contracts;
using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;

namespace NBomber.Engine;

/// <summary>Checks every threshold and remembers how often each was broken.</summary>
internal sealed class ThresholdBook(IReadOnlyList<ScenarioProps> scenarios)
{
    private readonly List<Entry> entries = [.. scenarios.SelectMany(s => s.Thresholds.Select(t => new Entry(s.ScenarioName, t)))];

    /// <summary>Returns the expression of a threshold that asks for the test to be aborted, or null.</summary>
    public string? Check(ScenarioStats[] stats, MetricStats metrics, TimeSpan elapsed, bool final = false)
    {
        string? abort = null;
        foreach (var entry in entries)
        {
            if (!final && elapsed < (entry.Threshold.StartCheckAfter ?? TimeSpan.Zero)) continue;
            entry.LastFailed = !Holds(entry, stats, metrics);
            if (!entry.LastFailed) continue;
            entry.Errors++;
            if (entry.Errors >= (entry.Threshold.AbortWhenErrorCount ?? int.MaxValue)) abort = entry.Threshold.CheckExpression;
        }
        return abort;
    }

    /// <summary>A threshold has failed when it does not hold for the whole run, or was broken so often that the run was stopped for it.</summary>
    public ThresholdResult[] Results() => [.. entries.Select(e => new ThresholdResult(
        e.Scenario, e.Threshold.StepName ?? "", e.Threshold.CheckExpression, e.Exception, e.Errors,
        e.LastFailed || e.Errors >= (e.Threshold.AbortWhenErrorCount ?? int.MaxValue)))];

    private static bool Holds(Entry entry, ScenarioStats[] stats, MetricStats metrics)
    {
        try
        {
            return entry.Threshold.Holds(stats.Get(entry.Scenario), metrics);
        }
        catch (Exception error)
        {
            entry.Exception = error.Message;
            return false;
        }
    }

    private sealed class Entry(string scenario, Threshold threshold)
    {
        public string Scenario => scenario;
        public Threshold Threshold => threshold;
        public int Errors { get; set; }
        public bool LastFailed { get; set; }
        public string Exception { get; set; } = "";
    }
}
