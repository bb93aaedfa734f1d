namespace Local.Dashboard.Telemetry;

/// <summary>
/// Room for each resource's telemetry, by count and by its share of the memory. Who fills it loses its own oldest: one that talks much cannot
/// push out what the others said. Whoever has one guards it with a lock.
/// </summary>
internal sealed class Rooms<T>(int mostItems, long mostBytes, Func<T, long> sizeOf, Action<T>? forget = null)
{
    private readonly Dictionary<string, Room<T>> _rooms = new(StringComparer.Ordinal);

    internal Room<T> Of(string resource)
    {
        if (!_rooms.TryGetValue(resource, out var room))
            _rooms[resource] = room = new Room<T>();
        return room;
    }

    /// <summary>One resource's, or all.</summary>
    internal IEnumerable<T> Items(string? resource = null) => Chosen(resource).SelectMany(r => r.Items);

    /// <summary>The oldest that is left in each room that has lost some.</summary>
    internal IEnumerable<T> OldestLeft => _rooms.Values.Where(r => r.Dropped > 0 && r.Items.Count > 0).Select(r => r.Items.Peek());

    internal IReadOnlyList<RoomUse> Use() => _rooms.Select(r => new RoomUse(r.Key, r.Value.Items.Count, r.Value.Size, r.Value.Dropped)).ToList();

    internal void Add(Room<T> room, T item)
    {
        room.Items.Enqueue(item);
        room.Size += sizeOf(item);
    }

    /// <summary>Drops the oldest until what is left fits.</summary>
    internal void Trim(Room<T> room)
    {
        // Few resources do not get all the memory: others may come.
        var share = mostBytes / Math.Max(TelemetryLimits.FewestShares, _rooms.Count);
        while (room.Items.Count > mostItems || (room.Size > share && room.Items.Count > 1))
        {
            DropOldest(room);
            room.Dropped++;
        }
    }

    internal void Clear(string? resource)
    {
        foreach (var room in Chosen(resource))
        {
            while (room.Items.Count > 0)
                DropOldest(room);
        }
    }

    private IEnumerable<Room<T>> Chosen(string? resource) => _rooms.Where(r => string.IsNullOrEmpty(resource) || r.Key == resource).Select(r => r.Value);

    private void DropOldest(Room<T> room)
    {
        var item = room.Items.Dequeue();
        room.Size -= sizeOf(item);
        forget?.Invoke(item);
    }
}

/// <summary>What one resource sent, the oldest first.</summary>
internal sealed class Room<T>
{
    internal Queue<T> Items { get; } = new();

    /// <summary>Bytes.</summary>
    internal long Size { get; set; }

    internal long Dropped { get; set; }
}

/// <summary>What one resource's telemetry takes.</summary>
internal sealed record RoomUse(string Resource, int Count, long Bytes, long Dropped);
