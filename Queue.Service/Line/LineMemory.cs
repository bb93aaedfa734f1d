using System.Collections.Concurrent;
using QueueService.Domain;
using ServiceDefaults.Tokens;

namespace QueueService;

/// <summary>
/// The lines that this replica has lately seen. It is no truth, but it tells a line that was lost from one that never was,
/// and serves everybody who only watches.
/// </summary>
public sealed class LineMemory(TimeProvider time)
{
    public static readonly TimeSpan Forgets = TimeSpan.FromMinutes(10);
    private const int MaxLines = 10_000;

    private readonly ConcurrentDictionary<long, Remembered> _lines = new();

    public IEnumerable<Remembered> Lines => _lines.Values;

    public LineView? Recall(long concertId) => _lines.GetValueOrDefault(concertId)?.View;

    /// <summary>The order of a ticket among those of its life, shuffled as they were.</summary>
    public long OrderOf(in QueueToken token)
        => _lines.GetValueOrDefault(token.ConcertId)?.ShuffleOf(token.Epoch) is { } shuffle ? shuffle.TurnOf(token.Ticket) : token.Ticket;

    /// <summary>Keeps what a call has just shown; <paramref name="wanted"/> when a client asked, and not we ourselves.</summary>
    public void Saw(long concertId, LineView view, bool wanted = true)
    {
        if (!_lines.TryGetValue(concertId, out var line))
        {
            if (!wanted || _lines.Count >= MaxLines)
                return;
            line = _lines.GetOrAdd(concertId, id => new Remembered(id));
        }
        line.Saw(view, wanted ? time.GetTimestamp() : null);
    }

    public void Touch(long concertId) => _lines.GetValueOrDefault(concertId)?.Touch(time.GetTimestamp());

    public void ForgetIdle()
    {
        foreach (var line in _lines.Values.Where(l => time.GetElapsedTime(l.TouchedAt) > Forgets))
            _lines.TryRemove(line.ConcertId, out _);
    }

    /// <summary>One line, as last seen.</summary>
    public sealed class Remembered(long concertId)
    {
        private readonly Lock _lock = new();
        private LineView? _earlierLife;
        private long _touchedAt;

        public long ConcertId => concertId;

        public LineView? View { get; private set; }

        public long TouchedAt => Volatile.Read(ref _touchedAt);

        public void Touch(long now) => Volatile.Write(ref _touchedAt, now);

        public Shuffle? ShuffleOf(string? epoch)
            => View?.Epoch == epoch ? View?.Shuffle : _earlierLife?.Epoch == epoch ? _earlierLife?.Shuffle : null;

        // Answers overtake each other: the one that knows more tickets is the newer.
        public void Saw(LineView view, long? now)
        {
            if (now is { } touched)
                Touch(touched);
            lock (_lock)
            {
                if (View is { Epoch: not null } last)
                {
                    if (view.Issued < last.Issued || (view.Issued == last.Issued && view.Serving < last.Serving))
                        return;
                    if (view.Epoch != last.Epoch)
                        _earlierLife = last;
                }
                View = view;
            }
        }
    }
}
