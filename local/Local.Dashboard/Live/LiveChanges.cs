using System.Collections.Concurrent;

namespace Local.Dashboard.Live;

/// <summary>What changed since somebody looked. A topic is a word; raising one that nobody watches costs nothing worth counting.</summary>
public sealed class LiveChanges
{
    private readonly ConcurrentDictionary<string, Topic> _topics = new(StringComparer.Ordinal);

    public void Raise(string topic) => Of(topic).Raise();

    /// <summary>Whether a browser shows a page that follows this topic.</summary>
    public bool IsWatched(string topic) => Of(topic).Watchers > 0;

    /// <summary>A topic began to be watched, or is not any more.</summary>
    public event Action<string>? WatchersChanged;

    internal Watch Begin(IReadOnlyList<string> topics) => new(this, topics);

    private Topic Of(string name) => _topics.GetOrAdd(name, static _ => new Topic());

    internal sealed class Topic
    {
        private TaskCompletionSource? _next;

        public int Watchers;

        public void Raise() => Interlocked.Exchange(ref _next, null)?.SetResult();

        public Task Next()
        {
            while (true)
            {
                if (Volatile.Read(ref _next) is { } pending)
                    return pending.Task;
                var fresh = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                if (Interlocked.CompareExchange(ref _next, fresh, null) is null)
                    return fresh.Task;
            }
        }
    }

    /// <summary>One browser's interest in some topics.</summary>
    internal sealed class Watch : IDisposable
    {
        private readonly LiveChanges _changes;
        private readonly IReadOnlyList<string> _names;
        private readonly Task[] _next;

        internal Watch(LiveChanges changes, IReadOnlyList<string> names)
        {
            (_changes, _names) = (changes, names);
            _next = names.Select(n => changes.Of(n).Next()).ToArray();
            foreach (var name in names)
            {
                Interlocked.Increment(ref changes.Of(name).Watchers);
                changes.WatchersChanged?.Invoke(name);
            }
        }

        /// <summary>Returns once a topic was raised after the previous return; what was raised in between counts.</summary>
        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            await Task.WhenAny(_next).WaitAsync(cancellationToken);
            for (var i = 0; i < _next.Length; i++)
            {
                if (_next[i].IsCompleted)
                    _next[i] = _changes.Of(_names[i]).Next();
            }
        }

        public void Dispose()
        {
            foreach (var name in _names)
            {
                Interlocked.Decrement(ref _changes.Of(name).Watchers);
                _changes.WatchersChanged?.Invoke(name);
            }
        }
    }
}
