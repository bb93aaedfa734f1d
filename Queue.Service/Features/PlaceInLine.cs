using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using QueueService.Domain;
using ServiceDefaults.Tokens;

namespace QueueService.Features;

/// <summary>A user's place in a line, as the endpoints show it.</summary>
/// <param name="Token">The receipt of the place: it alone is needed to ask again.</param>
/// <param name="Position">1 is next; 0 when no longer waiting.</param>
/// <param name="PollAfterMs">When to ask again.</param>
/// <param name="Pass">Only when admitted: what the booking endpoints want in X-Queue-Pass.</param>
/// <param name="ExpiresAt">When the pass and the place end.</param>
public sealed record PlaceInLine(
    string Token, long Ticket, TicketStatus Status, long Position, long EtaSeconds, long PollAfterMs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Pass = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? ExpiresAt = null);

/// <summary>Writes a standing down for its user, with signed receipt and pass.</summary>
public sealed class PlaceClerk(TokenSigner tokens, LineMemory memory, IOptions<LineOptions> options, TimeProvider time)
{
    /// <summary>An admitted user has better to do, but may want to see that the booking is complete.</summary>
    private static readonly TimeSpan WhileAdmitted = TimeSpan.FromSeconds(10);

    public PlaceInLine Issued(Standing standing, long concertId, long userId)
    {
        var token = new QueueToken(userId, concertId, standing.Ticket, standing.Line.Epoch, standing.IssuedAt);
        return Show(standing, token, tokens.Sign(token));
    }

    /// <param name="receipt">The token as its holder presented it.</param>
    public PlaceInLine Show(Standing standing, in QueueToken token, string receipt)
        => standing.Status switch
        {
            TicketStatus.Waiting => Waiting(standing.Line, token, receipt),
            TicketStatus.Admitted => new PlaceInLine(
                receipt, standing.Ticket, standing.Status, 0, 0, (long)WhileAdmitted.TotalMilliseconds,
                tokens.Sign(new Pass(token.UserId, token.ConcertId, token.Ticket, standing.PlaceEndsAt)), standing.PlaceEndsAt),
            TicketStatus.Completed or TicketStatus.Expired => new PlaceInLine(receipt, standing.Ticket, standing.Status, 0, 0, 0),
            _ => throw new InvalidOperationException($"There is no status {standing.Status}."),
        };

    public PlaceInLine Waiting(LineView line, in QueueToken token, string receipt)
    {
        var now = time.GetUtcNow();
        var untilOpening = line.UntilOpening(now);
        var position = line.PositionOf(token.Ticket, memory.OrderOf(token));
        var eta = WaitEstimate.Seconds(
            line.LivingUpTo(position), line.AdmittedPerSecond(now), line.Limits.AdmitPerSecond,
            line.Limits.MaxActive / options.Value.PlaceDuration.TotalSeconds, untilOpening);
        var pollAfter = PollPacing.Interval(position, untilOpening, Random.Shared.NextDouble());
        return new PlaceInLine(receipt, token.Ticket, TicketStatus.Waiting, position, eta, (long)pollAfter.TotalMilliseconds);
    }
}
