using System.Collections.Concurrent;
using System.Globalization;
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
    private readonly ConcurrentDictionary<long, (long Version, string Text)> _limits = new();

    public IEnumerable<Remembered> Lines => _lines.Values;

    public LineView? Recall(long concertId) => _lines.GetValueOrDefault(concertId)?.View;

    /// <summary>
    /// An operator's limits, as line.lua reads them; empty where none has spoken. They are kept for as long as this replica lives:
    /// a paused sale must not go on because Redis forgot the pause, however quiet the line was.
    /// </summary>
    public string LimitsOf(long concertId) => _limits.TryGetValue(concertId, out var limits) ? limits.Text : "";

    /// <summary>The order of a ticket among those of its life, shuffled as they were.</summary>
    public long OrderOf(in QueueToken token)
        => _lines.GetValueOrDefault(token.ConcertId)?.ShuffleOf(token.Epoch) is { } shuffle ? shuffle.TurnOf(token.Ticket) : token.Ticket;

    /// <summary>Keeps what a call has just shown; <paramref name="wanted"/> when a client asked, and not we ourselves.</summary>
    public void Saw(long concertId, LineView view, bool wanted = true)
    {
        Saw(concertId, view.Limits);
        if (!_lines.TryGetValue(concertId, out var line))
        {
            if (!wanted || _lines.Count >= MaxLines)
                return;
            line = _lines.GetOrAdd(concertId, id => new Remembered(id));
        }
        line.Saw(view, wanted ? time.GetTimestamp() : null);
    }

    private void Saw(long concertId, LineLimits limits)
    {
        var isKnown = _limits.TryGetValue(concertId, out var known);
        if (limits.Version <= known.Version || (!isKnown && _limits.Count >= MaxLines))
            return;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{limits.Version} {limits.MaxActive} {limits.AdmitPerSecond:R} {(limits.Paused ? 1 : 0)} {limits.OpensAt?.ToUnixTimeMilliseconds() ?? 0} {limits.Seed}");
        // Answers overtake each other: the last word of an operator stays.
        _limits.AddOrUpdate(concertId, (limits.Version, text), (_, other) => other.Version > limits.Version ? other : (limits.Version, text));
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
