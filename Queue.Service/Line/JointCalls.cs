using System.Diagnostics;

namespace QueueService;

/// <summary>
/// What users ask of one line while a call for it is under way goes to Redis together, in the next call: one round trip, and one step of
/// the line, for all of them. Who comes alone does not wait for others, unless there is load: then calls for all lines leave in a common beat.
/// </summary>
/// <param name="name">As it is called in traces.</param>
/// <param name="beat">When calls leave.</param>
/// <param name="call">Asks for several at once; the answers come in the same order.</param>
internal sealed class JointCalls<TAsk, TAnswer>(string name, Beat beat, Func<long, TAsk[], Task<TAnswer[]>> call)
{
    // Redis serves nobody else meanwhile: some 10 µs for each.
    private const int MostTogether = 64;

    private readonly Lock _gate = new();

    /// <summary>The lines for which a call is under way or about to leave, and who waits for the next.</summary>
    private readonly Dictionary<long, Queue<Entry>> _waiting = [];

    /// <param name="ct">Gives up waiting. What was asked is asked all the same: others may go with it.</param>
    public async Task<TAnswer> RunAsync(long line, TAsk ask, CancellationToken ct)
    {
        using var span = Activity.Current is null ? null : LineScripts.StartSpan(name);
        var entry = new Entry(ask);
        if (Begins(line, entry))
            _ = ServeAsync(line);
        return await entry.Answer.Task.WaitAsync(ct);
    }

    /// <summary>Whether nobody serves this line, so that the caller does.</summary>
    private bool Begins(long line, Entry entry)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(line, out var queue))
            {
                _waiting.Add(line, new Queue<Entry>([entry]));
                return true;
            }
            queue.Enqueue(entry);
            return false;
        }
    }

    private async Task ServeAsync(long line)
    {
        // Each caller has a span of its own for this.
        Activity.Current = null;
        await beat.JoinAsync();
        while (Next(line) is { Length: > 0 } entries)
            await AskAsync(line, entries);
        beat.Leave();
    }

    private Entry[] Next(long line)
    {
        lock (_gate)
        {
            var queue = _waiting[line];
            if (queue.Count == 0)
                _waiting.Remove(line);
            var entries = new Entry[Math.Min(queue.Count, MostTogether)];
            for (var i = 0; i < entries.Length; i++)
                entries[i] = queue.Dequeue();
            return entries;
        }
    }

    private async Task AskAsync(long line, Entry[] entries)
    {
        try
        {
            var answers = await call(line, Array.ConvertAll(entries, e => e.Ask));
            for (var i = 0; i < entries.Length; i++)
                entries[i].Answer.SetResult(answers[i]);
        }
        catch (Exception e)
        {
            foreach (var entry in entries)
                entry.Answer.TrySetException(e);
        }
    }

    private sealed record Entry(TAsk Ask)
    {
        public TaskCompletionSource<TAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
