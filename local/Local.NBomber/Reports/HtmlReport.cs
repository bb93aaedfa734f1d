using System.Net;
using NBomber.Engine;

namespace NBomber.Reports;

/// <summary>A single page that works offline: tables, and charts drawn by the page's own script.</summary>
internal static class HtmlReport
{
    public static string Render(SessionResult result) => Template()
        .Replace("{{title}}", Encode(result.Stats.TestInfo.TestName), StringComparison.Ordinal)
        .Replace("{{headline}}", string.Concat(ReportTables.Headline(result).TrimEnd().Split('\n').Select(l => $"<p>{Encode(l)}</p>")), StringComparison.Ordinal)
        .Replace("{{tables}}", string.Concat(ReportTables.Of(result).Select(Table)), StringComparison.Ordinal)
        .Replace("{{timeline}}", JsonReport.RenderTimeline(result).Replace("</", "<\\/", StringComparison.Ordinal), StringComparison.Ordinal);

    private static string Table(ReportTable table) =>
        $"<h2>{Encode(table.Title)}</h2><div class=\"scroll\"><table><thead><tr>{Cells(table.Headers, "th")}</tr></thead><tbody>"
        + $"{string.Concat(table.Rows.Select(r => $"<tr>{Cells(r, "td")}</tr>"))}</tbody></table></div>";

    private static string Cells(string[] cells, string tag) => string.Concat(cells.Select(c => $"<{tag}>{Encode(c)}</{tag}>"));

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    private static string Template()
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("NBomber.Reports.report.html")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
