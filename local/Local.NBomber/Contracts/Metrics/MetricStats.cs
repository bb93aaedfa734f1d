namespace NBomber.Contracts.Metrics;

/// <summary>The values of all registered metrics.</summary>
public sealed record MetricStats(CounterStats[] Counters, GaugeStats[] Gauges);

public sealed record CounterStats(string ScenarioName, string MetricName, string UnitOfMeasure, long Value);

public sealed record GaugeStats(string ScenarioName, string MetricName, string UnitOfMeasure, double Value);
