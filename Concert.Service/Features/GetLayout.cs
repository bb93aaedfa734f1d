using System.Text.Json;
using Npgsql;
using ServiceDefaults.Problems;

namespace ConcertService;

public sealed record SeatPrice(long Id, string Grade, long Price);

public sealed record SeatLayout(long ScheduleId, long ConcertId, DateTimeOffset StartsAt, IReadOnlyList<SeatPrice> Seats);

/// <summary>
/// GET /internal/schedules/{id}/layout: what Reservation has to know to price seats. It never changes, and Reservation keeps it,
/// so it is read straight from the database.
/// </summary>
public static class GetLayout
{
    private const string Sql = """
        select s.concert_id, s.starts_at, seat.id, seat.grade, seat.price
        from schedules s left join seats seat on seat.schedule_id = s.id
        where s.id = $1
        order by seat.id
        """;

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/internal/schedules/{id}/layout", AnswerAsync)
        .WithName(nameof(GetLayout))
        .WithSummary("A schedule's seats with their prices, for other services.")
        .WithTags("Internal")
        .Produces<SeatLayout>()
        .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> AnswerAsync(long id, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = id });
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
            return Problem.NotFound("schedule");

        var (concert, startsAt) = (row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1));
        var seats = new List<SeatPrice>();
        for (var more = !row.IsDBNull(2); more; more = await row.ReadAsync(ct))
            seats.Add(new(row.GetInt64(2), row.GetString(3), row.GetInt32(4)));
        return Results.Json(new SeatLayout(id, concert, startsAt, seats), CatalogueJson.Default.SeatLayout);
    }
}
