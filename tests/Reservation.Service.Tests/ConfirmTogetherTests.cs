using Npgsql;
using ReservationService.Features;
using Testing;

namespace ReservationService.Tests;

public sealed class ConfirmTogetherTests(Infrastructure infrastructure)
{
    private const string State = """
        SELECT concat_ws(' ', 'reservation', id, status, payment_id, rejected_payments) FROM reservations
        UNION ALL SELECT concat_ws(' ', 'claim', schedule_id, seat_id, reservation_id) FROM claims
        UNION ALL SELECT concat_ws(' ', 'event', aggregatetype, aggregateid, type, convert_from(payload, 'UTF8'), traceparent) FROM outbox
        """;

    private static readonly string[] Statuses = ["held", "paying", "confirmed", "cancelled", "expired"];

    [Fact]
    public async Task Payments_of_one_poll_end_as_if_each_had_come_by_itself()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        var outcomes = new HashSet<string>();
        foreach (var seed in Enumerable.Range(1, 60))
        {
            var random = new Random(seed);
            var payments = await Task.WhenAll(Enumerable.Range(1, 8).Select(async n => (
                Reservation: await ReserveAsync(sale, Statuses[random.Next(Statuses.Length)], schedule: seed, seat: random.Next(1, 6), ticket: n),
                Payment: Guid.CreateVersion7())));
            (Guid Reservation, Guid Payment)[] told = [.. payments, .. payments.Where(_ => random.Next(3) == 0)];

            var together = await Rehearsal.RunAsync(sale.Db, [Confirmation(told)], State);
            var alone = await Rehearsal.RunAsync(sale.Db, told.Select(t => Confirmation([t])), State);

            Assert.Equal(alone.State, together.State);
            var answers = together.Answers.Single().Split(" | ");
            Assert.Equal(alone.Answers.Order(StringComparer.Ordinal), answers.Order(StringComparer.Ordinal));
            outcomes.UnionWith(answers);
        }
        Assert.Equal(["already confirmed", "already rejected", "confirmed", "rejected"], outcomes.Order(StringComparer.Ordinal));
    }

    private static NpgsqlBatchCommand Confirmation(IEnumerable<(Guid Reservation, Guid Payment)> told)
    {
        var confirmations = new Confirmations();
        foreach (var (reservation, payment) in told)
            confirmations.Add(reservation, payment, traceParent: $"trace of {payment}");
        return confirmations.Command;
    }

    /// <summary>A reservation that is open owns its seat, unless another one does already: then it has ended.</summary>
    private static async Task<Guid> ReserveAsync(Sale sale, string status, long schedule, long seat, long ticket)
    {
        var id = Guid.CreateVersion7();
        await sale.ScalarAsync(
            """
            WITH claim AS (
                INSERT INTO claims SELECT $3, $4, $1 WHERE $2 IN ('held', 'paying', 'confirmed') ON CONFLICT DO NOTHING RETURNING 1
            )
            INSERT INTO reservations (id, user_id, concert_id, schedule_id, seat_ids, ticket, amount, status, held_until, created_at)
            SELECT $1, $5, $3, $3, ARRAY[$4], $5, 1, CASE WHEN EXISTS (SELECT FROM claim) THEN $2 ELSE 'expired' END, now(), now()
            """,
            id, status, schedule, seat, ticket);
        return id;
    }
}
