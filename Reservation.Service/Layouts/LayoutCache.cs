using System.Collections.Concurrent;

namespace ReservationService.Layouts;

/// <summary>Keeps layouts; callers who miss the same one at once share one question.</summary>
internal sealed class LayoutCache(LayoutClient client)
{
    private const int Most = 20_000;

    private readonly ConcurrentDictionary<long, Lazy<Task<Layout?>>> known = new();
    private readonly ConcurrentQueue<long> inOrder = new();

    public async Task<Layout?> FindAsync(long scheduleId, CancellationToken ct)
    {
        var entry = known.GetOrAdd(scheduleId, id => new(() => client.FetchAsync(id, CancellationToken.None).AsTask()));
        try
        {
            var first = !entry.IsValueCreated;
            var layout = await entry.Value.WaitAsync(ct);
            // A schedule that does not exist may exist tomorrow; one that exists stays as it is.
            if (layout is null) Forget(scheduleId, entry);
            else if (first) Remember(scheduleId);
            return layout;
        }
        catch (Exception) when (entry.Value.IsFaulted || entry.Value.IsCanceled)
        {
            Forget(scheduleId, entry);
            throw;
        }
    }

    private void Remember(long scheduleId)
    {
        inOrder.Enqueue(scheduleId);
        if (known.Count > Most && inOrder.TryDequeue(out var oldest)) known.TryRemove(oldest, out _);
    }

    private void Forget(long scheduleId, Lazy<Task<Layout?>> entry) => known.TryRemove(new(scheduleId, entry));
}
