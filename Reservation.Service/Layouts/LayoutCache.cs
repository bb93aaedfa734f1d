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

    private readonly ConcurrentDictionary<long, Known> known = new();
    private readonly ConcurrentQueue<long> inOrder = new();
    private readonly ConcurrentDictionary<long, Lazy<Task<Layout?>>> asking = new();
    private readonly ConcurrentDictionary<long, byte> concertsAskedFor = new();
    private readonly SemaphoreSlim oneConcertAtATime = new(1);

    public ValueTask<Layout?> FindAsync(long scheduleId, CancellationToken ct)
    {
        if (known.TryGetValue(scheduleId, out var found)) return new(found.Layout);
        var answer = asking.GetOrAdd(scheduleId, id => new(() => AskAsync(id))).Value;
        return new(answer.WaitAsync(ct));
    }

    /// <summary>Nobody is refused because of what was true before the data set was replaced: an old layout is read again first.</summary>
    public ValueTask<Layout?> FindAgainAsync(long scheduleId, CancellationToken ct)
    {
        if (known.TryGetValue(scheduleId, out var found) && time.GetElapsedTime(found.AskedAt) > Young) known.TryRemove(new(scheduleId, found));
        return FindAsync(scheduleId, ct);
    }

    public void Dispose() => oneConcertAtATime.Dispose();

    private async Task<Layout?> AskAsync(long scheduleId)
    {
        try
        {
            var askedAt = time.GetTimestamp();
            var layout = await client.FetchAsync(scheduleId, CancellationToken.None);
            // A schedule that does not exist may exist tomorrow.
            if (layout is null) return null;
            Keep(scheduleId, new(layout, askedAt));
            if (concertsAskedFor.TryAdd(layout.ConcertId, 0)) _ = AskForOthersAsync(scheduleId, layout.ConcertId);
            return layout;
        }
        finally
        {
            asking.TryRemove(scheduleId, out _);
        }
    }

    private async Task AskForOthersAsync(long scheduleId, long concertId)
    {
        await oneConcertAtATime.WaitAsync();
        try
        {
            var askedAt = time.GetTimestamp();
            foreach (var (id, layout) in await client.FetchConcertAsync(scheduleId)) Keep(id, new(layout, askedAt));
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

    private void Keep(long scheduleId, Known found)
    {
        var isNew = !known.ContainsKey(scheduleId);
        known[scheduleId] = found;
        if (!isNew) return;
        inOrder.Enqueue(scheduleId);
        if (inOrder.Count > Most && inOrder.TryDequeue(out var oldest)) known.TryRemove(oldest, out _);
    }

    private readonly record struct Known(Layout Layout, long AskedAt);
}
