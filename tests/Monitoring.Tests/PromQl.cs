using System.Text.RegularExpressions;

namespace Monitoring.Tests;

/// <summary>The metrics that an expression names, and the labels it expects of them. No parser: enough for expressions such as ours.</summary>
internal sealed partial class PromQl
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal)
    {
        "and", "or", "unless", "offset", "bool", "by", "without", "on", "ignoring", "group_left", "group_right", "inf", "nan",
    };

    public PromQl(string expression)
    {
        var text = Text().Replace(expression, "\"\"");
        text = Range().Replace(text, " ");
        // Labels that a metric is selected by belong to that metric.
        foreach (Match selector in Selector().Matches(text))
        {
            foreach (Match label in Label().Matches(selector.Groups["labels"].Value))
                Labels.Add((selector.Groups["metric"].Value, label.Groups[1].Value));
        }
        text = Grouping().Replace(Braces().Replace(text, " "), " ");
        foreach (Match name in Name().Matches(text))
        {
            if (!Words.Contains(name.Value.ToLowerInvariant()))
                Metrics.Add(name.Value);
        }
    }

    public HashSet<string> Metrics { get; } = new(StringComparer.Ordinal);

    public HashSet<(string Metric, string Label)> Labels { get; } = [];

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\[[^\]]*\]|\boffset\s+\w+|\|-|>-")]
    private static partial Regex Range();

    [GeneratedRegex(@"(?<metric>[a-zA-Z_:][a-zA-Z0-9_:]*)\{(?<labels>[^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(\w+)\s*(?:=~|!~|!=|=)")]
    private static partial Regex Label();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex Grouping();

    // Not a function, not a number, not Grafana's own variable.
    [GeneratedRegex(@"(?<![\w$.])[a-zA-Z_:][a-zA-Z0-9_:]*\b(?!\s*\()")]
    private static partial Regex Name();
}
