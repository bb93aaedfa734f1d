using System.Text.Json;
using Npgsql;
using ServiceDefaults.Problems;

namespace ConcertService;

/// <param name="ConcertId">Whose schedules.</param>
/// <param name="Schedules">All of them, or the one that was asked for alone.</param>
public sealed record ConcertLayouts(long ConcertId, IReadOnlyList<SeatLayout> Schedules);

/// <param name="ScheduleId">Whose seats.</param>
/// <param name="StartsAt">When it starts.</param>
/// <param name="Seats">Ascending.</param>
public sealed record SeatLayout(long ScheduleId, DateTimeOffset StartsAt, IReadOnlyList<SeatRun> Seats);

/// <summary>Seats whose ids follow one another and cost the same.</summary>
public sealed record SeatRun(long First, int Count, long Price);

/// <summary>
/// GET /internal/schedules/{id}/layouts: what Reservation has to know to price seats. With <c>alone=true</c> of that schedule, which costs
/// next to nothing; else of the whole concert, because who holds a seat of one schedule is followed by others who want the rest.
/// </summary>
public sealed class ListLayouts : IDisposable
{
    private const string Sql = """
        select s.id, s.starts_at, run.first, run.count, run.price, coalesce((select version from data_set), 0)
        from schedules s
        cross join lateral (
            select min(id) as first, count(*)::int as count, price::bigint as price
            from (select id, price, id - row_number() over (partition by price order by id) as run from seats where schedule_id = s.id) numbered
            group by price, numbered.run
        ) run
        where s.concert_id = $1
        order by s.id, run.first
        """;

    private readonly NpgsqlDataSource _database;
    private readonly ResponseCaches _caches;
    private readonly ListSeats _seats;
    private readonly ResponseCache<long, CachedBody> _layouts;

    public ListLayouts(NpgsqlDataSource database, ResponseCaches caches, ListSeats seats)
    {
        (_database, _caches, _seats) = (database, caches, seats);
        // Replicas of Reservation that start together ask for the same; once they have it, nobody does.
        _layouts = caches.OfStatic<long, CachedBody>("layouts", share: 0.01, ReadAsync);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/internal/schedules/{id}/layouts", (ListLayouts layouts, long id, bool? alone, CancellationToken ct) => layouts.AnswerAsync(id, alone ?? false, ct))
        .WithName(nameof(ListLayouts))
        .WithSummary("The seats of a schedule, and of all others of its concert unless it is asked for alone, with their prices, for other services.")
        .WithTags("Internal")
        .Produces<ConcertLayouts>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    public void Dispose() => _layouts.Dispose();

    private async Task<IResult> AnswerAsync(long id, bool alone, CancellationToken ct)
    {
        // Who wants to hold a seat has just looked at the map, so the map is at hand.
        if (await _seats.FindAsync(id, ct) is not { } map)
            return Problem.NotFound("schedule");
        var body = alone ? Encode(map.ConcertId, [map.Layout()], map.Reading) : await _layouts.GetAsync(map.ConcertId, ct);
        return body is null ? Problem.NotFound("schedule") : body.ToAnswer();
    }

    private async Task<CachedBody?> ReadAsync(long concert, CachedBody? former, CancellationToken ct)
    {
        var reading = _caches.BeginReading();
        await using var command = _database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = concert });
        await using var row = await command.ExecuteReaderAsync(ct);
        var schedules = new List<SeatLayout>();
        var runs = new List<SeatRun>();
        while (await row.ReadAsync(ct))
        {
            if (schedules.Count == 0 || schedules[^1].ScheduleId != row.GetInt64(0))
                schedules.Add(new(row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), runs = []));
            runs.Add(new(row.GetInt64(2), row.GetInt32(3), row.GetInt64(4)));
            reading = reading with { DataSet = row.GetInt64(5) };
        }

        return schedules.Count == 0 ? null : Encode(concert, schedules, reading);
    }

    private static CachedBody Encode(long concert, IReadOnlyList<SeatLayout> schedules, Reading reading) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new(concert, schedules), CatalogueJson.Default.ConcertLayouts), reading);
}
