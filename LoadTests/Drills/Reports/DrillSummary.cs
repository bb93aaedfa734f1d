using System.Text;

namespace LoadTests.Drills;

/// <summary>One table of all drills of a run.</summary>
internal static class DrillSummary
{
    public static void Write(string folder, IReadOnlyList<Outcome> outcomes)
    {
        var day = outcomes[0].Course.BrokenAt;
        var text = new StringBuilder();
        text.Append(Text.Invariant($"# Fault drills of {day:yyyy-MM-dd}\n\nWritten by `dotnet run --project LoadTests -- drill`. Each name leads to its report.\n\n"));
        text.Append("| drill | severity | notified after | good again after the fault | requests failed | bookings lost | books | hypothesis |\n|---|---|---:|---:|---:|---:|---|---|\n");
        foreach (var o in outcomes)
        {
            text.Append(Text.Invariant($"| [{o.Drill.Name}]({day:yyyy-MM-dd}-{o.Drill.Name}.md) | {Text.Of(o.Severity)} | {Text.Of(o.Course.Mttd, o.Watched)} | {Text.Of(o.Course.Recovery)} "));
            text.Append(Text.Invariant($"| {o.Impact.Failed:N0} of {o.Impact.Requests:N0} ({o.Impact.FailedPercent:0.0} %) | {o.Impact.Lost:N0} of {o.Impact.Expected:0} "));
            text.Append($"| {(o.BooksFindings.Count == 0 ? "clean" : "**wrong**")} | {(o.Passed ? "held" : $"**false**: {string.Join("; ", o.Findings.Where(f => !f.Holds).Select(f => f.Expected))}")} |\n");
        }
        File.WriteAllText(Path.Combine(folder, Text.Invariant($"{day:yyyy-MM-dd}-drills.md")), text.ToString());
    }
}
