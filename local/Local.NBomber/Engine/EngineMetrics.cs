namespace NBomber.Engine;

/// <summary>Counters that the engine adds to every scenario: percentiles of a run that dropped its load are worth nothing, so everybody must see them.</summary>
internal static class EngineMetrics
{
    public const string Dropped = "dropped_iterations";
    public const string StartedLate = "late_iterations";
}
