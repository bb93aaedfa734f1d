using QueueService.Domain;
using ServiceDefaults.Tokens;
using StackExchange.Redis;

namespace QueueService;

/// <summary>The lines of all concerts. Each call is one round trip to Redis, and moves the line on when that is due.</summary>
public sealed class Lines
{
    private readonly LineScripts _scripts;
    private readonly LineMemory _memory;
    private readonly QueueMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly JointCalls<long, Standing> _issue;
    private readonly JointCalls<QueueToken, Standing> _check;
    private readonly JointCalls<EndOfTicket, EndOfTicket> _end;

    public Lines(LineScripts scripts, LineMemory memory, QueueMetrics metrics, Beat beat, TimeProvider time)
    {
        (_scripts, _memory, _metrics, _time) = (scripts, memory, metrics, time);
        _issue = new("issue", beat, IssueAsync);
        _check = new("check", beat, CheckAsync);
        _end = new("end", beat, EndAsync);
    }

    /// <summary>Issues a ticket, or finds the one with which this user already stands here.</summary>
    public Task<Standing> IssueAsync(long concertId, long userId, CancellationToken ct) => _issue.RunAsync(concertId, userId, ct);

    /// <summary>How a ticket stands; it renews the ticket's lease, claims its place, and re-forms a line that was lost.</summary>
    public Task<Standing> CheckAsync(QueueToken token, CancellationToken ct) => _check.RunAsync(token.ConcertId, token, ct);

    /// <summary>Takes a ticket out of the line, or gives its place back.</summary>
    public Task LeaveAsync(QueueToken token, CancellationToken ct)
        => _end.RunAsync(token.ConcertId, new EndOfTicket(token.UserId, token.Ticket, Booked: false), ct);

    /// <summary>The ticket's user has booked: the place is free.</summary>
    public async Task CompleteAsync(long concertId, long userId, long ticket, CancellationToken ct)
    {
        await _end.RunAsync(concertId, new EndOfTicket(userId, ticket, Booked: true), ct);
        _metrics.Completed();
    }

    /// <summary>Moves a line on, and shows it.</summary>
    /// <param name="wanted">Whether a client asked: the line is then watched for a while.</param>
    public async Task<LineView> StepAsync(long concertId, CancellationToken ct, bool wanted = true)
    {
        var (epoch, issued, waiting, limits) = Recall(concertId);
        var view = LineReply.View(await _scripts.StepAsync(LineKeys.Of(concertId), [Now(), epoch, issued, waiting, limits], ct));
        Saw(concertId, view, wanted && view.Epoch is not null);
        return view;
    }

    /// <summary>False when the sale cannot be closed for an opening, because those of the last opening still wait.</summary>
    public async Task<bool> SetLimitsAsync(long concertId, LineLimits limits, CancellationToken ct)
    {
        var (epoch, issued, waiting, remembered) = Recall(concertId);
        RedisValue[] values =
        [
            Now(), epoch, issued, waiting, remembered,
            limits.MaxActive, limits.AdmitPerSecond, limits.Paused, limits.OpensAt?.ToUnixTimeMilliseconds() ?? 0, limits.Seed,
        ];
        var (areSet, view) = LineReply.Limited(await _scripts.SetLimitsAsync(LineKeys.Of(concertId), values, ct));
        Saw(concertId, view, wanted: true);
        return areSet;
    }

    /// <summary>Renews the leases of users who are listening.</summary>
    public Task RenewAsync(long concertId, IReadOnlyList<(long Ticket, long UserId)> listeners, CancellationToken ct)
    {
        RedisValue[] values = [Now(), .. listeners.Select(l => (RedisValue)l.Ticket)];
        return _scripts.RenewAsync(LineKeys.Of(concertId, [.. listeners.Select(l => l.UserId)]), values, ct);
    }

    private async Task<Standing[]> IssueAsync(long concertId, long[] users)
    {
        var (epoch, issued, waiting, limits) = Recall(concertId);
        var reply = await _scripts.IssueAsync(LineKeys.Of(concertId, users), [Now(), epoch, issued, waiting, limits], CancellationToken.None);
        var standings = Saw(concertId, LineReply.Standings(reply));
        _metrics.Issued(standings.Count(s => s.IsNew));
        return standings;
    }

    private async Task<Standing[]> CheckAsync(long concertId, QueueToken[] tokens)
    {
        RedisValue[] values =
        [
            Now(), _memory.LimitsOf(concertId),
            .. tokens.SelectMany(t => new RedisValue[] { t.Ticket, t.Epoch, t.IssuedAt.ToUnixTimeMilliseconds(), _memory.OrderOf(t) }),
        ];
        var keys = LineKeys.Of(concertId, Array.ConvertAll(tokens, t => (t.UserId, t.Ticket)));
        return Saw(concertId, LineReply.Standings(await _scripts.CheckAsync(keys, values, CancellationToken.None)));
    }

    private async Task<EndOfTicket[]> EndAsync(long concertId, EndOfTicket[] ends)
    {
        RedisValue[] values = [Now(), .. ends.SelectMany(e => new RedisValue[] { e.Ticket, e.Booked })];
        await _scripts.EndAsync(LineKeys.Of(concertId, Array.ConvertAll(ends, e => (e.UserId, e.Ticket))), values, CancellationToken.None);
        return ends;
    }

    private (RedisValue Epoch, RedisValue Issued, RedisValue Waiting, RedisValue Limits) Recall(long concertId)
        => _memory.Recall(concertId) is { Epoch: { } epoch } view
            ? (epoch, view.Issued, view.Waiting, _memory.LimitsOf(concertId))
            : ("", 0, 0, _memory.LimitsOf(concertId));

    private Standing[] Saw(long concertId, Standing[] standings)
    {
        Saw(concertId, standings[0].Line, wanted: true);
        return standings;
    }

    private void Saw(long concertId, LineView view, bool wanted)
    {
        if (view.Epoch is { } epoch && _memory.Recall(concertId)?.Epoch is { } before && epoch != before)
            _metrics.Reformed();
        _memory.Saw(concertId, view, wanted);
        _metrics.Admitted(view.JustAdmitted);
    }

    private RedisValue Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private readonly record struct EndOfTicket(long UserId, long Ticket, bool Booked);
}
