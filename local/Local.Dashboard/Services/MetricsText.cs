using System.Globalization;

namespace Local.Dashboard.Services;

/// <summary>One number of a /metrics page.</summary>
internal sealed record MetricSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>Reads Prometheus' text format, as far as our services write it: no escapes but in label values.</summary>
internal static class MetricsText
{
    internal static IEnumerable<MetricSample> Parse(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.Length > 0 && line[0] != '#' && Sample(line) is { } sample)
                yield return sample;
        }
    }

    private static MetricSample? Sample(string line)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var end = line.IndexOfAny(['{', ' ']);
        if (end < 0)
            return null;
        var name = line[..end];
        if (line[end] == '{')
        {
            end++;
            while (end < line.Length && line[end] != '}')
            {
                var equals = line.IndexOf('=', end);
                if (equals < 0 || equals + 1 >= line.Length)
                    return null;
                var label = line[end..equals];
                labels[label] = Quoted(line, equals + 1, out end);
                if (end < line.Length && line[end] == ',')
                    end++;
            }
            end++;
        }
        var value = line[Math.Min(end, line.Length)..].Trim().Split(' ')[0];
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? new MetricSample(name, labels, number) : null;
    }

    private static string Quoted(string line, int quote, out int end)
    {
        var value = new System.Text.StringBuilder();
        for (end = quote + 1; end < line.Length && line[end] != '"'; end++)
        {
            if (line[end] == '\\' && end + 1 < line.Length)
                value.Append(line[++end] == 'n' ? '\n' : line[end]);
            else
                value.Append(line[end]);
        }
        end++;
        return value.ToString();
    }
}
