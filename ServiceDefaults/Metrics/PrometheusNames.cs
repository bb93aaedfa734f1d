using System.Text;

namespace ServiceDefaults.Metrics;

/// <summary>Names by the OpenTelemetry specification "Prometheus and OpenMetrics Compatibility".</summary>
internal static class PrometheusNames
{
    /// <summary>The family's name, without a counter's <c>_total</c>: legal characters, and the unit at its end.</summary>
    public static string Family(string name, string unit, bool isGauge)
    {
        var legal = Legal(name, allowColon: true);
        var suffix = unit is "1" && isGauge ? "ratio" : Unit(unit);
        return suffix is "" || legal.EndsWith("_" + suffix, StringComparison.Ordinal) ? legal : $"{legal}_{suffix}";
    }

    public static string Label(string name) => Legal(name, allowColon: false);

    /// <summary>UCUM's code as a word; annotations in braces are no unit.</summary>
    public static string Unit(string unit)
    {
        if (unit.IndexOf('{', StringComparison.Ordinal) is >= 0 and var brace)
            unit = unit[..brace];
        return unit.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash
            ? $"{Word(unit[..slash])}_per_{PerWord(unit[(slash + 1)..])}"
            : Word(unit.TrimEnd('/'));
    }

    private static string Word(string unit) => unit switch
    {
        "" or "1" => "",
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "%" => "percent",
        _ => Legal(unit, allowColon: false),
    };

    private static string PerWord(string unit) => unit switch
    {
        "s" => "second",
        "min" => "minute",
        "h" => "hour",
        _ => Word(unit),
    };

    private static string Legal(string name, bool allowColon)
    {
        var legal = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c) || (c == ':' && allowColon))
                legal.Append(c);
            else if (legal.Length == 0 || legal[^1] != '_')
                legal.Append('_');
        }
        if (legal.Length > 0 && char.IsAsciiDigit(legal[0]))
            legal.Insert(0, '_');
        return legal.ToString();
    }
}
