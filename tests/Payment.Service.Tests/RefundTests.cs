using Contracts;
using Messaging;
using PaymentGatewaySimulator.Faults;
using Testing;

namespace PaymentService.Tests;

public sealed class RefundTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task A_rejected_reservation_gets_its_money_back_once_by_the_way_it_came()
    {
        await using var till = await Till.OpenAsync(infrastructure, replicas: 2, kafka: (await infrastructure.KafkaAsync()).BootstrapServers);
        using var points = await till.PayAsync(1, 500);
        using var card = await till.PayAsync(1, 700, card: Till.GoodCard);
        // The gateway cannot cancel at first.
        await till.SetFaultsAsync(0, new(Down: true));
        foreach (var paid in new[] { await Till.JsonAsync(points), await Till.JsonAsync(card) })
        {
            await RejectAsync(till, paid.GetProperty("reservationId").GetGuid(), paid.GetProperty("id").GetGuid());
            await RejectAsync(till, paid.GetProperty("reservationId").GetGuid(), paid.GetProperty("id").GetGuid());
        }
        await till.UntilAsync("SELECT count(*) = 1 FROM payments WHERE status = 'refunded' AND method = 'points'");
        await till.UntilAsync("SELECT EXISTS (SELECT FROM approvals WHERE state = 'cancelling' AND attempts > 1)");
        Assert.Equal(1_000_000, await till.BalanceAsync(1));

        await till.SetFaultsAsync(0, new());
        await till.UntilAsync("SELECT count(*) = 2 FROM payments WHERE status = 'refunded'");
        Assert.Equal(2, await till.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE type = 'PaymentRefunded'"));
        Assert.Equal(0, await till.ScalarAsync<long>("SELECT sum(amount)::bigint FROM ledger_entries WHERE account = 'revenue'"));
        await till.BooksAgreeAsync();
    }

    // Through our own outbox: it relays any topic, as Reservation's does.
    private static async Task RejectAsync(Till till, Guid reservation, Guid payment)
    {
        var rejected = OutboxMessage.Create(Topics.Reservations, "1", new ReservationRejected(reservation, payment, 1, 1, "seat-gone"));
        await using var command = till.Db.CreateCommand($"INSERT INTO outbox ({OutboxMessage.Columns}) VALUES ($1, $2, $3, $4, $5, $6)");
        foreach (var value in new object?[] { rejected.Id, rejected.AggregateType, rejected.AggregateId, rejected.Type, rejected.Payload, rejected.TraceParent })
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        await command.ExecuteNonQueryAsync();
        till.Get<IOutbox>().Wake();
    }
}
