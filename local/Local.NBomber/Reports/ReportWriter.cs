using System.Globalization;
using NBomber.Contracts.Stats;
using NBomber.Engine;

namespace NBomber.Reports;

/// <summary>Writes the report files; a report that cannot be written never loses the run's figures.</summary>
internal static class ReportWriter
{
    public static ReportFile[] WriteAll(SessionResult result, SessionOptions options)
    {
        if (options.DisplayConsoleMetrics) ConsoleReport.WriteFinal(result);
        if (options.ReportFormats.Count == 0) return [];

        var folder = options.ReportFolder ?? Path.Combine("reports", result.Stats.TestInfo.SessionId);
        Directory.CreateDirectory(folder);
        var name = options.ReportFileName ?? $"nbomber_report_{result.Stats.TestInfo.Created.ToString("yyyy-MM-dd--HH-mm-ss", CultureInfo.InvariantCulture)}";
        var files = options.ReportFormats.Distinct().Select(format =>
        {
            var content = Render(result, format);
            var path = Path.Combine(folder, $"{name}.{format.ToString().ToLowerInvariant()}");
            File.WriteAllText(path, content);
            return new ReportFile(path, format, content);
        }).ToArray();
        // The real package has no JSON format: this one is written beside the others, for tools that compare runs.
        File.WriteAllText(Path.Combine(folder, $"{name}.json"), JsonReport.Render(result));
        return files;
    }

    private static string Render(SessionResult result, ReportFormat format) => format switch
    {
        ReportFormat.Txt => $"{ReportTables.Headline(result)}\n{Simulations(result)}\n{string.Join('\n', ReportTables.Of(result).Select(t => t.ToText()))}",
        ReportFormat.Md => $"## {result.Stats.TestInfo.TestName}\n\n{ReportTables.Headline(result).Replace("\n", "  \n", StringComparison.Ordinal)}\n{Simulations(result)}\n{string.Join('\n', ReportTables.Of(result).Select(t => t.ToMarkdown()))}",
        ReportFormat.Csv => CsvReport.Render(result),
        ReportFormat.Html => HtmlReport.Render(result),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    private static string Simulations(SessionResult result) =>
        string.Concat(result.Scenarios.SelectMany(s => s.Simulations.Select(text => $"- {s.Stats.ScenarioName}: {text}\n")));
}
