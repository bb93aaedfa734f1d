using System.Globalization;
using System.Net;
using System.Text;

namespace LoadTests.Results;

/// <summary>Draws a line chart as an SVG image that needs nothing else.</summary>
internal static class SvgChart
{
    private const int Width = 900, Height = 260, Left = 64, Right = 12, Top = 34, Bottom = 44, FinestPixels = 2;

    /// <summary>Colours that people with any kind of colour blindness can tell apart (Okabe and Ito).</summary>
    private static readonly string[] Colours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c6d1f", "#666666", "#4b0092"];

    internal sealed record Series(string Name, IReadOnlyList<(double Second, double Value)> Points);

    /// <summary>A moment worth a vertical line.</summary>
    internal sealed record Mark(double Second, string Name);

    public static string Draw(string title, IReadOnlyList<Series> series, IReadOnlyList<Mark>? marks = null)
    {
        var end = Math.Max(1, series.SelectMany(s => s.Points).Select(p => p.Second).DefaultIfEmpty(1).Max());
        var high = Math.Max(1e-9, series.SelectMany(s => s.Points).Select(p => p.Value).DefaultIfEmpty(1).Max());
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"11\">");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/><text x=\"{Left}\" y=\"18\" font-size=\"14\" fill=\"#222\">{WebUtility.HtmlEncode(title)}</text>");
        for (var i = 0; i <= 4; i++)
        {
            var (y, x) = (Y(high * i / 4, high), X(end * i / 4, end));
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{y:0.#}\" y2=\"{y:0.#}\" stroke=\"#ddd\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\" fill=\"#555\">{Short(high * i / 4)}</text>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\" fill=\"#555\">{end * i / 4:0} s</text>");
        }
        for (var i = 0; i < series.Count; i++)
        {
            var points = string.Join(' ', Thin(series[i].Points, end).Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.Second, end):0.#},{Y(p.Value, high):0.#}")));
            var colour = Colours[i % Colours.Length];
            svg.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"1.5\" points=\"{points}\"/>");
            var legend = Left + i * (Width - Left - Right) / Math.Max(1, series.Count);
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{legend}\" y=\"{Height - 17}\" width=\"12\" height=\"4\" fill=\"{colour}\"/><text x=\"{legend + 16}\" y=\"{Height - 11}\" fill=\"#222\">{WebUtility.HtmlEncode(series[i].Name)}</text>");
        }
        foreach (var (mark, i) in (marks ?? []).Select((mark, i) => (mark, i)))
        {
            var x = X(Math.Min(mark.Second, end), end);
            svg.Append(CultureInfo.InvariantCulture, $"<line x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"#222\" stroke-dasharray=\"4 3\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 3:0.#}\" y=\"{Top + 10 + 12 * (i % 4)}\" fill=\"#222\">{WebUtility.HtmlEncode(mark.Name)}</text>");
        }
        return svg.Append("</svg>").ToString();
    }

    /// <summary>Of an hour of seconds many fall on one pixel: of these the lowest and the highest are drawn, so that no peak is lost.</summary>
    private static IEnumerable<(double Second, double Value)> Thin(IReadOnlyList<(double Second, double Value)> points, double end) =>
        points.GroupBy(p => (int)(X(p.Second, end) / FinestPixels)).SelectMany(column => new[] { column.MinBy(p => p.Value), column.MaxBy(p => p.Value) }.Distinct().OrderBy(p => p.Second));

    private static double X(double second, double end) => Left + (Width - Left - Right) * second / end;

    private static double Y(double value, double high) => Height - Bottom - (Height - Bottom - Top) * value / high;

    private static string Short(double value) => value >= 100 ? value.ToString("0", CultureInfo.InvariantCulture) : value.ToString("0.##", CultureInfo.InvariantCulture);
}
