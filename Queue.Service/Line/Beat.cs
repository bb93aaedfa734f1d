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
    private TaskCompletionSource? _under;
    private int _calls;
    private int _callsBefore;
    private long _endedAt;

    /// <summary>Comes back when the beat ends, or at once where there is no load.</summary>
    public Task JoinAsync()
    {
        lock (_gate)
        {
            if (_under is null)
            {
                // Whoever waits goes on here, one after the other: on threads of their own they would leave one by one again.
                _under = new TaskCompletionSource();
                _ = EndAsync(_under);
            }
            _calls++;
            // Nor does anybody wait for a beat that should have ended: where the processor is busy, timers are late.
            return _callsBefore >= Crowd && time.GetElapsedTime(_endedAt) < Length ? _under.Task : Task.CompletedTask;
        }
    }

    private async Task EndAsync(TaskCompletionSource beat)
    {
        await Task.Delay(Length, time).ConfigureAwait(false);
        lock (_gate)
        {
            _under = null;
            (_callsBefore, _calls) = (_calls, 0);
            _endedAt = time.GetTimestamp();
        }
        beat.SetResult();
    }
}
