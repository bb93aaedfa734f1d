using QueueService.Domain;
using ServiceDefaults.Tokens;
using StackExchange.Redis;

namespace QueueService;

/// <summary>The lines of all concerts. Each call is one round trip to Redis, and moves the line on when that is due.</summary>
public sealed class Lines(LineScripts scripts, LineMemory memory, QueueMetrics metrics, TimeProvider time)
{
    /// <summary>Issues a ticket, or finds the one with which this user already stands here.</summary>
    public async Task<Standing> IssueAsync(long concertId, long userId, CancellationToken ct)
    {
        var (epoch, issued, waiting, limits) = Recall(concertId);
        var reply = await scripts.IssueAsync(LineKeys.Of(concertId, userId), [Now(), epoch, issued, waiting, limits], ct);
        var standing = Saw(concertId, LineReply.Standing(reply));
        if (standing.IsNew)
            metrics.Issued();
        return standing;
    }

    /// <summary>How a ticket stands; it renews the ticket's lease, claims its place, and re-forms a line that was lost.</summary>
    public async Task<Standing> CheckAsync(QueueToken token, CancellationToken ct)
    {
        var reply = await scripts.CheckAsync(
            LineKeys.Of(token.ConcertId, token.UserId, token.Ticket),
            [Now(), token.Ticket, token.Epoch, token.IssuedAt.ToUnixTimeMilliseconds(), memory.OrderOf(token), memory.LimitsOf(token.ConcertId)], ct);
        return Saw(token.ConcertId, LineReply.Standing(reply));
    }

    /// <summary>Takes a ticket out of the line, or gives its place back.</summary>
    public Task LeaveAsync(QueueToken token, CancellationToken ct) => EndAsync(token.ConcertId, token.UserId, token.Ticket, booked: false, ct);

    /// <summary>The ticket's user has booked: the place is free.</summary>
    public async Task CompleteAsync(long concertId, long userId, long ticket, CancellationToken ct)
    {
        await EndAsync(concertId, userId, ticket, booked: true, ct);
        metrics.Completed();
    }

    /// <summary>Moves a line on, and shows it.</summary>
    /// <param name="wanted">Whether a client asked: the line is then watched for a while.</param>
    public async Task<LineView> StepAsync(long concertId, CancellationToken ct, bool wanted = true)
    {
        var (epoch, issued, waiting, limits) = Recall(concertId);
        var view = LineReply.View(await scripts.StepAsync(LineKeys.Of(concertId), [Now(), epoch, issued, waiting, limits], ct));
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
        var (areSet, view) = LineReply.Limited(await scripts.SetLimitsAsync(LineKeys.Of(concertId), values, ct));
        Saw(concertId, view, wanted: true);
        return areSet;
    }

    /// <summary>Renews the leases of users who are listening.</summary>
    public Task RenewAsync(long concertId, IReadOnlyList<(long Ticket, long UserId)> listeners, CancellationToken ct)
    {
        var keys = LineKeys.Of(concertId, listeners.Count);
        var values = new RedisValue[listeners.Count + 1];
        values[0] = Now();
        for (var i = 0; i < listeners.Count; i++)
        {
            keys[LineKeys.OfLine + i] = LineKeys.User(concertId, listeners[i].UserId);
            values[i + 1] = listeners[i].Ticket;
        }
        return scripts.RenewAsync(keys, values, ct);
    }

    private Task<RedisResult> EndAsync(long concertId, long userId, long ticket, bool booked, CancellationToken ct)
        => scripts.EndAsync(LineKeys.Of(concertId, userId, ticket), [Now(), ticket, booked], ct);

    private (RedisValue Epoch, RedisValue Issued, RedisValue Waiting, RedisValue Limits) Recall(long concertId)
        => memory.Recall(concertId) is { Epoch: { } epoch } view
            ? (epoch, view.Issued, view.Waiting, memory.LimitsOf(concertId))
            : ("", 0, 0, memory.LimitsOf(concertId));

    private Standing Saw(long concertId, Standing standing)
    {
        Saw(concertId, standing.Line, wanted: true);
        return standing;
    }

    private void Saw(long concertId, LineView view, bool wanted)
    {
        if (view.Epoch is { } epoch && memory.Recall(concertId)?.Epoch is { } before && epoch != before)
            metrics.Reformed();
        memory.Saw(concertId, view, wanted);
        metrics.Admitted(view.JustAdmitted);
    }

    private RedisValue Now() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
