using Contracts;
using LoadTests.Drills;
using LoadTests.Scenarios;

namespace EndToEnd.Tests;

/// <summary>The ends that a booking comes to when its services do not hear from each other in time.</summary>
public sealed class SeatAndMoneyTests(Sale sale) : IClassFixture<Sale>
{
    [Fact]
    public async Task Money_that_came_too_late_for_its_seat_goes_back()
    {
        var slow = await sale.BuyerAsync();
        var quick = await sale.BuyerAsync();
        var balance = await slow.BalanceAsync();
        var held = await slow.HoldAnyAsync();
        Buyer.Payment paid;
        using (sale.Parts.Freeze(ResourceNames.Kafka))
        {
            paid = await slow.PayAsync(held);
            Assert.Equal("completed", paid.Status);
            // The word of it does not get through, so the hold runs out, and somebody else takes the seat.
            await Sale.EventuallyAsync(async () => await quick.HoldAsync(slow.Seat) is { } taken && await quick.PayAsync(taken) is not null, () => "The hold does not end.");
        }

        await Sale.EventuallyAsync(async () => (await slow.LookUpAsync(paid)).Status == "refunded", () => "The money does not come back.");
        Assert.Equal(balance, await slow.BalanceAsync());
        await sale.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_seat_stays_held_while_its_payment_is_pending()
    {
        var gateway = sale.Parts.Now.UrlOf(ResourceNames.PrimaryGateway)!;
        var patient = await sale.BuyerAsync();
        var other = await sale.BuyerAsync();
        var held = await patient.HoldAnyAsync();
        await new GatewayFaults(LatencyMs: 10_000).ApplyAsync(gateway, CancellationToken.None);
        var paid = await patient.PayAsync(held, Cards.Good);
        Assert.Equal("pending", paid.Status);

        await Task.Delay(RunningSystem.HoldLasts, TimeProvider.System);
        Assert.Null(await other.HoldAsync(patient.Seat));

        await GatewayFaults.None.ApplyAsync(gateway, CancellationToken.None);
        await Sale.EventuallyAsync(async () => (await patient.LookUpAsync(paid)).Status is "completed" or "failed", () => "The payment stays pending.");
        await sale.BooksAgreeAsync();
    }

    [Fact]
    public async Task A_message_that_fails_is_set_aside_with_its_cause_and_takes_effect_after_the_fix()
    {
        var unlucky = await sale.BuyerAsync();
        var lucky = await sale.BuyerAsync();
        using var deadLetters = await DeadLetters.OfAsync(sale.Addresses.Reservation, sale.Addresses.Queue, CancellationToken.None);
        await using (await Poison.SpreadAsync(sale.Addresses.Stores!.ReservationDb, unlucky.UserId, CancellationToken.None))
        {
            await unlucky.PayAsync(await unlucky.HoldAnyAsync());
            await lucky.PayAsync(await lucky.HoldAnyAsync());
            await Sale.EventuallyAsync(async () => (await deadLetters.ListAsync(CancellationToken.None)).Count > 0, () => "No dead letter.");
        }

        var letter = Assert.Single(await deadLetters.ListAsync(CancellationToken.None));
        Assert.Equal(nameof(PaymentCompleted), letter.MessageType);
        Assert.Contains(Poison.Cause, letter.Error, StringComparison.Ordinal);
        Assert.Equal(0, await deadLetters.ReplayAsync(CancellationToken.None));
        await sale.BooksAgreeAsync();
    }
}
