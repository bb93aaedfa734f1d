using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Traces;

/// <summary>Everything that is known of one trace. Written under the store's lock, read without: what a reader sees is complete, if not the newest.</summary>
public sealed class Trace(TraceId id)
{
    private volatile TracePart[] _parts = [];

    internal TraceId Id => id;

    /// <summary>The span that caused the others, as far as is known: without a parent, else the earliest.</summary>
    internal Span Root { get; private set; } = null!;

    internal long Start { get; private set; } = long.MaxValue;

    internal long End { get; private set; }

    internal TimeSpan Duration => TimeSpan.FromTicks(Math.Max(0, End - Start));

    internal int Errors => _parts.Sum(p => p.Errors);

    internal int SpanCount => _parts.Sum(p => p.Count);

    /// <summary>What each resource contributed, the first to appear first.</summary>
    internal IReadOnlyList<TracePart> Parts => _parts;

    internal IEnumerable<Span> Spans => _parts.SelectMany(p => p.Spans);

    internal TracePart? PartOf(string resource) => Array.Find(_parts, p => p.Resource == resource);

    internal void Add(TracePart part) => _parts = [.. _parts, part];

    internal void Note(Span span)
    {
        Start = Math.Min(Start, span.Start);
        End = Math.Max(End, span.End);
        if (Root is null || Precedes(span, Root))
            Root = span;
    }

    /// <summary>False when nothing is left of it.</summary>
    internal bool Remove(TracePart part)
    {
        _parts = Array.FindAll(_parts, p => p != part);
        if (_parts.Length == 0)
            return false;
        var spans = Spans.ToList();
        Start = spans.Min(s => s.Start);
        End = spans.Max(s => s.End);
        Root = spans.Aggregate((root, s) => Precedes(s, root) ? s : root);
        return true;
    }

    /// <summary>Sorts in place, by numbers side by side: a page has tens of thousands to sort.</summary>
    internal static Trace[] NewestFirst(Trace[] traces)
    {
        Array.Sort(Array.ConvertAll(traces, t => -t.Start), traces);
        return traces;
    }

    private static bool Precedes(Span one, Span other) =>
        one.Parent.IsNone != other.Parent.IsNone ? one.Parent.IsNone : one.Start < other.Start;
}

/// <summary>One resource's spans of one trace: the unit that is kept or dropped.</summary>
public sealed class TracePart(Trace trace, string resource)
{
    internal const int MostSpans = 5_000;
    private const int OwnSize = 160;

    private Span[] _spans = new Span[1];
    private volatile int _count;

    internal Trace Trace => trace;

    internal string Resource => resource;

    internal int Count => _count;

    internal int Errors { get; private set; }

    internal long Size { get; private set; } = OwnSize;

    internal IEnumerable<Span> Spans
    {
        get
        {
            var count = _count; // Before the array: what it counts is there.
            return new ArraySegment<Span>(_spans, 0, count);
        }
    }

    /// <summary>False when a trace without end has filled it.</summary>
    internal bool TryAdd(Span span)
    {
        if (_count == MostSpans)
            return false;
        if (_count == _spans.Length)
            Array.Resize(ref _spans, _count * 2);
        _spans[_count] = span;
        _count++;
        Size += span.Size + IntPtr.Size;
        if (span.IsError)
            Errors++;
        return true;
    }
}
