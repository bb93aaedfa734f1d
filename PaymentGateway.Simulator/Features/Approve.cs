using PaymentGatewaySimulator.Books;
using PaymentGatewaySimulator.Faults;
using ServiceDefaults.Idempotency;
using ServiceDefaults.Problems;

namespace PaymentGatewaySimulator.Features;

public sealed record ApprovalRequest(long Amount, string Currency, PaymentCard Card, string OrderId);

/// <summary>A card as the merchant sends it. Never kept, and never written into a log by accident.</summary>
public sealed record PaymentCard(string Number, string Expiry, string? Holder = null)
{
    public override string ToString() => "card";
}

/// <summary>Takes money: 200 <c>approved</c>, 402 <c>declined</c>, or 409 <c>cancelled</c> when the key was cancelled before.</summary>
internal static class Approve
{
    public static void Map(IEndpointRouteBuilder gateway) => gateway.MapPost("/approvals", Handle)
        .WithMetadata(new TakesMoney())
        .RequireIdempotencyKey()
        .Produces<Entry>()
        .Produces<Entry>(StatusCodes.Status402PaymentRequired)
        .Produces<Entry>(StatusCodes.Status409Conflict)
        .ProducesProblems(StatusCodes.Status422UnprocessableEntity, StatusCodes.Status503ServiceUnavailable);

    private static IResult Handle(ApprovalRequest request, IdempotencyKey key, Ledger ledger)
    {
        if (request.Amount <= 0)
            return Problem.Invalid("amount", "Must be positive.");
        if (request.Currency is not "KRW")
            return Problem.Invalid("currency", "Only KRW is settled here.");

        var entry = ledger.Approve(key.Value, request.OrderId, request.Amount, TestCards.DeclineReason(request.Card.Number));
        return entry.Status switch
        {
            EntryStatus.Cancelled => Results.Json(entry, GatewayJson.Default.Entry, statusCode: StatusCodes.Status409Conflict),
            _ when entry.Amount != request.Amount || entry.OrderId != request.OrderId => Problem.Of(
                StatusCodes.Status422UnprocessableEntity, "idempotency-key-reused", "This key was used for another approval."),
            EntryStatus.Declined => Results.Json(entry, GatewayJson.Default.Entry, statusCode: StatusCodes.Status402PaymentRequired),
            _ => Results.Json(entry, GatewayJson.Default.Entry),
        };
    }
}
