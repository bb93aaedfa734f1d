using System.Globalization;

namespace LoadTests.Server;

/// <summary>A service's /metrics page: sums and maxima over the label sets of a metric.</summary>
internal sealed class MetricsPage
{
    private readonly List<(string Name, string Labels, double Value)> samples = [];

    public static MetricsPage Parse(string text)
    {
        var page = new MetricsPage();
        foreach (var line in text.Split('\n'))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var (nameEnd, labels, rest) = SplitLabels(line);
            var value = rest.Trim().Split(' ')[0];
            if (double.TryParse(value, CultureInfo.InvariantCulture, out var number)) page.samples.Add((line[..nameEnd], labels, number));
        }
        return page;
    }

    public double Sum(string name, string withLabels = "") => Matching(name, withLabels).Sum();

    public double Max(string name, string withLabels = "") => Matching(name, withLabels).DefaultIfEmpty(0).Max();

    private IEnumerable<double> Matching(string name, string withLabels) =>
        samples.Where(s => s.Name == name && s.Labels.Contains(withLabels, StringComparison.Ordinal)).Select(s => s.Value);

    private static (int NameEnd, string Labels, string Remainder) SplitLabels(string line)
    {
        var open = line.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            return (Math.Max(0, space), "", line[Math.Max(0, space)..]);
        }
        // A label's value may hold brackets and escaped quotes.
        var quoted = false;
        for (var i = open + 1; i < line.Length; i++)
        {
            if (line[i] == '\\') i++;
            else if (line[i] == '"') quoted = !quoted;
            else if (line[i] == '}' && !quoted) return (open, line[(open + 1)..i], line[(i + 1)..]);
        }
        return (open, line[(open + 1)..], "");
    }
}
