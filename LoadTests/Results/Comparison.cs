using System.Globalization;

namespace LoadTests.Results;

/// <summary>Puts two runs side by side and says which was better, as far as noise allows.</summary>
internal static class Comparison
{
    private const double ThroughputNoise = 0.05;
    private const double LatencyNoise = 0.20;
    private const double LatencyNoiseMs = 2;

    internal enum Verdict { Same, Better, Worse }

    internal sealed record Row(string Figure, double Before, double After, Verdict Verdict);

    public static IReadOnlyList<Row> Of(RunResult before, RunResult after)
    {
        var rows = new List<Row>
        {
            Throughput("visits/s", before.Iterations.PerSecond, after.Iterations.PerSecond),
            Count("failed visits", before.Iterations.Failed, after.Iterations.Failed),
        };
        foreach (var step in after.Steps)
        {
            if (before.Steps.FirstOrDefault(s => s.Name == step.Name) is not { } earlier) continue;
            rows.Add(Latency($"{step.Name} p50 ms", earlier.P50Ms, step.P50Ms));
            rows.Add(Latency($"{step.Name} p99 ms", earlier.P99Ms, step.P99Ms));
        }
        foreach (var cost in after.Costs)
        {
            if (before.Costs.FirstOrDefault(c => c.Process == cost.Process) is { } earlier)
                rows.Add(Latency($"CPU ms per visit, {cost.Process}", earlier.CpuMsPerIteration, cost.CpuMsPerIteration, noiseMs: 0.05));
        }
        return rows;
    }

    public static Verdict Overall(IReadOnlyList<Row> rows) =>
        rows.Any(r => r.Verdict == Verdict.Worse) ? Verdict.Worse
        : rows.Any(r => r.Verdict == Verdict.Better) ? Verdict.Better
        : Verdict.Same;

    public static string Describe(IReadOnlyList<Row> rows)
    {
        var width = rows.Max(r => r.Figure.Length);
        var lines = rows.Select(r => string.Create(CultureInfo.InvariantCulture,
            $"{r.Figure.PadRight(width)} {r.Before,12:0.###} {r.After,12:0.###} {Change(r),9}  {(r.Verdict == Verdict.Same ? "" : r.Verdict.ToString().ToLowerInvariant())}"));
        return $"{"".PadRight(width)} {"before",12} {"after",12} {"change",9}\n{string.Join('\n', lines)}\n\nverdict: {Overall(rows).ToString().ToLowerInvariant()}";
    }

    private static string Change(Row row) =>
        row.Before == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 * (row.After / row.Before - 1):+0.0;-0.0;0.0} %");

    private static Row Throughput(string figure, double before, double after) => new(
        figure, before, after, Math.Abs(after - before) <= before * ThroughputNoise ? Verdict.Same : after > before ? Verdict.Better : Verdict.Worse);

    private static Row Count(string figure, double before, double after) => new(
        figure, before, after, after == before ? Verdict.Same : after < before ? Verdict.Better : Verdict.Worse);

    private static Row Latency(string figure, double before, double after, double noiseMs = LatencyNoiseMs) => new(
        figure, before, after, Math.Abs(after - before) <= Math.Max(noiseMs, before * LatencyNoise) ? Verdict.Same : after < before ? Verdict.Better : Verdict.Worse);
}
