using LoadTests.Measuring;
using LoadTests.Planning;

namespace LoadTests.Results;

/// <summary>Everything that one run measured; kept as JSON, so that runs can be compared.</summary>
internal sealed record RunResult
{
    public required string Profile { get; init; }
    public required string Scenario { get; init; }
    public required int Users { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public required TimeSpan Duration { get; init; }
    public required string DataSet { get; init; }
    public required IterationResult Iterations { get; init; }
    public required StepResult[] Steps { get; init; }
    public required TargetResult[] Targets { get; init; }
    public required TimelinePoint[] Timeline { get; init; }
    public ServerSample[] Server { get; init; } = [];
    public ProcessCost[] Costs { get; init; } = [];
    public string? SaturatedFirst { get; init; }
    public Knee.Point? Knee { get; init; }
    public BooksResult? Books { get; init; }

    public bool Passed => Targets.All(t => t.Met) && Books is not { Findings.Length: > 0 };
}

/// <summary>Whole visits. <paramref name="Dropped"/> and <paramref name="Late"/> say how much of the asked load was not delivered in time.</summary>
internal sealed record IterationResult(long Ok, long Failed, double PerSecond, double P50Ms, double P95Ms, double P99Ms, double MaxMs, long Dropped, long Late, OutcomeCount[] Outcomes);

internal sealed record OutcomeCount(string Outcome, long Count);

internal sealed record StepResult(string Name, long Ok, long Failed, double PerSecond, double MeanMs, double P50Ms, double P75Ms, double P95Ms, double P99Ms, double MaxMs, ErrorCount[] Errors);

internal sealed record ErrorCount(string Code, string Message, long Count);

internal sealed record TargetResult(string Target, bool Met);

/// <summary>The servers' side of one second: metric name → value.</summary>
internal sealed record ServerSample(double Second, Dictionary<string, double> Values);

/// <summary>What one process spent on the run.</summary>
internal sealed record ProcessCost(string Process, double CpuSeconds, double CpuMsPerIteration, double PeakResidentMb);

internal sealed record BooksResult(string[] Findings, string[] Checked);
