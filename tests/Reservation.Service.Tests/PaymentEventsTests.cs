using System.Net;
using Contracts;
using Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ReservationService.Features;
using Testing;

namespace ReservationService.Tests;

/// <summary>Two replicas, a broker of their own, and somebody who publishes to <c>payments</c> as Payment.Service does.</summary>
public sealed class PaidSale(Infrastructure infrastructure) : IAsyncLifetime
{
    public Sale Sale { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Sale = await Sale.OpenAsync(
        infrastructure, replicas: 2, redis: "127.0.0.1:1,password=none,connectTimeout=100", kafka: (await infrastructure.CreateKafkaAsync()).BootstrapServers,
        more: new() { ["Holds:SweepEvery"] = "01:00:00" });

    public ValueTask DisposeAsync() => Sale.DisposeAsync();
}

public sealed class PaymentEventsTests(PaidSale paid) : IClassFixture<PaidSale>
{
    private static readonly DateTimeOffset Later = new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Sale sale = paid.Sale;

    [Fact]
    public async Task While_a_payment_is_pending_the_seats_stay_held_and_when_it_failed_the_hold_is_open_again()
    {
        var held = await sale.HeldAsync(1, 11, [LayoutServer.Seat(11, 1)]);
        var payment = Guid.CreateVersion7();
        await PublishAsync(held.Id, new PaymentPending(payment, held.Id, 1, held.Amount, PaymentMethod.Card, Later));
        await UntilStatusAsync(held.Id, "paying");
        Assert.Equal(Later.UtcDateTime, await sale.ScalarAsync("SELECT held_until FROM reservations WHERE id = $1", held.Id));
        Assert.Equal(1L, await EventsAsync("ReservationExtended", held.Id));
        using var cancel = await sale.SendAsync(HttpMethod.Delete, $"api/v1/reservations/{held.Id}", 1);
        Assert.Equal(HttpStatusCode.Conflict, cancel.StatusCode);

        await PublishAsync(held.Id, new PaymentFailed(payment, held.Id, 1, held.Amount, PaymentMethod.Card, "declined"));
        await UntilStatusAsync(held.Id, "held");
    }

    [Fact]
    public async Task A_completed_payment_confirms_once_however_often_it_is_told()
    {
        var held = await sale.HeldAsync(2, 12, [LayoutServer.Seat(12, 1), LayoutServer.Seat(12, 2)]);
        var completed = new PaymentCompleted(Guid.CreateVersion7(), held.Id, 2, held.Amount, PaymentMethod.Points);
        await PublishAsync(held.Id, completed, completed, completed);
        await UntilStatusAsync(held.Id, "confirmed");
        // Of the same key, so behind the doubles: when it is rejected, they have been seen.
        var second = completed with { PaymentId = Guid.CreateVersion7() };
        await PublishAsync(held.Id, second);
        await UntilRejectedAsync(second.PaymentId);
        Assert.Equal(1L, await EventsAsync("ReservationConfirmed", held.Id));
        Assert.Equal(1L, await EventsAsync("ReservationRejected", held.Id));
    }

    [Fact]
    public async Task A_payment_that_completes_after_the_hold_ended_still_gets_its_seats_while_they_are_free()
    {
        var held = await sale.HeldAsync(3, 13, [LayoutServer.Seat(13, 1)]);
        await ExpireAsync(held.Id);
        await PublishAsync(held.Id, new PaymentCompleted(Guid.CreateVersion7(), held.Id, 3, held.Amount, PaymentMethod.Card));
        await UntilStatusAsync(held.Id, "confirmed");
        Assert.Equal(held.Id, await sale.ScalarAsync("SELECT reservation_id FROM claims WHERE schedule_id = 13 AND seat_id = $1", LayoutServer.Seat(13, 1)));
    }

    [Fact]
    public async Task A_payment_that_completes_after_somebody_else_got_a_seat_is_rejected_and_takes_none()
    {
        var late = await sale.HeldAsync(4, 14, [LayoutServer.Seat(14, 1), LayoutServer.Seat(14, 2)]);
        await ExpireAsync(late.Id);
        var other = await sale.HeldAsync(5, 14, [LayoutServer.Seat(14, 2)]);
        var payment = Guid.CreateVersion7();
        await PublishAsync(late.Id, new PaymentCompleted(payment, late.Id, 4, late.Amount, PaymentMethod.Card));
        await UntilRejectedAsync(payment);
        Assert.Equal("expired", await sale.StatusAsync(late.Id));
        Assert.Equal("held", await sale.StatusAsync(other.Id));
        Assert.Equal(other.Id, await sale.ScalarAsync("SELECT reservation_id FROM claims WHERE schedule_id = 14"));
    }

