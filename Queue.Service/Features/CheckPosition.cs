using ServiceDefaults.Problems;
using ServiceDefaults.Tokens;

namespace QueueService.Features;

/// <summary>The holder of a token asks how it stands. The token is the receipt: whoever has it needs no other proof.</summary>
public static class CheckPosition
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet("/queue/tokens/{token}", HandleAsync)
            .WithSummary("How a token stands; with the pass once it is admitted")
            .Produces<PlaceInLine>()
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(string token, TokenSigner tokens, Lines lines, PlaceClerk clerk, CancellationToken ct)
        => tokens.TryVerify(token, out QueueToken receipt)
            ? TypedResults.Ok(clerk.Show(await lines.CheckAsync(receipt, ct), receipt, token))
            : Problem.NotFound("token");
}
