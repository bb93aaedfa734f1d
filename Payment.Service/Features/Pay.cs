using System.Diagnostics;
using System.Text.Json.Serialization;
using Contracts;
using PaymentService.Domain;
using ServiceDefaults.Authentication;
using ServiceDefaults.Idempotency;
using ServiceDefaults.Overload;
using ServiceDefaults.Problems;
using ServiceDefaults.Tokens;

namespace PaymentService.Features;

public sealed record PaymentRequest(Guid ReservationId, string HoldToken, PaymentMethod Method, CardDetails? Card = null);

/// <summary>A card as the caller sends it. It prints nothing of itself.</summary>
public sealed record CardDetails(string Number, string Expiry, string? Holder = null)
{
    public override string ToString() => "card";
}

/// <summary>What is to be paid, as the hold's receipt says: price and owner never come from the body.</summary>
public sealed record Purchase(SignedInUser User, HoldToken Hold, IdempotentRequest Request);

/// <summary>Pays a reservation, with points or by card.</summary>
internal static class Pay
{
    public const string Route = "POST /payments";

    public static void Map(IEndpointRouteBuilder api) => api.MapPost("/payments", Handle)
        .RequireUser()
        .RequireIdempotencyKey()
        .LimitPerUser()
        .Produces<PaymentView>(StatusCodes.Status201Created)
        .Produces<PaymentView>(StatusCodes.Status202Accepted)
        .ProducesProblems(
            StatusCodes.Status400BadRequest, StatusCodes.Status402PaymentRequired, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict,
            StatusCodes.Status410Gone, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status422UnprocessableEntity, StatusCodes.Status503ServiceUnavailable)
        .WithSummary("Pay a reservation");

    private static async Task<IResult> Handle(
        PaymentRequest request, SignedInUser user, IdempotencyKey key, TokenSigner tokens, TimeProvider time,
        PayWithPoints points, PayByCard cards, FirstAnswers answers, CancellationToken ct)
    {
        if (!tokens.TryVerify(request.HoldToken, out HoldToken hold))
            return Problem.Invalid("holdToken", "Must be the holdToken of your reservation.");
        if (hold.UserId != user.Id)
            return Problem.NotFound("reservation");
        if (hold.ReservationId != request.ReservationId)
            return Problem.Invalid("reservationId", "Is not the reservation of the holdToken.");

        var now = time.GetUtcNow();
        var card = default(Card);
        if (request.Method is PaymentMethod.Card)
        {
            if (request.Card is null)
                return Problem.Invalid("card", "Is required to pay by card.");
            (card, var field, var mistake) = Card.Parse(request.Card.Number, request.Card.Expiry, request.Card.Holder, now);
            if (card is null)
                return Problem.Invalid(field, mistake);
        }

        var purchase = new Purchase(user, hold, IdempotentRequest.Create(user, Route, key, Canonical(request, card)));
        Activity.Current?.SetTag("payment.method", PaymentView.NameOf(request.Method));
        // A repeated request gets its first answer even when the hold has ended meanwhile.
        if (hold.HeldUntil <= now)
            return await answers.FindAsync(purchase.Request, ct) ?? PaymentProblems.HoldExpired;
        return card is null ? await points.HandleAsync(purchase, ct) : await cards.HandleAsync(purchase, card);
    }

    // Only the last digits of a card: not even a hash of the number is kept.
    private static byte[] Canonical(PaymentRequest request, Card? card)
        => System.Text.Encoding.UTF8.GetBytes($"{request.ReservationId}|{request.HoldToken}|{request.Method}|{card?.LastFour}");
}
