using System.Buffers;
using Npgsql;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;

namespace ConcertService;

public sealed record SeatItem(long Id, string Section, int Row, int Number, string Grade, long Price, string Status);

public sealed record SeatItems(long ScheduleId, long Version, IReadOnlyList<SeatItem> Seats);

/// <summary>GET /schedules/{id}/seats: every seat and whether it is free, for those admitted to the concert.</summary>
public sealed class ListSeats : IDisposable
{
    // One statement, so one snapshot: these seats are taken as of this version. Reads the taken seats of one schedule and no others.
    private const string TakenSql = """
        select s.concert_id, s.starts_at, coalesce(a.version, 0), coalesce((select version from data_set), 0),
               array(select seat_id from seat_claims where schedule_id = s.id and state = 1),
               array(select seat_id from seat_claims where schedule_id = s.id and state = 3)
        from schedules s
        left join schedule_availability a on a.schedule_id = s.id
        where s.id = $1
        """;

    private const string SeatsSql = "select id, section, row, number, grade, price from seats where schedule_id = $1 order by id";

    private readonly NpgsqlDataSource _database;
    private readonly ResponseCaches _caches;
    private readonly SeatFeed _feed;
    private readonly ResponseCache<long, SeatMap> _maps;

    public ListSeats(NpgsqlDataSource database, ResponseCaches caches, SeatFeed feed)
    {
        (_database, _caches, _feed) = (database, caches, feed);
        _maps = caches.OfLive<long, SeatMap>("seats", share: 0.65, ReadAsync);
        feed.Changed += change => _maps.Change(change.ScheduleId, map => map.After(change));
    }

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/schedules/{id}/seats", (ListSeats seats, AdmittedPass pass, long id, CancellationToken ct) => seats.AnswerAsync(id, pass, ct))
        .RequirePass()
        .WithName(nameof(ListSeats))
        .WithSummary("A schedule's seats with their status: available, held or sold. Needs a pass to the schedule's concert.")
        .WithTags("Seats")
        .Produces<SeatItems>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);

    public void Dispose() => _maps.Dispose();

    /// <summary>Null when there is no such schedule.</summary>
    public ValueTask<SeatMap?> FindAsync(long schedule, CancellationToken ct) => _maps.GetAsync(schedule, ct);

    /// <summary>Does once, for nobody, what a first look at seats needs. Not through the cache, which bounds how long a reading may take.</summary>
    internal async Task RehearseAsync(CancellationToken ct)
    {
        await using var any = _database.CreateCommand("select coalesce(min(id), 0) from schedules");
        var schedule = (long)(await any.ExecuteScalarAsync(ct))!;
        if (await ReadAsync(schedule, former: null, ct) is { } map)
            map.Picture().WriteTo(new ArrayBufferWriter<byte>());
    }

    private async Task<IResult> AnswerAsync(long id, AdmittedPass pass, CancellationToken ct) => await _maps.GetAsync(id, ct) switch
    {
        null => Problem.NotFound("schedule"),
        { ConcertId: var concert } when concert != pass.ConcertId =>
            Problem.Of(StatusCodes.Status403Forbidden, "not-admitted", "This pass is for another concert."),
        var map => Answer(map.Reading.DataSet, map.Picture()),
    };

    private static CachedAnswer Answer(long dataSet, SeatPicture picture) =>
        new(CachedAnswer.Tag(dataSet, picture.Version), CachedAnswer.PrivateLive, picture.JsonBytes, picture.WriteTo);

    private async Task<SeatMap?> ReadAsync(long schedule, SeatMap? former, CancellationToken ct)
    {
        var reading = _caches.BeginReading();
        await using var batch = _database.CreateBatch();
        batch.BatchCommands.Add(new(TakenSql) { Parameters = { new() { Value = schedule } } });
        // What the seats are like is read once a day at most; after that only which are taken.
        var known = former is not null && _feed.IsCurrent(former.Reading) ? former : null;
        if (known is null)
            batch.BatchCommands.Add(new(SeatsSql) { Parameters = { new() { Value = schedule } } });

        await using var row = await batch.ExecuteReaderAsync(ct);
        if (!await row.ReadAsync(ct))
            return null;
        var (concert, startsAt, version, dataSet) = (row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetInt64(2), row.GetInt64(3));
        var (held, sold) = (row.GetFieldValue<long[]>(4), row.GetFieldValue<long[]>(5));
        reading = reading with { DataSet = dataSet };

        if (known is not null)
            reading = reading with { StaticUntil = known.Reading.StaticUntil };
        else
            known = await ReadSeatsAsync(row, schedule, concert, startsAt, reading, ct);
        return known.Reading.DataSet == dataSet ? known.With(reading, version, held, sold) : await ReadAsync(schedule, null, ct);
    }

    private static async Task<SeatMap> ReadSeatsAsync(
        NpgsqlDataReader row, long schedule, long concert, DateTimeOffset startsAt, Reading reading, CancellationToken ct)
    {
        await row.NextResultAsync(ct);
        var (ids, faces) = (new List<long>(), new List<SeatFace>());
        while (await row.ReadAsync(ct))
        {
            ids.Add(row.GetInt64(0));
            faces.Add(new(row.GetString(1), row.GetInt16(2), row.GetInt16(3), row.GetString(4), row.GetInt32(5)));
        }

        var plan = SeatPlan.Of(faces, out var isNew);
        return new(schedule, concert, startsAt, reading, plan, isNew, [.. ids]);
    }
}
