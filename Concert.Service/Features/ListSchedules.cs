using Npgsql;
using ServiceDefaults.Problems;

namespace ConcertService;

public sealed record ScheduleItem(long Id, long ConcertId, DateTimeOffset StartsAt, int SeatsTotal, int SeatsAvailable);

public sealed record ScheduleItems(IReadOnlyList<ScheduleItem> Items);

/// <summary>GET /concerts/{id}/schedules: a concert's dates, and how many seats each still has.</summary>
public sealed class ListSchedules : IDisposable
{
    // One statement, so one snapshot: counts and versions belong together.
    private const string Sql = """
        select s.id, s.starts_at, s.seats_total, s.seats_total - coalesce(a.taken, 0), coalesce(a.version, 0),
               coalesce((select version from data_set), 0)
        from concerts c
        left join schedules s on s.concert_id = c.id
        left join schedule_availability a on a.schedule_id = s.id
        where c.id = $1
        order by s.starts_at, s.id
        """;

    private readonly NpgsqlDataSource _database;
    private readonly ResponseCaches _caches;
    private readonly ResponseCache<long, ScheduleList> _schedules;

    public ListSchedules(NpgsqlDataSource database, ResponseCaches caches, SeatFeed feed)
    {
        (_database, _caches) = (database, caches);
        _schedules = caches.OfLive<long, ScheduleList>("schedules", share: 0.2, ReadAsync);
        feed.Changed += change => _schedules.Change(change.ConcertId, list => list.After(change));
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/concerts/{id}/schedules", (ListSchedules schedules, long id, CancellationToken ct) => schedules.AnswerAsync(id, ct))
        .WithName(nameof(ListSchedules))
        .WithSummary("A concert's schedules in the order of time, with how many seats are free.")
        .WithTags("Concerts")
        .Produces<ScheduleItems>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    public void Dispose() => _schedules.Dispose();

    private async Task<IResult> AnswerAsync(long id, CancellationToken ct) =>
        await _schedules.GetAsync(id, ct) is { } list
            ? new CachedAnswer(CachedAnswer.Tag(list.Reading.DataSet, list.Version), CachedAnswer.PublicLive, length: null, list.WriteTo)
            : Problem.NotFound("concert");

    private async Task<ScheduleList?> ReadAsync(long concert, ScheduleList? former, CancellationToken ct)
    {
        var reading = _caches.BeginReading();
        await using var command = _database.CreateCommand(Sql);
        command.Parameters.Add(new() { Value = concert });
        await using var row = await command.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
            return null;

        reading = reading with { DataSet = row.GetInt64(5) };
        var (items, versions) = (new List<ScheduleItem>(), new List<long>());
        // A concert without schedules is one row of nulls.
        for (var more = !row.IsDBNull(0); more; more = await row.ReadAsync(ct))
        {
            items.Add(new(row.GetInt64(0), concert, row.GetFieldValue<DateTimeOffset>(1), row.GetInt32(2), row.GetInt32(3)));
            versions.Add(row.GetInt64(4));
        }

        return new(reading, items, versions);
    }
}
