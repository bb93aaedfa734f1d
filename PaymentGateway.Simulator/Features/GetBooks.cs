using PaymentGatewaySimulator.Books;
using ServiceDefaults.Problems;

namespace PaymentGatewaySimulator.Features;

/// <summary>The gateway's side of the story, to compare with ours.</summary>
internal static class GetBooks
{
    private const int LargestPage = 1000;

    public static void Map(IEndpointRouteBuilder app) => app
        .MapGet("/books", (Ledger ledger, int page = 1, int size = 100) => (page, size) switch
        {
            ( < 1 or > int.MaxValue / LargestPage, _) => Problem.Invalid("page", "Must be positive."),
            (_, < 1 or > LargestPage) => Problem.Invalid("size", $"Must be 1 to {LargestPage}."),
            _ => Results.Json(ledger.Read(page, size), GatewayJson.Default.BooksPage),
        })
        .Produces<BooksPage>()
        .ProducesProblems(StatusCodes.Status400BadRequest);
}
