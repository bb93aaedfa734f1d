using System.Globalization;
using System.Text;

namespace LoadTests.Results;

/// <summary>Writes a run's report: Markdown with its charts as images beside it.</summary>
internal static class RunReport
{
    public static void Write(string folder, RunResult run, CommissionedRun? comparedWith)
    {
        Directory.CreateDirectory(folder);
        var charts = Charts.Of(run).ToArray();
        foreach (var chart in charts) File.WriteAllText(Path.Combine(folder, chart.FileName), chart.Svg);
        File.WriteAllText(Path.Combine(folder, "report.md"), Render(run, comparedWith, charts));
    }

    public static string Render(RunResult run, CommissionedRun? comparedWith, IReadOnlyList<Charts.Chart> charts)
    {
        var text = new StringBuilder();
        text.Append(Invariant($"# Load test: {run.Profile}\n\n"));
        text.Append(Invariant($"{run.StartedAt:yyyy-MM-dd HH:mm} UTC · scenario {run.Scenario} · {run.Users:N0} users · {run.Duration.TotalSeconds:0} s · {run.DataSet}\n\n"));
        if (run.Iterations.Dropped + run.Iterations.Late > 0)
            text.Append(Invariant($"**The load was not delivered as asked: {run.Iterations.Dropped:N0} visits never started, {run.Iterations.Late:N0} started late. Read the percentiles with that in mind.**\n\n"));
        text.Append(Invariant($"**{run.Iterations.Ok:N0} visits, {run.Iterations.PerSecond:0.0} a second, {SuccessPercent(run):0.00} % successful; {(run.Passed ? "targets met" : "targets missed")}.**\n\n"));
        text.Append("| step | ok | failed | per s | mean ms | p50 | p75 | p95 | p99 | max |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        foreach (var s in run.Steps)
            text.Append(Invariant($"| {s.Name} | {s.Ok} | {s.Failed} | {s.PerSecond:0.0} | {s.MeanMs:0.0} | {s.P50Ms:0.0} | {s.P75Ms:0.0} | {s.P95Ms:0.0} | {s.P99Ms:0.0} | {s.MaxMs:0.0} |\n"));
        Section(text, "How the visits ended", run.Iterations.Outcomes.Select(o => Invariant($"{o.Outcome}: {o.Count:N0}")));
        Section(text, "Errors", run.Steps.SelectMany(s => s.Errors.Select(e => Invariant($"{s.Name}: {e.Code} {e.Message} × {e.Count:N0}"))));
        Section(text, "Targets", run.Targets.Select(t => $"{(t.Met ? "met" : "**missed**")}: {t.Target}"));
        if (comparedWith is not null) Compare(text, run, comparedWith);
        if (run.Knee is { } knee) Section(text, "Knee", [Invariant($"{knee.Users:0} users, {knee.PerSecond:0.0} visits a second: more users bring longer waits and hardly more bookings")]);
        if (run.SaturatedFirst is { } first) Section(text, "What saturated first", [first]);
        Costs(text, run);
        if (run.Books is { } books) Section(text, "Books", books.Findings.Length == 0 ? [$"clean ({string.Join(", ", books.Checked)})"] : books.Findings.Select(f => $"**{f}**"));
        text.Append("\n## Charts\n\n");
        foreach (var chart in charts) text.Append(Invariant($"![{chart.FileName}]({chart.FileName})\n\n"));
        return text.ToString();
    }

    private static void Costs(StringBuilder text, RunResult run)
    {
        if (run.Costs.Length == 0) return;
        text.Append("\n## CPU per visit\n\n| process | CPU s | CPU ms per visit | peak own MB |\n|---|---:|---:|---:|\n");
        foreach (var cost in run.Costs) text.Append(Invariant($"| {cost.Process} | {cost.CpuSeconds:0.0} | {cost.CpuMsPerIteration:0.000} | {cost.PeakResidentMb:0} |\n"));
        text.Append(Invariant($"| all | {run.Costs.Sum(c => c.CpuSeconds):0.0} | {run.Costs.Sum(c => c.CpuMsPerIteration):0.000} | |\n"));
        text.Append("\nOwn: resident memory less mapped files and shared pages; the compiled code of a .NET process counts as shared.\n");
    }

    private static void Compare(StringBuilder text, RunResult run, CommissionedRun other)
    {
        var calls = run.Steps.Sum(s => s.Ok + s.Failed);
        var mean = run.Steps.Sum(s => s.MeanMs * s.Ok) / Math.Max(1, run.Steps.Sum(s => s.Ok));
        text.Append("\n## Beside the commissioning report's run\n\n| | its thresholds | its run | this run |\n|---|---:|---:|---:|\n");
        text.Append(Invariant($"| requests | | {other.Requests:N0} | {calls:N0} |\n| bookings | | {other.Bookings:N0} | {run.Iterations.Ok:N0} |\n"));
        text.Append(Invariant($"| average ms | < 50 | {other.MeanMs:0} | {mean:0.0} |\n| p95 ms | | {other.P95Ms:0} | {run.Steps.Max(s => s.P95Ms):0.0} (slowest step) |\n"));
        text.Append(Invariant($"| p99 ms | < 200 | {other.P99Ms:0} | {run.Steps.Max(s => s.P99Ms):0.0} (slowest step) |\n| failures | < 2 % | 0 % | {100 - SuccessPercent(run):0.00} % |\n"));
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var all = lines.ToArray();
        if (all.Length > 0) text.Append(Invariant($"\n## {title}\n\n- {string.Join("\n- ", all)}\n"));
    }

    private static double SuccessPercent(RunResult run) => 100.0 * run.Iterations.Ok / Math.Max(1, run.Iterations.Ok + run.Iterations.Failed);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
