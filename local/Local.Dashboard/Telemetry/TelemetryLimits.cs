namespace Local.Dashboard.Telemetry;

/// <summary>What is kept at most. Counts are for each resource; bytes are for all of them together, and each resource has its share.</summary>
internal sealed record TelemetryLimits
{
    /// <summary>Memory is shared out as if there were at least so many resources.</summary>
    internal const int FewestShares = 6;

    private const long Megabyte = 1 << 20;

    internal int TracesPerResource { get; init; } = 10_000;

    internal long TraceBytes { get; init; } = 84 * Megabyte;

    internal int LogsPerResource { get; init; } = 10_000;

    internal long LogBytes { get; init; } = 30 * Megabyte;

    internal long MetricBytes { get; init; } = 40 * Megabyte;
}
