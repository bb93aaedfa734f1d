using ServiceDefaults.Problems;
using ServiceDefaults.Tokens;

namespace QueueService.Features;

/// <summary>A user leaves the line, or gives the place back. Doing it again changes nothing.</summary>
public static class LeaveLine
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapDelete("/queue/tokens/{token}", HandleAsync)
            .WithSummary("Leave the line, or give the place back")
            .Produces(StatusCodes.Status204NoContent)
            .ProducesProblems(StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(string token, TokenSigner tokens, Lines lines, CancellationToken ct)
    {
        if (!tokens.TryVerify(token, out QueueToken receipt))
            return Problem.NotFound("token");
        await lines.LeaveAsync(receipt, ct);
        return TypedResults.NoContent();
    }
}
