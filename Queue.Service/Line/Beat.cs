namespace QueueService;

/// <summary>
/// Under load, calls to Redis leave together, a few milliseconds after one another at most: a call that leaves alone costs both sides
/// more than its own work. Where calls are few, none waits.
/// </summary>
public sealed class Beat(TimeProvider time)
{
    internal static readonly TimeSpan Length = TimeSpan.FromMilliseconds(15);

    /// <summary>So many calls in one beat are load.</summary>
    internal const int Crowd = 4;

    private readonly Lock _gate = new();
    private List<TaskCompletionSource>? _waiting;
    private int _calls;
    private int _callsBefore;
    private long _endedAt;

    /// <summary>Comes back when the beat ends, or at once where there is no load.</summary>
    public Task JoinAsync()
    {
        lock (_gate)
        {
            if (_waiting is null)
            {
                _waiting = [];
                _ = EndAsync();
            }
            _calls++;
            // Nor does anybody wait for a beat that should have ended: where the processor is busy, timers are late.
            if (_callsBefore < Crowd || time.GetElapsedTime(_endedAt) >= Length)
                return Task.CompletedTask;
            var leave = new TaskCompletionSource();
            _waiting.Add(leave);
            return leave.Task;
        }
    }

    private async Task EndAsync()
    {
        await Task.Delay(Length, time).ConfigureAwait(false);
        List<TaskCompletionSource> waiting;
        lock (_gate)
        {
            (waiting, _waiting) = (_waiting!, null);
            (_callsBefore, _calls) = (_calls, 0);
            _endedAt = time.GetTimestamp();
        }
        // Each goes on here, one after the other. Those who wait for one and the same task would go on on threads of their own,
        // and leave one by one again.
        foreach (var leave in waiting)
            leave.SetResult();
    }
}
