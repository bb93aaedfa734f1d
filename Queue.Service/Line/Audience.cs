using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using ServiceDefaults.Tokens;

namespace QueueService;

/// <summary>Who listens on this replica: a bounded number, whose leases are renewed together.</summary>
public sealed class Audience(IOptions<LineOptions> options, QueueMetrics metrics)
{
    private readonly ConcurrentDictionary<(long ConcertId, long Ticket), Listener> _listeners = new();
    private int _streams;

    /// <summary>A seat in the audience, or null when it is full.</summary>
    public IDisposable? Join(in QueueToken token)
    {
        if (Interlocked.Increment(ref _streams) > options.Value.MaxStreams)
        {
            Interlocked.Decrement(ref _streams);
            return null;
        }
        metrics.StreamOpened();
        var listener = _listeners.AddOrUpdate((token.ConcertId, token.Ticket), new Listener(token.UserId, 1), (_, l) => l with { Streams = l.Streams + 1 });
        return new Seat(this, (token.ConcertId, token.Ticket), listener.UserId);
    }

    /// <summary>Those who listen, by line.</summary>
    public IEnumerable<IGrouping<long, (long Ticket, long UserId)>> ByLine()
        => _listeners.GroupBy(l => l.Key.ConcertId, l => (l.Key.Ticket, l.Value.UserId));

    private void Leave((long, long) key, long userId)
    {
        // A user may listen in two windows: the last one that closes ends it.
        while (_listeners.TryGetValue(key, out var listener))
        {
            if (listener.Streams > 1
                ? _listeners.TryUpdate(key, listener with { Streams = listener.Streams - 1 }, listener)
                : _listeners.TryRemove(KeyValuePair.Create(key, new Listener(userId, 1))))
                break;
        }
        Interlocked.Decrement(ref _streams);
        metrics.StreamClosed();
    }

    private sealed record Listener(long UserId, int Streams);

    private sealed class Seat(Audience audience, (long, long) key, long userId) : IDisposable
    {
        public void Dispose() => audience.Leave(key, userId);
    }
}
