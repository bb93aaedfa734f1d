using Local.Dashboard.Live;
using Local.Dashboard.Telemetry;
using Local.Dashboard.Traces;

namespace Local.Dashboard.Logs;

/// <summary>The newest log entries in memory, each resource's in a room of its own.</summary>
internal sealed class LogStore(LiveChanges changes, TelemetryLimits limits)
{
    internal const string Topic = "logs";

    private readonly Lock _lock = new();
    private readonly Rooms<LogEntry> _rooms = new(limits.LogsPerResource, limits.LogBytes, entry => entry.Size);
    private long _numbers;

    internal void Add(List<LogEntry> entries)
    {
        if (entries.Count == 0)
            return;
        lock (_lock)
        {
            foreach (var entry in entries)
            {
                entry.Number = ++_numbers;
                var room = _rooms.Of(entry.Resource.Name);
                _rooms.Add(room, entry);
                _rooms.Trim(room);
            }
        }
        changes.Raise(Topic);
    }

    /// <summary>All entries of one resource, or of all, the newest first.</summary>
    internal List<LogEntry> Newest(string? resource)
    {
        List<LogEntry> entries;
        lock (_lock)
            entries = _rooms.Items(resource).ToList();
        entries.Sort((a, b) => a.At != b.At ? b.At.CompareTo(a.At) : b.Number.CompareTo(a.Number));
        return entries;
    }

    internal List<LogEntry> OfTrace(TraceId id)
    {
        List<LogEntry> entries;
        lock (_lock)
            entries = _rooms.Items().Where(e => e.TraceId == id).ToList();
        entries.Sort((a, b) => a.At != b.At ? a.At.CompareTo(b.At) : a.Number.CompareTo(b.Number));
        return entries;
    }

    /// <summary>How full each resource's room is and how much it has dropped.</summary>
    internal IReadOnlyList<RoomUse> Use()
    {
        lock (_lock)
            return _rooms.Use();
    }

    /// <summary>One resource's entries, or all.</summary>
    internal void Clear(string? resource = null)
    {
        lock (_lock)
            _rooms.Clear(resource);
        changes.Raise(Topic);
    }
}
