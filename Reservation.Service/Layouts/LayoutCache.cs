using System.Collections.Concurrent;

namespace ReservationService.Layouts;

/// <summary>Keeps layouts; callers who miss the same one at once share one question, whose answer tells of the concert's other schedules too.</summary>
internal sealed class LayoutCache(LayoutClient client, TimeProvider time)
{
    private const int Most = 20_000;
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, Entry> known = new();
    private readonly ConcurrentQueue<long> inOrder = new();

    public Task<Layout?> FindAsync(long scheduleId, CancellationToken ct) => ReadAsync(scheduleId, GetOrAsk(scheduleId), ct);

    /// <summary>Nobody is refused because of what was true before the data set was replaced: an old layout is read again first.</summary>
    public Task<Layout?> FindAgainAsync(long scheduleId, CancellationToken ct)
    {
        if (known.TryGetValue(scheduleId, out var entry) && time.GetElapsedTime(entry.AskedAt) > Young) known.TryRemove(new(scheduleId, entry));
        return FindAsync(scheduleId, ct);
    }

    private Entry GetOrAsk(long scheduleId)
    {
        if (known.TryGetValue(scheduleId, out var entry)) return entry;
        var mine = new Entry(new(() => AskAsync(scheduleId)), time.GetTimestamp());
        entry = known.GetOrAdd(scheduleId, mine);
        if (entry == mine) Count(scheduleId);
        return entry;
    }

    private async Task<Layout?> AskAsync(long scheduleId)
    {
        var layouts = await client.FetchAsync(scheduleId, CancellationToken.None);
        foreach (var (id, layout) in layouts.Where(other => other.Key != scheduleId))
        {
            var isNew = !known.ContainsKey(id);
            known[id] = new Entry(new(Task.FromResult<Layout?>(layout)), time.GetTimestamp());
            if (isNew) Count(id);
        }
        return layouts.GetValueOrDefault(scheduleId);
    }

    private void Count(long scheduleId)
    {
        inOrder.Enqueue(scheduleId);
        if (inOrder.Count > Most && inOrder.TryDequeue(out var oldest)) known.TryRemove(oldest, out _);
    }

    private async Task<Layout?> ReadAsync(long scheduleId, Entry entry, CancellationToken ct)
    {
        try
        {
            var layout = await entry.Answer.Value.WaitAsync(ct);
            // A schedule that does not exist may exist tomorrow.
            if (layout is null) known.TryRemove(new(scheduleId, entry));
            return layout;
        }
        catch (Exception) when (entry.Answer.Value is { IsCompleted: true, IsCompletedSuccessfully: false })
        {
            known.TryRemove(new(scheduleId, entry));
            throw;
        }
    }

    private sealed record Entry(Lazy<Task<Layout?>> Answer, long AskedAt);
}
