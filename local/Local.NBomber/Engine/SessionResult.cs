using NBomber.Contracts.Stats;

namespace NBomber.Engine;

/// <summary>Everything that the reports are written from.</summary>
internal sealed record SessionResult(NodeStats Stats, string? StopReason, ScenarioResult[] Scenarios);

internal sealed record ScenarioResult(ScenarioStats Stats, string[] Simulations, IReadOnlyList<ScenarioSecond> Seconds, long Dropped, long StartedLate);
