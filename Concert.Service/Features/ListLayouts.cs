using System.Text.Json;
using Npgsql;
using ServiceDefaults.Problems;

namespace ConcertService;

/// <param name="ConcertId">Whose schedules.</param>
/// <param name="Schedules">All of them.</param>
public sealed record ConcertLayouts(long ConcertId, IReadOnlyList<SeatLayout> Schedules);

/// <param name="ScheduleId">Whose seats.</param>
/// <param name="StartsAt">When it starts.</param>
/// <param name="Seats">Ascending.</param>
public sealed record SeatLayout(long ScheduleId, DateTimeOffset StartsAt, IReadOnlyList<SeatRun> Seats);

/// <summary>Seats whose ids follow one another and cost the same.</summary>
public sealed record SeatRun(long First, int Count, long Price);

/// <summary>
/// GET /internal/schedules/{id}/layouts: what Reservation has to know to price seats. The whole concert's at once: who holds a seat
/// of one of its schedules is followed by others who want the rest.
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
        _layouts = caches.OfStatic<long, CachedBody>("layouts", share: 0.05, ReadAsync);
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/internal/schedules/{id}/layouts", (ListLayouts layouts, long id, CancellationToken ct) => layouts.AnswerAsync(id, ct))
        .WithName(nameof(ListLayouts))
        .WithSummary("The seats of a schedule and of all others of its concert, with their prices, for other services.")
        .WithTags("Internal")
        .Produces<ConcertLayouts>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    public void Dispose() => _layouts.Dispose();

    private async Task<IResult> AnswerAsync(long id, CancellationToken ct)
    {
        // Who wants to hold a seat has just looked at the map, so the map at hand tells whose schedule it is.
        if (await _seats.FindAsync(id, ct) is not { } map || await _layouts.GetAsync(map.ConcertId, ct) is not { } body)
            return Problem.NotFound("schedule");
        return body.ToAnswer();
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

        return schedules.Count == 0 ? null : new(JsonSerializer.SerializeToUtf8Bytes(new(concert, schedules), CatalogueJson.Default.ConcertLayouts), reading);
    }
}
