using Contracts;
using Messaging;
using Npgsql;
using PaymentService.Features;
using ServiceDefaults.Authentication;
using ServiceDefaults.Idempotency;
using ServiceDefaults.Tokens;
using Testing;

namespace PaymentService.Tests;

public sealed class PayTogetherTests(Infrastructure infrastructure)
{
    private const string State = """
        SELECT concat_ws(' ', 'payment', id, reservation_id, user_id, amount, method, status, created_at, settled_at) FROM payments
        UNION ALL SELECT concat_ws(' ', 'wallet', user_id, balance) FROM wallets
        UNION ALL SELECT concat_ws(' ', 'entry', account, movement, amount, kind, payment_id, created_at) FROM ledger_entries
        UNION ALL SELECT concat_ws(' ', 'key', user_id, route, key, fingerprint, status, body) FROM idempotency_keys
        UNION ALL SELECT concat_ws(' ', 'event', id, aggregatetype, aggregateid, type, payload, traceparent) FROM outbox
        """;

    // Rows of a transaction's own number were not written by pay_together, which runs in a subtransaction.
    private const string Together = "SELECT bool_and(xmin <> pg_current_xact_id()::xid)::text FROM payments";

    private static readonly DateTimeOffset Now = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Ordinary_payments_of_one_moment_are_written_together()
    {
        await using var till = await Till.OpenAsync(infrastructure);
        var debits = Enumerable.Range(1, 10).Select(n => Debit(user: n, amount: 1_000, Guid.CreateVersion7(), key: "k")).ToArray();

        var (answers, together) = await Rehearsal.RunAsync(till.Db, [PayWithPoints.Command(debits)], Together);

        Assert.All(answers, answer => Assert.StartsWith("completed", answer, StringComparison.Ordinal));
        Assert.Equal(10, answers.Length);
        Assert.Equal(["true"], together);
    }

    [Fact]
    public async Task Whatever_comes_together_ends_as_if_each_had_come_by_itself()
    {
        await using var till = await Till.OpenAsync(infrastructure);
        var reservations = Enumerable.Range(1, 40).Select(_ => Guid.CreateVersion7()).ToArray();
        var outcomes = new HashSet<string>();
        foreach (var seed in Enumerable.Range(1, 150))
        {
            var random = new Random(seed);
            var debits = Enumerable.Range(0, random.Next(2, 8)).Select(_ => Debit(
                user: random.Next(1, 11), amount: random.Next(8) == 0 ? 2_000_000 : 1_000, reservations[random.Next(reservations.Length)], key: $"key {random.Next(1, 30)}")).ToArray();

            var together = await Rehearsal.RunAsync(till.Db, [PayWithPoints.Command(debits)], State);
            var alone = await Rehearsal.RunAsync(till.Db, debits.Select(d => PayWithPoints.Command([d])), State);

            Assert.Equal(alone.Answers, together.Answers);
            Assert.Equal(alone.State, together.State);
            outcomes.UnionWith(alone.Answers.Select(a => a.Split(' ')[0]));
        }
        Assert.Equal(["already-paid", "completed", "insufficient-points", "replay"], outcomes.Order(StringComparer.Ordinal));
    }

    private static PayWithPoints.Debit Debit(long user, long amount, Guid reservation, string key)
    {
        var id = Guid.CreateVersion7();
        return new(
            id, Now, new Purchase(new SignedInUser(user, IsAdmin: false), new HoldToken(reservation, user, amount, Now), new IdempotentRequest(user, "POST /payments", key, [1, 2, 3])),
            $"answer {id}", new OutboxMessage(Guid.CreateVersion7(), Topics.Payments, reservation.ToString(), "PaymentCompleted", id.ToByteArray(), user % 2 == 0 ? $"trace {user}" : null));
    }
}
