using System.Collections;
using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Local.Publishing;

/// <summary>A mapping whose entries stay in the order in which they were written; entries without a value are left out.</summary>
internal sealed class Map : OrderedDictionary<string, object?>
{
    public Map()
    {
    }

    public Map(IEnumerable<KeyValuePair<string, object?>> entries)
    {
        foreach (var (key, value) in entries)
            this[key] = value;
    }
}

/// <summary>Writes maps, lists and scalars as YAML: the same tree gives the same bytes.</summary>
internal static partial class Yaml
{
    /// <summary>Written as null, where a map's entry without a value is left out: a patch takes something away with it.</summary>
    public static readonly object Null = new();

    public static string Write(string? comment, params IEnumerable<Map> documents)
    {
        using var text = new StringWriter { NewLine = "\n" };
        foreach (var line in comment?.Split('\n') ?? [])
            text.Write($"# {line}\n");
        var first = true;
        foreach (var document in documents)
        {
            if (!first)
                text.Write("---\n");
            first = false;
            WriteDocument(text, document);
        }
        return text.ToString();
    }

    private static void WriteDocument(StringWriter text, Map document)
    {
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, isImplicit: true));
        Emit(emitter, document);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
    }

    private static void Emit(Emitter emitter, object value)
    {
        switch (value)
        {
            case string text:
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, StyleOf(text), isPlainImplicit: true, isQuotedImplicit: true));
                break;
            case var _ when value == Null:
                EmitPlain(emitter, "null");
                break;
            case bool flag:
                EmitPlain(emitter, flag ? "true" : "false");
                break;
            case IDictionary<string, object?> map:
                var entries = map.Where(e => e.Value is not null).ToList();
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, entries.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var (key, item) in entries)
                {
                    Emit(emitter, key);
                    Emit(emitter, item!);
                }
                emitter.Emit(new MappingEnd());
                break;
            case IEnumerable list:
                var items = list.Cast<object>().ToList();
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, items.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in items)
                    Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case IFormattable number:
                EmitPlain(emitter, number.ToString(null, CultureInfo.InvariantCulture));
                break;
            default:
                throw new ArgumentException($"A {value.GetType()} cannot be written as YAML.", nameof(value));
        }
    }

    private static void EmitPlain(Emitter emitter, string value) =>
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, value, ScalarStyle.Plain, isPlainImplicit: true, isQuotedImplicit: false));

    // Text that a reader would take for a number, a truth value, null or a time of day is quoted.
    private static ScalarStyle StyleOf(string text) =>
        text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal
        : text.Length == 0 || NotText().IsMatch(text) ? ScalarStyle.DoubleQuoted
        : ScalarStyle.Any;

    [GeneratedRegex(@"^([-+.]?[0-9][0-9_.,:eExXoa-fA-F+-]*|true|false|yes|no|on|off|y|n|null|~|\.inf|\.nan)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NotText();
}