    [Fact]
    public async Task A_rejected_payment_stays_rejected_when_it_is_told_again_and_the_seats_are_free_by_then()
    {
        var late = await sale.HeldAsync(7, 16, [LayoutServer.Seat(16, 1)]);
        await ExpireAsync(late.Id);
        var other = await sale.HeldAsync(8, 16, [LayoutServer.Seat(16, 1)]);
        var rejected = new PaymentCompleted(Guid.CreateVersion7(), late.Id, 7, late.Amount, PaymentMethod.Card);
        await PublishAsync(late.Id, rejected);
        await UntilRejectedAsync(rejected.PaymentId);
        using var cancelled = await sale.SendAsync(HttpMethod.Delete, $"api/v1/reservations/{other.Id}", 8);
        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);

        // Of the same key, so behind the one told again: when the next is confirmed, that one has been seen.
        var next = rejected with { PaymentId = Guid.CreateVersion7() };
        await PublishAsync(late.Id, rejected, next);
        await UntilStatusAsync(late.Id, "confirmed");
        Assert.Equal(next.PaymentId, await sale.ScalarAsync("SELECT payment_id FROM reservations WHERE id = $1", late.Id));
        Assert.Equal(1L, await EventsAsync("ReservationRejected", late.Id));
    }

    [Fact]
    public async Task A_payment_that_completes_after_its_pass_holds_other_seats_is_rejected_for_a_pass_buys_once()
    {
        var ticket = Sale.NextTicket();
        var late = await sale.HeldAsync(6, 15, [LayoutServer.Seat(15, 1)], ticket);
        await ExpireAsync(late.Id);
        var next = await sale.HeldAsync(6, 15, [LayoutServer.Seat(15, 2)], ticket);
        var payment = Guid.CreateVersion7();
        await PublishAsync(late.Id, new PaymentCompleted(payment, late.Id, 6, late.Amount, PaymentMethod.Card));
        await UntilRejectedAsync(payment);
        Assert.Equal("expired", await sale.StatusAsync(late.Id));
        Assert.Equal("held", await sale.StatusAsync(next.Id));
        Assert.Equal(next.Id, await sale.ScalarAsync("SELECT reservation_id FROM claims WHERE schedule_id = 15"));
    }

    // Through our own outbox: it relays any topic, as Payment's does.
    private async Task PublishAsync<T>(Guid reservation, params T[] events) where T : class
    {
        foreach (var message in events.Select(e => OutboxMessage.Create(Topics.Payments, reservation.ToString(), e)))
        {
            await sale.ScalarAsync(
                $"INSERT INTO outbox ({OutboxMessage.Columns}) VALUES ($1, $2, $3, $4, $5, NULL)",
                message.Id, message.AggregateType, message.AggregateId, message.Type, message.Payload);
        }
        sale.Replica().Services.GetRequiredService<IOutbox>().Wake();
    }

    private async Task ExpireAsync(Guid reservation)
    {
        await sale.ScalarAsync("UPDATE reservations SET held_until = held_until - interval '1 hour' WHERE id = $1", reservation);
        await sale.Replica().Services.GetServices<IHostedService>().OfType<ExpireHolds>().Single().SweepAsync(CancellationToken.None);
        Assert.Equal("expired", await sale.StatusAsync(reservation));
    }

    private Task UntilStatusAsync(Guid reservation, string status) =>
        sale.UntilAsync("SELECT status = $2 FROM reservations WHERE id = $1", reservation, status);

    private Task UntilRejectedAsync(Guid payment) => sale.UntilAsync(
        "SELECT EXISTS (SELECT FROM outbox WHERE type = 'ReservationRejected' AND convert_from(payload, 'UTF8')::jsonb ->> 'paymentId' = $1)", payment.ToString());

    private async Task<object?> EventsAsync(string type, Guid reservation) => await sale.ScalarAsync(
        "SELECT count(*) FROM outbox WHERE type = $1 AND convert_from(payload, 'UTF8')::jsonb ->> 'reservationId' = $2", type, reservation.ToString());
}
