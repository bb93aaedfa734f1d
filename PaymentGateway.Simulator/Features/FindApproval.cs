using PaymentGatewaySimulator.Books;
using ServiceDefaults.Problems;

namespace PaymentGatewaySimulator.Features;

/// <summary>What became of a key: the answer for a merchant who never heard.</summary>
internal static class FindApproval
{
    public static void Map(IEndpointRouteBuilder gateway) => gateway
        .MapGet("/approvals/{key}", (string key, Ledger ledger) =>
            ledger.Find(key) is { } entry ? Results.Json(entry, GatewayJson.Default.Entry) : Problem.NotFound("approval"))
        .Produces<Entry>()
        .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
}
