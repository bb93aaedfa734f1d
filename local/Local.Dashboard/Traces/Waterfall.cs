namespace Local.Dashboard.Traces;

/// <summary>A trace as rows: each span under the one that caused it, siblings by time.</summary>
public sealed class Waterfall
{
    private Waterfall(IReadOnlyList<WaterfallRow> rows, long start, long end) => (Rows, Start, End) = (rows, start, end);

    internal IReadOnlyList<WaterfallRow> Rows { get; }

    /// <summary>Ticks.</summary>
    internal long Start { get; }

    internal long End { get; }

    internal int Depth => Rows.Count == 0 ? 0 : Rows.Max(r => r.Depth) + 1;

    internal static Waterfall Of(IEnumerable<Span> all)
    {
        // An exporter that tries again may send a span twice.
        var spans = all.GroupBy(s => s.Id).Select(g => g.Last()).OrderBy(s => s.Start).ThenBy(s => s.Id.Value).ToList();
        if (spans.Count == 0)
            return new([], 0, 0);
        var known = spans.Select(s => s.Id).ToHashSet();
        var children = spans.Where(s => known.Contains(s.Parent)).ToLookup(s => s.Parent);
        var rows = new List<WaterfallRow>(spans.Count);
        var placed = new HashSet<Telemetry.SpanId>();
        foreach (var root in spans.Where(s => !known.Contains(s.Parent)))
            Place(root, isOrphan: !root.Parent.IsNone);
        // Spans that are each other's ancestors hang on no root; they are shown all the same.
        foreach (var span in spans)
            Place(span, isOrphan: true);
        return new(rows, spans[0].Start, spans.Max(s => s.End));

        void Place(Span top, bool isOrphan)
        {
            var waiting = new Stack<(Span Span, int Depth, bool IsOrphan)>([(top, 0, isOrphan)]);
            while (waiting.TryPop(out var next))
            {
                if (!placed.Add(next.Span.Id))
                    continue;
                var own = children[next.Span.Id].ToList();
                rows.Add(new WaterfallRow(next.Span, next.Depth, own.Count, next.IsOrphan, PeerOf(next.Span, own)));
                for (var i = own.Count - 1; i >= 0; i--)
                    waiting.Push((own[i], next.Depth + 1, false));
            }
        }
    }

    /// <summary>Rows under one of the collapsed are left out.</summary>
    internal IReadOnlyList<WaterfallRow> Visible(IReadOnlySet<Telemetry.SpanId> collapsed)
    {
        var visible = new List<WaterfallRow>(Rows.Count);
        var hiddenBelow = int.MaxValue;
        foreach (var row in Rows)
        {
            if (row.Depth > hiddenBelow)
                continue;
            hiddenBelow = collapsed.Contains(row.Span.Id) ? row.Depth : int.MaxValue;
            visible.Add(row);
        }
        return visible;
    }

    // Whoever it called sent no span of its own: its name is all there is.
    private static string? PeerOf(Span span, List<Span> children) =>
        span.Kind is SpanKind.Client or SpanKind.Producer && !children.Exists(c => c.Kind is SpanKind.Server or SpanKind.Consumer) ? Peer.Of(span)?.Name : null;
}

/// <param name="Depth">0 for a root.</param>
/// <param name="IsOrphan">Its parent is not known, or not any more.</param>
/// <param name="Peer">Whom it called, when that one reports nothing itself.</param>
public sealed record WaterfallRow(Span Span, int Depth, int Children, bool IsOrphan, string? Peer);
