using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;

namespace NBomber.Contracts;

/// <summary>Finds figures by name.</summary>
public static class StatsExtensions
{
    public static ScenarioStats Get(this ScenarioStats[] stats, string name) => stats.Find(name) ?? throw Missing("scenario", name);

    public static ScenarioStats? Find(this ScenarioStats[] stats, string name) => Array.Find(stats, s => s.ScenarioName == name);

    public static bool Exists(this ScenarioStats[] stats, string name) => stats.Find(name) is not null;

    public static StepStats Get(this StepStats[] stats, string name) => stats.Find(name) ?? throw Missing("step", name);

    public static StepStats? Find(this StepStats[] stats, string name) => Array.Find(stats, s => s.StepName == name);

    public static bool Exists(this StepStats[] stats, string name) => stats.Find(name) is not null;

    public static StatusCodeStats Get(this StatusCodeStats[] stats, string statusCode) => stats.Find(statusCode) ?? throw Missing("status code", statusCode);

    public static StatusCodeStats? Find(this StatusCodeStats[] stats, string statusCode) => Array.Find(stats, s => s.StatusCode == statusCode);

    public static bool Exists(this StatusCodeStats[] stats, string statusCode) => stats.Find(statusCode) is not null;

    public static CounterStats Get(this CounterStats[] stats, string name) => stats.Find(name) ?? throw Missing("counter", name);

    public static CounterStats? Find(this CounterStats[] stats, string name) => Array.Find(stats, s => s.MetricName == name);

    public static GaugeStats Get(this GaugeStats[] stats, string name) => stats.Find(name) ?? throw Missing("gauge", name);

    public static GaugeStats? Find(this GaugeStats[] stats, string name) => Array.Find(stats, s => s.MetricName == name);

    private static KeyNotFoundException Missing(string kind, string name) => new($"There is no {kind} '{name}' in these statistics.");
}
