using System.Diagnostics;
using ConcertService;
using LoadTests.Booking;
using Npgsql;

namespace LoadTests.Seeding;

/// <summary>Fills the databases of a system that runs on this machine.</summary>
internal sealed class Seeder(Stores stores)
{
    private const string SeedWalletsSql = "SELECT seed_wallets(1, $1, $2, clock_timestamp())";

    // What was spent comes back as if it had never been: the ledger keeps each wallet's opening and charges.
    private const string ResetPaymentsSql = """
        TRUNCATE payments, approvals, idempotency_keys, outbox, inbox;
        DELETE FROM ledger_entries WHERE kind IN ('payment', 'refund');
        UPDATE wallets w SET balance = l.total FROM (SELECT account, sum(amount) AS total FROM ledger_entries GROUP BY account) l WHERE l.account = 'wallet:' || w.user_id
        """;

    private const string ResetReservationsSql = "TRUNCATE reservations, claims, idempotency_keys, outbox, inbox";

    // A new version tells every replica that what it remembers is of yesterday.
    private const string ResetSeatsSql = $"""
        TRUNCATE seat_claims, schedule_availability, inbox;
        UPDATE data_set SET version = version + 1;
        SELECT pg_notify('{CatalogueSeeder.Channel}', '')
        """;

    public async Task SeedAsync(CatalogueSpec spec, int users, long points, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        await using var concerts = NpgsqlDataSource.Create(stores.ConcertDb);
        using var finished = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var bar = ProgressBar.ShowAsync(stores.ConcertDb, (long)spec.Schedules * spec.SeatsPerSchedule, finished.Token);
        var loaded = await new CatalogueSeeder(concerts, TimeProvider.System).ReplaceAsync(spec, cancel);
        await finished.CancelAsync();
        await bar;
        Console.WriteLine(loaded
            ? $"loaded {spec.Concerts:N0} concerts, {spec.Schedules:N0} schedules, {(long)spec.Schedules * spec.SeatsPerSchedule:N0} seats"
            : "this data set is there already");
        // Bookings of seats that are gone would be wrong for ever.
        if (loaded) await ExecuteAsync(stores.ReservationDb, ResetReservationsSql, cancel);
        if (loaded) await ExecuteAsync(stores.PaymentDb, ResetPaymentsSql, cancel);

        await using var payments = NpgsqlDataSource.Create(stores.PaymentDb);
        await using var command = payments.CreateCommand(SeedWalletsSql);
        command.CommandTimeout = 600;
        command.Parameters.Add(new() { Value = (long)users });
        command.Parameters.Add(new() { Value = points });
        Console.WriteLine($"opened {await command.ExecuteScalarAsync(cancel):N0} wallets");
        Console.WriteLine($"done after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s");
    }

    public async Task ResetAsync(CancellationToken cancel)
    {
        await ExecuteAsync(stores.ReservationDb, ResetReservationsSql, cancel);
        await ExecuteAsync(stores.PaymentDb, ResetPaymentsSql, cancel);
        await ExecuteAsync(stores.ConcertDb, ResetSeatsSql, cancel);
        Console.WriteLine("every reservation and payment is gone, and the wallets are full again");
    }

    private static async Task ExecuteAsync(string connection, string sql, CancellationToken cancel)
    {
        await using var db = NpgsqlDataSource.Create(connection);
        await using var command = db.CreateCommand(sql);
        command.CommandTimeout = 600;
        await command.ExecuteNonQueryAsync(cancel);
    }
}
