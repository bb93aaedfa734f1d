using PaymentGatewaySimulator.Books;
using ServiceDefaults.Problems;

namespace PaymentGatewaySimulator.Features;

public sealed record CancellationRequest(string Key);

/// <summary>Gives the money back, or sees to it that none is taken under a key not known yet. Repeating it changes nothing.</summary>
internal static class Cancel
{
    public static void Map(IEndpointRouteBuilder gateway) => gateway
        .MapPost("/cancellations", (CancellationRequest request, Ledger ledger) => request.Key is { Length: > 0 and <= 255 }
            ? Results.Json(ledger.Cancel(request.Key), GatewayJson.Default.Entry)
            : Problem.Invalid("key", "Must be 1 to 255 characters."))
        .Produces<Entry>()
        .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status503ServiceUnavailable);
}
