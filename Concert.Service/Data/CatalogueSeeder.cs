using Npgsql;
using NpgsqlTypes;

namespace ConcertService;

/// <summary>
/// Puts an invented data set into the database: all of it or nothing, in one transaction, by binary COPY. Several may try at once; one does it.
/// </summary>
public sealed class CatalogueSeeder(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Tells every replica which data set is there now, so that nobody goes on answering from the former one.</summary>
    public const string Channel = "data_set";

    // Any constant will do that nothing else in this database locks.
    private const long SeedLock = 0x636f6e63657274;
    private static readonly TimeSpan LoadTimeout = TimeSpan.FromMinutes(10);

    /// <summary>Loads the data set if there is none at all. Never touches one that is there.</summary>
    public Task<bool> LoadIfEmptyAsync(CatalogueSpec spec, CancellationToken ct) => LoadAsync(spec, replace: false, ct);

    /// <summary>Makes this the data set; does nothing if it is already. What is known about seats is dropped with the former one.</summary>
    public Task<bool> ReplaceAsync(CatalogueSpec spec, CancellationToken ct) => LoadAsync(spec, replace: true, ct);

    private async Task<bool> LoadAsync(CatalogueSpec spec, bool replace, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Waiting for another loader, and loading, may take longer than a request's command may.
        await ExecuteAsync(connection, $"set local statement_timeout = 0; set local lock_timeout = 0; select pg_advisory_xact_lock({SeedLock})", ct);
        if (await CurrentAsync(connection, ct) is { } current && (!replace || current == spec))
            return false;

        // COPY FREEZE (rows need no second visit by vacuum) is allowed for what was truncated in the same transaction.
        await ExecuteAsync(connection, "truncate concerts, schedules, seats, seat_claims, schedule_availability, data_set", ct);
        var invention = new CatalogueInvention(spec, DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime).AddDays(30));
        await CopyConcertsAsync(connection, spec, invention, ct);
        await CopySchedulesAsync(connection, spec, invention, ct);
        await CopySeatsAsync(connection, spec, invention, ct);
        await RecordAsync(connection, spec, ct);
        await transaction.CommitAsync(ct);
        await ExecuteAsync(connection, "analyze concerts, schedules, seats", ct);
        return true;
    }

    private static async Task<CatalogueSpec?> CurrentAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("select concerts, schedules, seats_per_schedule, seed from data_set", connection);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct) ? new(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3)) : null;
    }

    private static async Task CopyConcertsAsync(NpgsqlConnection connection, CatalogueSpec spec, CatalogueInvention invention, CancellationToken ct)
    {
        await using var copy = await BeginAsync(connection, "concerts (id, title, artist, venue, first_starts_at, last_starts_at)", ct);
        for (long concert = 1; concert <= spec.Concerts; concert++)
        {
            var first = invention.FirstScheduleOf(concert);
            var last = Math.Max(first, invention.FirstScheduleOf(concert + 1) - 1);
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(concert, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(invention.Title(concert), NpgsqlDbType.Text, ct);
            await copy.WriteAsync(invention.Artist(concert), NpgsqlDbType.Text, ct);
            await copy.WriteAsync(invention.Venue(concert), NpgsqlDbType.Text, ct);
            await copy.WriteAsync(invention.StartsAt(first), NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(invention.StartsAt(last), NpgsqlDbType.TimestampTz, ct);
        }

        await copy.CompleteAsync(ct);
    }

    private static async Task CopySchedulesAsync(NpgsqlConnection connection, CatalogueSpec spec, CatalogueInvention invention, CancellationToken ct)
    {
        await using var copy = await BeginAsync(connection, "schedules (id, concert_id, starts_at, seats_total)", ct);
        for (long schedule = 1; schedule <= spec.Schedules; schedule++)
        {
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(schedule, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(spec.ConcertOf(schedule), NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(invention.StartsAt(schedule), NpgsqlDbType.TimestampTz, ct);
            await copy.WriteAsync(spec.SeatsPerSchedule, NpgsqlDbType.Integer, ct);
        }

        await copy.CompleteAsync(ct);
    }

    private static async Task CopySeatsAsync(NpgsqlConnection connection, CatalogueSpec spec, CatalogueInvention invention, CancellationToken ct)
    {
        await using var copy = await BeginAsync(connection, "seats (schedule_id, id, price, row, number, section, grade)", ct);
        var (concert, seats) = (0L, Array.Empty<SeatFace>());
        for (long schedule = 1; schedule <= spec.Schedules; schedule++)
        {
            if (concert != spec.ConcertOf(schedule))
                seats = invention.Seats(concert = spec.ConcertOf(schedule));

            for (var n = 0; n < seats.Length; n++)
            {
                await copy.StartRowAsync(ct);
                await copy.WriteAsync(schedule, NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync(spec.SeatId(schedule, n + 1), NpgsqlDbType.Bigint, ct);
                await copy.WriteAsync((int)seats[n].Price, NpgsqlDbType.Integer, ct);
                await copy.WriteAsync(seats[n].Row, NpgsqlDbType.Smallint, ct);
                await copy.WriteAsync(seats[n].Number, NpgsqlDbType.Smallint, ct);
                await copy.WriteAsync(seats[n].Section, NpgsqlDbType.Text, ct);
                await copy.WriteAsync(seats[n].Grade, NpgsqlDbType.Text, ct);
            }
        }

        await copy.CompleteAsync(ct);
    }

    private static async Task<NpgsqlBinaryImporter> BeginAsync(NpgsqlConnection connection, string into, CancellationToken ct)
    {
        var copy = await connection.BeginBinaryImportAsync($"copy {into} from stdin (format binary, freeze)", ct);
        copy.Timeout = LoadTimeout;
        return copy;
    }

    private async Task RecordAsync(NpgsqlConnection connection, CatalogueSpec spec, CancellationToken ct)
    {
        const string sql = """
            insert into data_set (version, concerts, schedules, seats_per_schedule, seed, loaded_at) values ($1, $2, $3, $4, $5, $6)
            returning pg_notify('data_set', version::text)
            """;
        var now = time.GetUtcNow();
        await using var command = new NpgsqlCommand(sql, connection)
        {
            Parameters =
            {
                // A time, not a count: a database that was dropped and loaded again must not repeat a version that clients remember.
                new() { Value = now.ToUnixTimeMilliseconds() },
                new() { Value = spec.Concerts },
                new() { Value = spec.Schedules },
                new() { Value = spec.SeatsPerSchedule },
                new() { Value = spec.Seed },
                new() { Value = now },
            },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)LoadTimeout.TotalSeconds };
        await command.ExecuteNonQueryAsync(ct);
    }
}
