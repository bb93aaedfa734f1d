namespace QueueService;

/// <summary>
/// Under load, calls to Redis leave together, a few milliseconds after one another at most: a call that leaves alone costs both sides
/// more than its own work. Where few are under way, none waits, however fast they follow one another.
/// </summary>
public sealed class Beat(TimeProvider time)
{
    internal static readonly TimeSpan Length = TimeSpan.FromMilliseconds(15);

    /// <summary>More calls at once are load, until a beat has fewer.</summary>
    internal const int Crowd = 4;

    private readonly Lock _gate = new();
    private List<TaskCompletionSource>? _waiting;
    private long _beganAt;
    private int _underWay;

    /// <summary>A call begins: comes back when the beat ends, or at once where there is no load.</summary>
    public Task JoinAsync()
    {
        lock (_gate)
        {
            if (++_underWay <= Crowd && _waiting is null)
                return Task.CompletedTask;
            if (_waiting is null)
            {
                (_waiting, _beganAt) = ([], time.GetTimestamp());
                _ = KeepAsync();
            }
            // Nobody waits for a beat that should have ended: where the processor is busy, timers are late.
            if (time.GetElapsedTime(_beganAt) >= Length)
                return Task.CompletedTask;
            var leave = new TaskCompletionSource();
            _waiting.Add(leave);
            return leave.Task;
        }
    }

    /// <summary>A call has its answer.</summary>
    public void Leave()
    {
        lock (_gate)
            _underWay--;
    }

    private async Task KeepAsync()
    {
        bool goesOn;
        do
        {
            await Task.Delay(Length, time).ConfigureAwait(false);
            List<TaskCompletionSource> leaving;
            lock (_gate)
            {
                leaving = _waiting!;
                goesOn = leaving.Count >= Crowd;
                (_waiting, _beganAt) = (goesOn ? [] : null, time.GetTimestamp());
            }
            // Each goes on here, one after the other. Those who wait for one and the same task would go on on threads of their own,
            // and leave one by one again.
            foreach (var leave in leaving)
                leave.SetResult();
        }
        while (goesOn);
    }
}
