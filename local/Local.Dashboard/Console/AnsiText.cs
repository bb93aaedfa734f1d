using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Local.Dashboard.Console;

/// <summary>A line from a terminal as HTML: its colours as classes, addresses as links, everything else as text and nothing but text.</summary>
internal static partial class AnsiText
{
    private const int Black = 0;

    /// <summary>ECMA-48: CSI … final byte; of these only "m" (select graphic rendition) means something to us.</summary>
    [GeneratedRegex(@"\x1b\[(?<codes>[0-9;:]*)[ -/]*(?<final>[@-~])|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-_]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Sequence { get; }

    [GeneratedRegex(@"https?://[^\s<>""'\u0000-\u001f]*[^\s<>""'.,;:!?)\]}\u0000-\u001f]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 200)]
    private static partial Regex Address { get; }

    internal static string Plain(string line) => Sequence.Replace(line, "");

    internal static string ToHtml(string line)
    {
        var html = new StringBuilder(line.Length + 64);
        var style = default(Style);
        var at = 0;
        foreach (Match sequence in Sequence.Matches(line))
        {
            Append(html, line[at..sequence.Index], style);
            if (sequence.Groups["final"].Value == "m")
                style = style.After(sequence.Groups["codes"].Value);
            at = sequence.Index + sequence.Length;
        }
        Append(html, line[at..], style);
        return html.ToString();
    }

    private static void Append(StringBuilder html, string text, Style style)
    {
        if (text.Length == 0)
            return;
        var classes = style.Classes;
        if (classes.Length > 0)
            html.Append("<span class=\"").Append(classes).Append("\">");
        var at = 0;
        foreach (Match address in Address.Matches(text))
        {
            var url = WebUtility.HtmlEncode(address.Value);
            html.Append(WebUtility.HtmlEncode(text[at..address.Index]))
                .Append("<a href=\"").Append(url).Append("\" target=\"_blank\" rel=\"noreferrer\">").Append(url).Append("</a>");
            at = address.Index + address.Length;
        }
        html.Append(WebUtility.HtmlEncode(text[at..]));
        if (classes.Length > 0)
            html.Append("</span>");
    }

    private readonly record struct Style(int? Front, int? Back, bool Bold, bool Faint, bool Italic, bool Underlined)
    {
        // A black background is what a terminal has anyway; on a light page it would be a bar.
        public string Classes => string.Join(' ', new[]
        {
            Front is { } front ? $"f{front}" : null,
            Back is { } back and not Black ? $"b{back}" : null,
            Bold ? "fb" : null,
            Faint ? "ff" : null,
            Italic ? "fi" : null,
            Underlined ? "fu" : null,
        }.OfType<string>());

        public Style After(string codes)
        {
            var style = this;
            var parts = codes.Split(';', ':').Select(c => int.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : 0).ToArray();
            for (var i = 0; i < parts.Length; i++)
            {
                // 38;5;n and 38;2;r;g;b: of the 256 colours the first 16 have names, the rest stay as they are.
                if (parts[i] is 38 or 48 && i + 1 < parts.Length)
                {
                    var palette = parts[i + 1] == 5 && i + 2 < parts.Length && parts[i + 2] < 16 ? parts[i + 2] : (int?)null;
                    style = parts[i] == 38 ? style with { Front = palette } : style with { Back = palette };
                    i += parts[i + 1] == 5 ? 2 : 4;
                    continue;
                }
                style = style.After(parts[i]);
            }
            return style;
        }

        private Style After(int code) => code switch
        {
            0 => default,
            1 => this with { Bold = true },
            2 => this with { Faint = true },
            3 => this with { Italic = true },
            4 => this with { Underlined = true },
            22 => this with { Bold = false, Faint = false },
            23 => this with { Italic = false },
            24 => this with { Underlined = false },
            >= 30 and <= 37 => this with { Front = code - 30 },
            39 => this with { Front = null },
            >= 40 and <= 47 => this with { Back = code - 40 },
            49 => this with { Back = null },
            >= 90 and <= 97 => this with { Front = code - 90 + 8 },
            >= 100 and <= 107 => this with { Back = code - 100 + 8 },
            _ => this,
        };
    }
}
