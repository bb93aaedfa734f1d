namespace Local.Engine;

/// <summary>
/// Whether a person looks at the resources. Then health is asked for often enough to see trouble at once; else at the usual pace,
/// which costs the idle system next to nothing.
/// </summary>
internal sealed class Attention
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1.5);

    private volatile TaskCompletionSource _began = NewSignal();
    private volatile bool _given;

    internal bool Given
    {
        set
        {
            if (value == _given)
                return;
            _given = value;
            if (value)
                Interlocked.Exchange(ref _began, NewSignal()).SetResult();
        }
    }

    /// <summary>Waits as long as usual, or until somebody begins to look, and not long while somebody does.</summary>
    internal async Task WaitAsync(TimeSpan usual, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var began = _began.Task;
        await Task.WhenAny(began, Task.Delay(_given && usual > Often ? Often : usual, TimeProvider.System, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
