using System.Collections.Concurrent;
using Npgsql;

namespace ConcertService;

/// <summary>
/// What answers are made of, by key. A value is built once however many ask for it at the same moment, follows changes without being
/// built again, and all together stay within a byte budget: those not asked for longest go first.
/// </summary>
public sealed class ResponseCache<TKey, TValue>(
    string name,
    long budgetBytes,
    Func<TKey, TValue?, CancellationToken, Task<TValue?>> build,
    Func<TValue, bool> isFresh,
    DatabaseBreaker breaker,
    CacheMetrics metrics,
    TimeProvider time) : IDisposable
    where TKey : notnull
    where TValue : class, ICached
{
    /// <summary>How long somebody waits for a fresh value when an older one is at hand.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<TKey, Slot> _slots = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _eviction = new();
    private long _bytes;

    public long MemoryBytes => Interlocked.Read(ref _bytes);

    /// <summary>Null when the database knows no such thing; throws when there is nothing to answer with and the database is away.</summary>
    public ValueTask<TValue?> GetAsync(TKey key, CancellationToken ct)
    {
        if (_slots.TryGetValue(key, out var slot) && Fresh(slot) is { } value)
        {
            metrics.Hit(name);
            return new(value);
        }

        return new(GetBuiltAsync(key, ct));
    }

    /// <summary>Brings a cached value up to date; a change that arrives while the value is being read is applied after it.</summary>
    /// <param name="key">Nothing happens if it is not cached.</param>
    /// <param name="change">Gives null if it cannot: the value is then built again when next asked for.</param>
    public void Change(TKey key, Func<TValue, TValue?> change)
    {
        if (!_slots.TryGetValue(key, out var slot))
            return;

        lock (slot)
        {
            if (slot.Building is not null)
                (slot.ChangesWhileBuilding ??= []).Add(change);
            else
                slot.Apply(change);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    private async Task<TValue?> GetBuiltAsync(TKey key, CancellationToken ct)
    {
        metrics.Miss(name);
        var slot = _slots.GetOrAdd(key, static _ => new Slot());
        Task<TValue?> building;
        lock (slot)
        {
            // Somebody else's may have been finished since the first look.
            if (Fresh(slot) is { } value)
                return value;
            building = slot.Building ??= Task.Run(() => BuildAsync(key, slot), CancellationToken.None);
        }

        if (slot.Value is not { } older)
            return await building.WaitAsync(ct);

        try
        {
            return await building.WaitAsync(Patience, time, ct);
        }
        catch (Exception e) when (e is TimeoutException or NpgsqlException)
        {
            metrics.Stale(name);
            return older;
        }
    }

    private TValue? Fresh(Slot slot)
    {
        if (slot is not { Value: { } value, MissedChange: false } || !isFresh(value))
            return null;
        slot.UsedAt = time.GetTimestamp();
        return value;
    }

    private async Task<TValue?> BuildAsync(TKey key, Slot slot)
    {
        try
        {
            metrics.Rebuild(name);
            var value = await breaker.RunAsync(token => build(key, slot.Value, token), _stopping.Token);
            value = Finish(slot, value);
            if (value is null)
                _slots.TryRemove(new(key, slot));
            else if (MemoryBytes > budgetBytes)
                Evict();
            return value;
        }
        catch
        {
            lock (slot)
            {
                slot.Building = null;
                slot.MissedChange |= slot.ChangesWhileBuilding is not null;
                slot.ChangesWhileBuilding = null;
                if (slot.Value is null)
                    _slots.TryRemove(new(key, slot));
            }

            throw;
        }
    }

    private TValue? Finish(Slot slot, TValue? value)
    {
        lock (slot)
        {
            (slot.Building, slot.Value, slot.MissedChange, slot.UsedAt) = (null, value, false, time.GetTimestamp());
            foreach (var change in slot.ChangesWhileBuilding ?? [])
                slot.Apply(change);
            slot.ChangesWhileBuilding = null;
            if (!slot.IsEvicted)
                Weigh(slot, value?.MemoryBytes ?? 0);
            return slot.Value;
        }
    }

    private void Weigh(Slot slot, int weight)
    {
        Interlocked.Add(ref _bytes, weight - slot.Bytes);
        slot.Bytes = weight;
    }

    private void Evict()
    {
        lock (_eviction)
        {
            foreach (var (key, slot) in _slots.Where(entry => entry.Value.Value is not null).OrderBy(entry => entry.Value.UsedAt).ToArray())
            {
                // A tenth more than needed, so that a full cache does not sort itself at every insertion.
                if (MemoryBytes <= budgetBytes / 10 * 9)
                    return;
                lock (slot)
                {
                    _slots.TryRemove(new(key, slot));
                    slot.IsEvicted = true;
                    Weigh(slot, 0);
                }
            }
        }
    }

    private sealed class Slot
    {
        public volatile TValue? Value;
        public volatile bool MissedChange;
        public long UsedAt;
        public Task<TValue?>? Building;
        public bool IsEvicted;
        public int Bytes;
        public List<Func<TValue, TValue?>>? ChangesWhileBuilding;

        public void Apply(Func<TValue, TValue?> change)
        {
            if (Value is not { } value)
                return;
            if (change(value) is { } changed)
                Value = changed;
            else
                MissedChange = true;
        }
    }
}
