namespace Local.Dashboard.Live;

/// <summary>
/// Something that has to be asked for, kept for as long as it is fresh: asked again every other second while a page shows it,
/// once when a page is opened, and not at all else.
/// </summary>
internal sealed class Polled<T> : IDisposable where T : class
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _one = new(1);
    private readonly LiveChanges _changes;
    private readonly TimeProvider _time;
    private readonly Func<CancellationToken, Task<T>> _read;
    private readonly string _topic;
    private readonly ITimer _timer;
    private T? _value;
    private long _at;

    public Polled(string topic, LiveChanges changes, TimeProvider time, Func<CancellationToken, Task<T>> read)
    {
        (_topic, _changes, _time, _read) = (topic, changes, time, read);
        _timer = time.CreateTimer(_ => _ = RefreshAsync(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        changes.WatchersChanged += Follow;
    }

    public void Dispose()
    {
        _changes.WatchersChanged -= Follow;
        _timer.Dispose();
    }

    /// <summary>What is known, if it is fresh; else it is asked for now.</summary>
    public async Task<T> GetAsync(CancellationToken cancellationToken = default)
    {
        if (Fresh is { } known)
            return known;
        await _one.WaitAsync(cancellationToken);
        try
        {
            return Fresh ?? await ReadAsync(cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What is known is out of date: somebody just changed it.</summary>
    public void Forget() => _value = null;

    private T? Fresh => _value is { } value && _time.GetElapsedTime(_at) < Interval * 1.5 ? value : null;

    private async Task<T> ReadAsync(CancellationToken cancellationToken)
    {
        var value = await _read(cancellationToken);
        _at = _time.GetTimestamp();
        return _value = value;
    }

    private async Task RefreshAsync()
    {
        if (!await _one.WaitAsync(0))
            return; // The last one is not done.
        try
        {
            await ReadAsync(CancellationToken.None);
        }
        finally
        {
            _one.Release();
        }
        _changes.Raise(_topic);
    }

    private void Follow(string topic)
    {
        if (topic != _topic)
            return;
        var watched = _changes.IsWatched(_topic);
        _timer.Change(watched ? Interval : Timeout.InfiniteTimeSpan, watched ? Interval : Timeout.InfiniteTimeSpan);
    }
}
