using System.Net;
using PaymentGatewaySimulator.Faults;
using PaymentService.Cards;
using PaymentService.Gateways;
using Testing;

namespace PaymentService.Tests;

public sealed class GatewayFaultTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task An_approved_card_pays_and_a_declined_one_does_not()
    {
        await using var till = await Till.OpenAsync(infrastructure);
        Assert.Equal(HttpStatusCode.Created, (await till.PayAsync(1, 500, card: Till.GoodCard)).StatusCode);
        using var declined = await till.PayAsync(1, 500, card: "4000000000000002");
        Assert.Equal(HttpStatusCode.PaymentRequired, declined.StatusCode);
        Assert.EndsWith("card-declined", (await Till.JsonAsync(declined)).GetProperty("type").GetString(), StringComparison.Ordinal);
        await till.BooksAgreeAsync();
    }

    [Fact]
    public async Task Behind_a_gateway_that_is_down_the_backup_takes_the_money()
    {
        await using var till = await Till.OpenAsync(infrastructure);
        await till.SetFaultsAsync(0, new(Down: true));
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => till.PayAsync(1, 500, card: Till.GoodCard)));
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Created, a.StatusCode));
        Assert.Equal(20, await till.ScalarAsync<long>("SELECT count(*) FROM payments WHERE status = 'completed' AND gateway = 'gateway-backup'"));
        await till.BooksAgreeAsync();
    }

    [Fact]
    public async Task With_both_down_nothing_is_charged_points_go_on_and_the_same_key_pays_later()
    {
        await using var till = await Till.OpenAsync(infrastructure, more: new() { ["PaymentGateway:Primary:BreakDuration"] = "00:00:00.5" });
        await till.SetFaultsAsync(0, new(Down: true));
        await till.SetFaultsAsync(1, new(Down: true));
        var reservation = Guid.CreateVersion7();
        using var refused = await till.PayAsync(1, 500, reservation, Till.GoodCard, "k");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.Created, (await till.PayAsync(1, 500)).StatusCode);

        await till.SetFaultsAsync(0, new());
        await till.SetFaultsAsync(1, new());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while ((await till.PayAsync(1, 500, reservation, Till.GoodCard, "k")).StatusCode is not HttpStatusCode.Created)
            await timer.WaitForNextTickAsync(patience.Token);
        await till.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_gateway_that_takes_the_money_and_loses_the_connection_charges_once()
    {
        await using var till = await Till.OpenAsync(infrastructure, replicas: 2);
        await till.SetFaultsAsync(0, new(DropAfterApprovalRate: 1));
        await till.SetFaultsAsync(1, new(DropAfterApprovalRate: 1));
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => till.PayAsync(1, 500, card: Till.GoodCard)));
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.Created or HttpStatusCode.Accepted or HttpStatusCode.ServiceUnavailable));
        await till.NothingIsOpenAsync();
        await till.BooksAgreeAsync();
    }

    [Fact]
    public async Task Behind_a_gateway_slow_by_ten_seconds_the_circuit_opens_points_go_on_and_pending_ones_are_settled()
    {
        await using var till = await Till.OpenAsync(infrastructure);
        await till.SetFaultsAsync(0, new(LatencyMs: 10_000));
        var first = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => till.PayAsync(1, 500, card: Till.GoodCard)));
        Assert.All(first, a => Assert.Equal(HttpStatusCode.Accepted, a.StatusCode));
        Assert.Equal(HttpStatusCode.Conflict, (await till.PayAsync(1, 500, (await Till.JsonAsync(first[0])).GetProperty("reservationId").GetGuid())).StatusCode);
        Assert.Equal(5, await till.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE type = 'PaymentPending'"));
        // The circuit is open by now: the primary is not even asked.
        using var next = await till.PayAsync(1, 500, card: Till.GoodCard);
        Assert.Equal(HttpStatusCode.Created, next.StatusCode);
        Assert.Equal(1, await till.ScalarAsync<long>("SELECT count(*) FROM payments WHERE gateway = 'gateway-backup'"));
        Assert.Equal(HttpStatusCode.Created, (await till.PayAsync(1, 500)).StatusCode);

        await till.SetFaultsAsync(0, new());
        await till.NothingIsOpenAsync();
        await till.BooksAgreeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_request_that_dies_around_the_approval_is_settled_exactly_once(bool approved)
    {
        await using var till = await Till.OpenAsync(infrastructure, replicas: 2);
        var payment = new PendingPayment(Guid.CreateVersion7(), Guid.CreateVersion7(), 1, 500, "4242", DateTimeOffset.UnixEpoch, 0);
        await till.ScalarAsync<string>($"""
            SELECT outcome FROM begin_card_payment(1, 'POST /payments', 'k', '\x00', '{payment.Id}', '{payment.ReservationId}', 500, '4242', 'gateway-primary', '1970-01-01', '1970-01-01')
            """);
        if (approved)
        {
            var card = Domain.Card.Parse(Till.GoodCard, "12/49", null, DateTimeOffset.UnixEpoch).Card!;
            var answer = await till.Get<CardGateways>().InOrder[0].ApproveAsync(payment.Id, payment.ReservationId, 500, card, CancellationToken.None);
            // The reconciler may have been faster: then the key is void, and no money is taken.
            Assert.True(answer.Outcome is GatewayOutcome.Approved or GatewayOutcome.Cancelled);
        }
        await till.NothingIsOpenAsync();
        Assert.Equal(1, await till.ScalarAsync<long>("SELECT count(*) FROM outbox WHERE type IN ('PaymentCompleted', 'PaymentFailed')"));
        // Who was taken over decides nothing any more.
        Assert.False(await till.Get<CardPayments>().CompleteAsync(payment, "gateway-primary", CancellationToken.None));
        await till.BooksAgreeAsync();
    }
}
