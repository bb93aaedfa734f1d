using ServiceDefaults.Authentication;
using ServiceDefaults.Overload;
using ServiceDefaults.Problems;

namespace QueueService.Features;

/// <summary>Which line to stand in.</summary>
public sealed record TokenRequest(long ConcertId);

/// <summary>A user joins a concert's line. Where nobody waits and a place is free, the user is admitted at once.</summary>
public static class IssueToken
{
    public static void Map(IEndpointRouteBuilder api) =>
        api.MapPost("/queue/tokens", HandleAsync)
            .RequireUser()
            .LimitPerUser()
            .WithSummary("Join a concert's line")
            .Produces<PlaceInLine>(StatusCodes.Status200OK)
            .Produces<PlaceInLine>(StatusCodes.Status201Created)
            .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(TokenRequest request, SignedInUser user, Lines lines, PlaceClerk clerk, CancellationToken ct)
    {
        if (request.ConcertId <= 0)
            return Problem.Invalid("concertId", "A concert's id is a positive number.");

        var standing = await lines.IssueAsync(request.ConcertId, user.Id, ct);
        var place = clerk.Issued(standing, request.ConcertId, user.Id);
        return standing.IsNew
            ? TypedResults.Created($"/api/v1/queue/tokens/{place.Token}", place)
            : TypedResults.Ok(place);
    }
}
