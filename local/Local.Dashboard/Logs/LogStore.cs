using Local.Dashboard.Live;
using Local.Dashboard.Telemetry;
using Local.Dashboard.Traces;

namespace Local.Dashboard.Logs;

/// <summary>The newest log entries in memory, each resource's in a room of its own that drops its oldest.</summary>
internal sealed class LogStore(LiveChanges changes, TelemetryLimits limits)
{
    internal const string Topic = "logs";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private long _numbers;

    internal void Add(List<LogEntry> entries)
    {
        if (entries.Count == 0)
            return;
        lock (_lock)
        {
            foreach (var entry in entries)
                Add(entry);
        }
        changes.Raise(Topic);
    }

    /// <summary>All entries of one resource, or of all, the newest first.</summary>
    internal List<LogEntry> Newest(string? resource)
    {
        List<LogEntry> entries;
        lock (_lock)
            entries = _rooms.Where(r => string.IsNullOrEmpty(resource) || r.Key == resource).SelectMany(r => r.Value.Entries).ToList();
        entries.Sort((a, b) => a.At != b.At ? b.At.CompareTo(a.At) : b.Number.CompareTo(a.Number));
        return entries;
    }

    internal List<LogEntry> OfTrace(TraceId id)
    {
        List<LogEntry> entries;
        lock (_lock)
            entries = _rooms.Values.SelectMany(r => r.Entries).Where(e => e.TraceId == id).ToList();
        entries.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : a.Number.CompareTo(b.Number));
        return entries;
    }

    /// <summary>How full each resource's room is and how much it has dropped.</summary>
    internal IReadOnlyList<RoomUse> Use()
    {
        lock (_lock)
            return _rooms.Select(r => new RoomUse(r.Key, r.Value.Entries.Count, r.Value.Size, r.Value.Dropped)).ToList();
    }

    /// <summary>One resource's entries, or all.</summary>
    internal void Clear(string? resource = null)
    {
        lock (_lock)
        {
            foreach (var (name, room) in _rooms)
            {
                if (resource is not null && name != resource)
                    continue;
                room.Entries.Clear();
                room.Size = 0;
            }
        }
        changes.Raise(Topic);
    }

    private void Add(LogEntry entry)
    {
        entry.Number = ++_numbers;
        var name = entry.Resource.Name;
        if (!_rooms.TryGetValue(name, out var room))
            _rooms[name] = room = new Room();
        room.Entries.Enqueue(entry);
        room.Size += entry.Size;
        var share = limits.LogBytes / Math.Max(TelemetryLimits.FewestShares, _rooms.Count);
        while (room.Entries.Count > limits.LogsPerResource || (room.Size > share && room.Entries.Count > 1))
        {
            room.Size -= room.Entries.Dequeue().Size;
            room.Dropped++;
        }
    }

    private sealed class Room
    {
        internal Queue<LogEntry> Entries { get; } = new();

        internal long Size { get; set; }

        internal long Dropped { get; set; }
    }
}
