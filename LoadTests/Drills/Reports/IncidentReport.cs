using System.Globalization;
using System.Text;
using LoadTests.Results;

namespace LoadTests.Drills;

/// <summary>The incident report of a drill, written from what was measured: Markdown, with its charts beside it.</summary>
internal static class IncidentReport
{
    private const string ChartFolder = "charts";
    private const string ForPeople = "Why? (the system does not know: for people to find out)";
    private const int FiveTimes = 5;

    /// <summary>Returns the report's path.</summary>
    public static string Write(string folder, Outcome outcome)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{outcome.Course.BrokenAt:yyyy-MM-dd}-{outcome.Drill.Name}");
        Directory.CreateDirectory(Path.Combine(folder, ChartFolder));
        var charts = IncidentCharts.Of(outcome).Select(c => (File: $"{name}-{c.FileName}", c.Svg)).ToArray();
        foreach (var (file, svg) in charts) File.WriteAllText(Path.Combine(folder, ChartFolder, file), svg);
        var report = Path.Combine(folder, $"{name}.md");
        File.WriteAllText(report, Render(outcome, charts.Select(c => $"{ChartFolder}/{c.File}")));
        return report;
    }

    public static string Render(Outcome outcome, IEnumerable<string> charts)
    {
        var (drill, course) = (outcome.Drill, outcome.Course);
        var text = new StringBuilder();
        text.Append(Text.Invariant($"# {drill.Name}, {course.BrokenAt:yyyy-MM-dd}\n\n"));
        text.Append($"A fault drill: {drill.Fault} All figures are measured, by the customers' side of a steady load; the times are UTC.\n\n");
        text.Append($"**{Text.Of(outcome.Severity)}.** {(outcome.Passed ? "The hypothesis held." : "**The hypothesis was false.**")}\n");
        Section(text, "First notice to customers", [FirstNotice.Of(outcome)]);
        text.Append("\n## Timeline\n\n| UTC | what happened |\n|---|---|\n");
        foreach (var (at, what) in Timeline.Of(outcome)) text.Append($"| {Text.Of(at)} | {what} |\n");
        Impact(text, outcome);
        Section(text, "Detection and recovery",
        [
            $"- Time to detect (fault → first notification): {Text.Of(course.Mttd, outcome.Watched)}",
            $"- Time to recover (notification → service level kept again): {(course.Mttd is null ? "not measured: there was no notification" : Text.Of(course.Mttr))}",
            $"- Good again after the fault had ended: {Text.Of(course.Recovery)}",
        ]);
        Expectations(text, outcome);
        text.Append("\n## Charts\n\nSeconds since the load began.\n\n");
        text.AppendJoin("\n\n", charts.Select(chart => $"![{Path.GetFileNameWithoutExtension(chart)}]({chart})")).Append('\n');
        Section(text, "Five whys", Enumerable.Range(0, Math.Max(FiveTimes, drill.Whys.Length)).Select(i => $"{i + 1}. {drill.Whys.ElementAtOrDefault(i) ?? ForPeople}"));
        Section(text, "Actions", [$"- Now: {drill.Actions.Short}", $"- This month: {drill.Actions.Middle}", $"- Later: {drill.Actions.Long}"]);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void Impact(StringBuilder text, Outcome outcome)
    {
        var impact = outcome.Impact;
        text.Append("\n## Scope and impact\n\n| from the fault until it was good again | |\n|---|---:|\n");
        text.Append(Text.Invariant($"| requests | {impact.Requests:N0} |\n| failed | {impact.Failed:N0} ({impact.FailedPercent:0.0} %) |\n| slowed | {impact.Slowed:N0} |\n"));
        text.Append(Text.Invariant($"| slowest answer | {Judgement.Seconds(impact.Slowest)} |\n| visitors | {impact.Visitors:N0} |\n| bookings | {impact.Booked:N0}, and {impact.Pending:N0} pending |\n"));
        text.Append(Text.Invariant($"| bookings lost | {impact.Lost:N0} of {impact.Expected:0} ({impact.LostPercent:0.0} %) |\n| revenue delayed | {Text.Won(impact.RevenueDelayed)} |\n"));
        text.Append($"| seats and money | {(outcome.BooksFindings.Count == 0 ? "books clean" : "**wrong**: " + string.Join("; ", outcome.BooksFindings))} |\n");
        var errors = outcome.Diary.Calls.Where(c => c.Failed && c.At >= outcome.Course.BrokenAt && c.At < outcome.Course.Over)
            .GroupBy(c => (c.Step, c.Answer, Problem: c.Answer == Call.None ? "" : c.Problem)).OrderByDescending(g => g.Count()).ToArray();
        if (errors.Length == 0) return;
        text.Append("\n| step | answer | times |\n|---|---|---:|\n");
        foreach (var error in errors) text.Append($"| {error.Key.Step} | {error.Key.Answer} {error.Key.Problem} | {error.Count()} |\n");
    }

    private static void Expectations(StringBuilder text, Outcome outcome)
    {
        text.Append($"\n## Hypothesis\n\nWritten before: {outcome.Drill.Hypothesis}\n\n| expected | measured | |\n|---|---|---|\n");
        foreach (var finding in outcome.Findings) text.Append($"| {finding.Expected} | {finding.Measured} | {(finding.Holds ? "holds" : "**false**")} |\n");
    }

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines) => text.Append($"\n## {title}\n\n").AppendJoin('\n', lines).Append('\n');
}
