using Local.Dashboard.Live;
using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Traces;

/// <summary>The newest traces in memory. Each resource has room of its own for its parts of them.</summary>
internal sealed class TraceStore
{
    internal const string Topic = "traces";

    private readonly Lock _lock = new();
    private readonly LiveChanges _changes;
    private readonly Dictionary<TraceId, Trace> _traces = [];
    private readonly Rooms<TracePart> _rooms;

    public TraceStore(LiveChanges changes, TelemetryLimits limits)
    {
        _changes = changes;
        _rooms = new(limits.TracesPerResource, limits.TraceBytes, part => part.Size, Forget);
    }

    /// <summary>How many of the spans were not kept because their trace has too many already.</summary>
    internal int Add(List<Span> spans)
    {
        var refused = 0;
        lock (_lock)
        {
            foreach (var span in spans)
            {
                if (!Add(span))
                    refused++;
            }
        }
        if (spans.Count > 0)
            _changes.Raise(Topic);
        return refused;
    }

    internal Trace? Find(TraceId id)
    {
        lock (_lock)
            return _traces.GetValueOrDefault(id);
    }

    /// <summary>All traces of now, in no order.</summary>
    internal Trace[] All()
    {
        lock (_lock)
            return [.. _traces.Values];
    }

    /// <summary>Ticks: traces that began later are whole, as nothing of them was dropped for room.</summary>
    internal long CompleteSince
    {
        get
        {
            lock (_lock)
                return _rooms.OldestLeft.Select(p => p.Trace.Start).DefaultIfEmpty(0).Max();
        }
    }

    /// <summary>How full each resource's room is and how much it has dropped.</summary>
    internal IReadOnlyList<RoomUse> Use()
    {
        lock (_lock)
            return _rooms.Use();
    }

    /// <summary>One resource's spans, or all.</summary>
    internal void Clear(string? resource = null)
    {
        lock (_lock)
            _rooms.Clear(resource);
        _changes.Raise(Topic);
    }

    private bool Add(Span span)
    {
        if (!_traces.TryGetValue(span.TraceId, out var trace))
            _traces[span.TraceId] = trace = new Trace(span.TraceId);
        var room = _rooms.Of(span.Resource.Name);
        var part = trace.PartOf(span.Resource.Name);
        if (part is null)
            _rooms.Add(room, part = new TracePart(trace, span.Resource.Name));
        var before = part.Size;
        if (!part.TryAdd(span))
            return false;
        room.Size += part.Size - before;
        // With its first span, so that no reader meets an empty part.
        if (part.Count == 1)
            trace.Add(part);
        trace.Note(span);
        _rooms.Trim(room);
        return true;
    }

    private void Forget(TracePart part)
    {
        if (!part.Trace.Remove(part))
            _traces.Remove(part.Trace.Id);
    }
}
