namespace NBomber.Reports;

/// <summary>A table that every report format can draw.</summary>
internal sealed record ReportTable(string Title, string[] Headers, IReadOnlyList<string[]> Rows)
{
    private const int WidestCell = 70;

    public string ToText()
    {
        var widths = Headers.Select((header, i) => Math.Max(header.Length, Rows.Count == 0 ? 0 : Rows.Max(r => Math.Min(WidestCell, r[i].Length)))).ToArray();
        var lines = new List<string> { Title, Line(Headers, widths), string.Join("-+-", widths.Select(w => new string('-', w))) };
        lines.AddRange(Rows.Select(r => Line(r, widths)));
        return string.Join('\n', lines) + "\n";
    }

    public string ToMarkdown()
    {
        var lines = new List<string> { $"### {Title}", "", $"| {string.Join(" | ", Headers)} |", $"|{string.Concat(Headers.Select((_, i) => i == 0 ? "---|" : "---:|"))}" };
        lines.AddRange(Rows.Select(r => $"| {string.Join(" | ", r.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |"));
        return string.Join('\n', lines) + "\n";
    }

    private static string Line(string[] cells, int[] widths) =>
        string.Join(" | ", cells.Select((cell, i) => i == 0 ? Short(cell).PadRight(widths[i]) : Short(cell).PadLeft(widths[i])));

    private static string Short(string cell) => cell.Length <= WidestCell ? cell : $"{cell[..(WidestCell - 1)]}…";
}
