using Messaging;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ReservationService.Domain;
using ReservationService.Features;
using ServiceDefaults.Idempotency;
using Testing;

namespace ReservationService.Tests;

public sealed class HoldTogetherTests(Infrastructure infrastructure)
{
    private const string State = """
        SELECT concat_ws(' ', 'reservation', id, user_id, concert_id, schedule_id, seat_ids, ticket, amount, status, held_until, created_at) FROM reservations
        UNION ALL SELECT concat_ws(' ', 'claim', schedule_id, seat_id, reservation_id) FROM claims
        UNION ALL SELECT concat_ws(' ', 'key', user_id, route, key, fingerprint, status, body) FROM idempotency_keys
        UNION ALL SELECT concat_ws(' ', 'event', aggregatetype, aggregateid, type, payload, traceparent) FROM outbox
        """;

    // Rows of a transaction's own number were not written by hold_together, which runs in a subtransaction.
    private const string Together = "SELECT bool_and(xmin <> pg_current_xact_id()::xid)::text FROM reservations";

    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Ordinary_holds_of_one_moment_are_written_together()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        var attempts = Enumerable.Range(1, 32)
            .Select(n => Attempt(user: n, ticket: n, seats: [.. Enumerable.Range(n * 4, 1 + n % 4).Select(s => (long)s)], key: n % 3 == 0 ? $"key {n}" : null)).ToArray();

        var (answers, together) = await Rehearsal.RunAsync(sale.Db, [Store(sale).Command(attempts)], Together);

        Assert.Equal(Enumerable.Repeat("held", 32), answers);
        Assert.Equal(["true"], together);
    }

    [Fact]
    public async Task Whatever_comes_together_ends_as_if_each_had_come_by_itself()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        var store = Store(sale);
        // Some of these are confirmed, some have expired.
        foreach (var earlier in Enumerable.Range(1, 8))
            await HeldAsync(sale, store.Command([Attempt(user: earlier, ticket: earlier, seats: [earlier], key: earlier % 2 == 0 ? $"key {earlier}" : null)]));
        await sale.ScalarAsync("UPDATE reservations SET status = 'confirmed' WHERE user_id <= 2");
        await sale.ScalarAsync("UPDATE reservations SET held_until = '2030-01-01 11:00Z' WHERE user_id BETWEEN 3 AND 5");

        var refusals = new HashSet<string>();
        foreach (var seed in Enumerable.Range(1, 150))
        {
            var random = new Random(seed);
            var attempts = Enumerable.Range(0, random.Next(2, 8)).Select(_ => AnyAttempt(random)).ToArray();

            var together = await Rehearsal.RunAsync(sale.Db, [store.Command(attempts)], State);
            var alone = await Rehearsal.RunAsync(sale.Db, attempts.Select(a => store.Command([a])), State);

            Assert.True(alone.Answers.SequenceEqual(together.Answers), $"seed {seed}: {string.Join(", ", together.Answers)} instead of {string.Join(", ", alone.Answers)}");
            Assert.Equal(alone.State, together.State);
            refusals.UnionWith(alone.Answers.Select(a => a.Split(' ')[0]));
        }
        Assert.Equal(["held", "key-used", "pass-spent", "reservation-open", "seat-limit", "seat-taken"], refusals.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Together_or_alone_a_hold_reads_nobody_elses_reservations_whatever_the_planner_knows()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        var store = Store(sale);
        await HeldAsync(sale, store.Command([Attempt(user: 1, ticket: 1, seats: [1])]));
        // As after the first minute of a sale: vacuumed, and not analysed.
        await sale.ScalarAsync("ALTER TABLE reservations SET (autovacuum_enabled = false)");
        await sale.ScalarAsync("""
            INSERT INTO reservations (id, user_id, concert_id, schedule_id, seat_ids, ticket, amount, status, held_until, created_at)
            SELECT gen_random_uuid(), n, 1 + n % 100, n, '{1}', n, 1, 'held', now() + interval '1 hour', now() FROM generate_series(1000000, 1020000) n
            """);
        await sale.ScalarAsync("VACUUM reservations");

        foreach (var holds in new[] { 1, 10 })
        {
            var (_, read) = await Rehearsal.RunAsync(
                sale.Db,
                [store.Command([.. Enumerable.Range(1, holds).Select(n => Attempt(user: n, ticket: 100 + n, seats: [100 + n]))])],
                """
                SELECT sum(pg_stat_get_xact_tuples_returned(r))::text
                FROM (SELECT 'reservations'::regclass UNION SELECT indexrelid FROM pg_index WHERE indrelid = 'reservations'::regclass) AS _ (r)
                """);
            Assert.InRange(long.Parse(read[0]), 0, 10);
        }
    }

    private static SeatStore Store(Sale sale) => sale.Replica().Services.GetRequiredService<SeatStore>();

    private static async Task HeldAsync(Sale sale, NpgsqlBatchCommand command)
    {
        await using var batch = sale.Db.CreateBatch();
        batch.BatchCommands.Add(command);
        Assert.Equal("held", await batch.ExecuteScalarAsync());
    }

    private static SeatStore.Attempt AnyAttempt(Random random)
    {
        var user = random.Next(1, 30);
        var seats = Enumerable.Range(1, 60).Select(s => (long)s).OrderBy(_ => random.Next()).Take(random.Next(1, 5)).Order();
        return Attempt(user, ticket: random.Next(1, 40), [.. seats], key: random.Next(3) == 0 ? $"key {user}" : null);
    }

    private static SeatStore.Attempt Attempt(long user, long ticket, long[] seats, string? key = null)
    {
        var id = Guid.CreateVersion7();
        return new(
            new Hold(id, user, 1, 1 + ticket % 3, seats, ticket, 50_000 * seats.Length, Now, Now.AddMinutes(5)),
            new OutboxMessage(Guid.CreateVersion7(), "reservations", "1", "ReservationHeld", [.. id.ToByteArray()], ticket % 2 == 0 ? $"trace {ticket}" : null),
            key is null ? null : new IdempotentRequest(user, "POST /reservations", key, [1, 2, 3]),
            key is null ? null : $"answer {id}");
    }
}
