using ServiceDefaults.Problems;

namespace ConcertService;

/// <param name="ScheduleId">Whose seats.</param>
/// <param name="ConcertId">Whose schedule.</param>
/// <param name="StartsAt">When it starts.</param>
/// <param name="SeatIds">Ascending.</param>
/// <param name="Prices">Of each seat, in the same order.</param>
public sealed record SeatLayout(long ScheduleId, long ConcertId, DateTimeOffset StartsAt, IReadOnlyList<long> SeatIds, IReadOnlyList<long> Prices);

/// <summary>
/// GET /internal/schedules/{id}/layout: what Reservation has to know to price seats. Who wants to hold a seat has just looked at the
/// map, so the map at hand answers.
/// </summary>
public static class GetLayout
{
    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/internal/schedules/{id}/layout", AnswerAsync)
        .WithName(nameof(GetLayout))
        .WithSummary("A schedule's seats with their prices, for other services.")
        .WithTags("Internal")
        .Produces<SeatLayout>()
        .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> AnswerAsync(long id, ListSeats seats, CancellationToken ct) =>
        await seats.FindAsync(id, ct) is { } map
            ? Results.Json(map.Layout, CatalogueJson.Default.SeatLayout)
            : Problem.NotFound("schedule");
}
