using Local.Dashboard.Live;
using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Traces;

/// <summary>
/// The newest traces in memory. Each resource has room of its own, and loses its own oldest part of a trace when it has filled it: one that
/// talks much cannot push out what the others said.
/// </summary>
internal sealed class TraceStore(LiveChanges changes, TelemetryLimits limits)
{
    internal const string Topic = "traces";

    private readonly Lock _lock = new();
    private readonly Dictionary<TraceId, Trace> _traces = [];
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);

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
            changes.Raise(Topic);
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
                return _rooms.Values.Where(r => r.Dropped > 0 && r.Parts.Count > 0).Select(r => r.Parts.Peek().Trace.Start).DefaultIfEmpty(0).Max();
        }
    }

    /// <summary>How full each resource's room is and how much it has dropped.</summary>
    internal IReadOnlyList<RoomUse> Use()
    {
        lock (_lock)
            return _rooms.Select(r => new RoomUse(r.Key, r.Value.Parts.Count, r.Value.Size, r.Value.Dropped)).ToList();
    }

    /// <summary>One resource's spans, or all.</summary>
    internal void Clear(string? resource = null)
    {
        lock (_lock)
        {
            foreach (var (name, room) in _rooms)
            {
                while ((resource is null || name == resource) && room.Parts.Count > 0)
                    DropOldest(room);
            }
        }
        changes.Raise(Topic);
    }

    private bool Add(Span span)
    {
        if (!_traces.TryGetValue(span.TraceId, out var trace))
            _traces[span.TraceId] = trace = new Trace(span.TraceId);
        var room = RoomOf(span.Resource.Name);
        var part = trace.PartOf(span.Resource.Name);
        if (part is null)
        {
            part = new TracePart(trace, span.Resource.Name);
            room.Parts.Enqueue(part);
            room.Size += part.Size;
        }
        var before = part.Size;
        if (!part.TryAdd(span))
            return false;
        room.Size += part.Size - before;
        // With its first span, so that no reader meets an empty part.
        if (part.Count == 1)
            trace.Add(part);
        trace.Note(span);
        while (room.Parts.Count > limits.TracesPerResource || (room.Size > limits.TraceBytes / Shares && room.Parts.Count > 1))
        {
            DropOldest(room);
            room.Dropped++;
        }
        return true;
    }

    // Few resources do not get all the memory: others may come.
    private int Shares => Math.Max(TelemetryLimits.FewestShares, _rooms.Count);

    private void DropOldest(Room room)
    {
        var part = room.Parts.Dequeue();
        room.Size -= part.Size;
        if (!part.Trace.Remove(part))
            _traces.Remove(part.Trace.Id);
    }

    private Room RoomOf(string resource)
    {
        if (!_rooms.TryGetValue(resource, out var room))
            _rooms[resource] = room = new Room();
        return room;
    }

    private sealed class Room
    {
        internal Queue<TracePart> Parts { get; } = new();

        internal long Size { get; set; }

        internal long Dropped { get; set; }
    }
}

/// <summary>What one resource's telemetry takes.</summary>
internal sealed record RoomUse(string Resource, int Count, long Bytes, long Dropped);
