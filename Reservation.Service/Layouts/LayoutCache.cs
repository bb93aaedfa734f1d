using System.Collections.Concurrent;
using System.Text.Json;

namespace ReservationService.Layouts;

/// <summary>
/// Keeps layouts. Callers who miss the same one at once share one question. After it the layouts of the concert's other schedules are
/// asked for too, which somebody will want; nobody waits for that, and Concert has to answer only one such question at a time.
/// </summary>
internal sealed class LayoutCache(LayoutClient client, TimeProvider time) : IDisposable
{
    private const int Most = 20_000;
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<long, Entry> known = new();
    private readonly ConcurrentQueue<long> inOrder = new();
    private readonly ConcurrentDictionary<long, byte> concertsAskedFor = new();
    private readonly SemaphoreSlim oneConcertAtATime = new(1);

    public Task<Layout?> FindAsync(long scheduleId, CancellationToken ct) => ReadAsync(scheduleId, GetOrAsk(scheduleId), ct);

    /// <summary>Nobody is refused because of what was true before the data set was replaced: an old layout is read again first.</summary>
    public Task<Layout?> FindAgainAsync(long scheduleId, CancellationToken ct)
    {
        if (known.TryGetValue(scheduleId, out var entry) && time.GetElapsedTime(entry.AskedAt) > Young) known.TryRemove(new(scheduleId, entry));
        return FindAsync(scheduleId, ct);
    }

    public void Dispose() => oneConcertAtATime.Dispose();

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
        var layout = await client.FetchAsync(scheduleId, CancellationToken.None);
        if (layout is not null && concertsAskedFor.TryAdd(layout.ConcertId, 0)) _ = AskForOthersAsync(scheduleId, layout.ConcertId);
        return layout;
    }

    private async Task AskForOthersAsync(long scheduleId, long concertId)
    {
        await oneConcertAtATime.WaitAsync();
        try
        {
            foreach (var (id, layout) in await client.FetchConcertAsync(scheduleId))
            {
                var isNew = !known.ContainsKey(id);
                known[id] = new Entry(new(Task.FromResult<Layout?>(layout)), time.GetTimestamp());
                if (isNew) Count(id);
            }
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException or JsonException)
        {
            // Whoever misses one of them asks for that one, and after a while for the others once more.
        }
        finally
        {
            oneConcertAtATime.Release();
        }
        // Whoever asked for one schedule before this answer came must not ask for all of them after it.
        await Task.Delay(Young, time);
        concertsAskedFor.TryRemove(concertId, out _);
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
