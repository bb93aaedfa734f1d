using System.Globalization;
using LoadTests.Results;

namespace LoadTests.Profiles;

/// <summary>The few lines that a person reads first.</summary>
internal static class Verdict
{
    public static string Describe(RunResult run, string folder)
    {
        var visits = run.Iterations;
        var lines = new List<string> { "" };
        if (visits.Dropped + visits.Late > 0) lines.Add(Invariant($"LOAD NOT DELIVERED AS ASKED: {visits.Dropped} visits never started, {visits.Late} started late"));
        lines.Add(Invariant($"{run.Profile}: {visits.Ok} {run.Scenario} visits, {visits.PerSecond:0.0} a second, success {100.0 * visits.Ok / Math.Max(1, visits.Ok + visits.Failed):0.00} %"));
        lines.AddRange(visits.Outcomes.Select(o => Invariant($"  {o.Outcome}: {o.Count}")));
        lines.AddRange(run.Steps.Select(s => Invariant($"  {s.Name,-18} p50 {s.P50Ms,8:0.0} ms  p95 {s.P95Ms,8:0.0} ms  p99 {s.P99Ms,8:0.0} ms  max {s.MaxMs,8:0.0} ms  ok {s.Ok}  failed {s.Failed}")));
        if (run.Costs.Length > 0)
        {
            lines.Add(Invariant($"  CPU per visit {run.Costs.Sum(c => c.CpuMsPerIteration):0.00} ms: {string.Join(", ", run.Costs.OrderByDescending(c => c.CpuSeconds).Select(c => Invariant($"{c.Process} {c.CpuMsPerIteration:0.00}")))}"));
        }
        if (run.SaturatedFirst is { } first) lines.Add($"  saturated first: {first}");
        if (run.Knee is { } knee) lines.Add(Invariant($"  knee: {knee.Users:0} users, {knee.PerSecond:0} bookings a second"));
        if (run.Books is { } books) lines.Add(books.Findings.Length == 0 ? "  books clean" : $"  BOOKS WRONG:\n    {string.Join("\n    ", books.Findings)}");
        lines.AddRange(run.Targets.Where(t => !t.Met).Select(t => $"  missed: {t.Target}"));
        lines.Add(run.Passed ? "targets met" : "targets missed");
        lines.Add($"report: {Path.Combine(folder, "report.md")}");
        return string.Join('\n', lines);
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
