using Testing;
using Xunit;

namespace LoadTests.Tests;

/// <summary>A check that finds nothing is worth what it would have found: each kind of violation is planted once.</summary>
public sealed class BooksTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task Books_in_order_are_clean()
    {
        await using var books = await PlantedBooks.OpenAsync(infrastructure);

        Assert.Empty((await books.CheckAsync()).Findings);
    }

    [Theory]
    [InlineData(
        "INSERT INTO reservations SELECT r(4), 4, 1, 1, ARRAY[1], 104, 50, 'held', now(), NULL, now()",
        "a seat has two owners: schedule/seat 1/1", "a reservation does not own its seats 00000000-0000-0000-0001-000000000004")]
    [InlineData("DELETE FROM claims WHERE seat_id = 3", "a reservation does not own its seats 00000000-0000-0000-0001-000000000003")]
    [InlineData("UPDATE reservations SET status = 'expired' WHERE id = r(3)", "a seat is claimed by a reservation that is over or not there: schedule/seat 1/3")]
    [InlineData("INSERT INTO claims VALUES (1, 4, r(4))", "a seat is claimed by a reservation that is over or not there: schedule/seat 1/4")]
    [InlineData(
        "UPDATE reservations SET status = 'cancelled' WHERE id = r(1); DELETE FROM claims WHERE seat_id = 1",
        "paid, and neither confirmed nor refunded: payment and reservation 00000000-0000-0000-0002-000000000001 00000000-0000-0000-0001-000000000001",
        "a seat shows as sold that nobody bought: schedule/seat 1/1")]
    [InlineData("UPDATE reservations SET status = 'paying' WHERE id = r(3)", "a reservation is still being paid 00000000-0000-0000-0001-000000000003")]
    [InlineData(
        "INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload) VALUES (r(9), 'reservations', '1', 'ReservationHeld', '')",
        "an event waits in the outbox of reservation: 00000000-0000-0000-0001-000000000009")]
    [InlineData(
        "INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, dead_at) VALUES (r(9), 'reservations', '1', 'ReservationHeld', '', now())",
        "an event in the outbox of reservation was refused for good: 00000000-0000-0000-0001-000000000009")]
    public async Task What_is_wrong_with_the_reservations_is_found(string planted, params string[] found)
    {
        await using var books = await PlantedBooks.OpenAsync(infrastructure);

        await books.InReservationAsync(planted);

        Assert.Equal(found, (await books.CheckAsync()).Findings);
    }

    [Theory]
    [InlineData("UPDATE wallets SET balance = balance + 1 WHERE user_id = 1", "a wallet does not agree with its ledger: user 1")]
    [InlineData(
        "UPDATE ledger_entries SET amount = 49 WHERE account = 'revenue'", "a movement does not sum to zero 00000000-0000-0000-0002-000000000001")]
    [InlineData(
        "UPDATE payments SET status = 'pending' WHERE id = p(1)",
        "confirmed, and not paid: payment and reservation 00000000-0000-0000-0002-000000000001 00000000-0000-0000-0001-000000000001",
        "a payment is still pending 00000000-0000-0000-0002-000000000001")]
    [InlineData(
        "UPDATE payments SET method = 'card' WHERE id = p(1)", "a payment is completed that no gateway has approved: payment 00000000-0000-0000-0002-000000000001")]
    [InlineData(
        "UPDATE payments SET method = 'points' WHERE id = p(2)", "a card is charged that no completed payment stands for: payment 00000000-0000-0000-0002-000000000002")]
    [InlineData(
        "INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload) VALUES (p(9), 'payments', '1', 'PaymentCompleted', '')",
        "an event waits in the outbox of payment: 00000000-0000-0000-0002-000000000009")]
    [InlineData(
        "INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, dead_at) VALUES (p(9), 'payments', '1', 'PaymentCompleted', '', now())",
        "an event in the outbox of payment was refused for good: 00000000-0000-0000-0002-000000000009")]
    public async Task What_is_wrong_with_the_money_is_found(string planted, params string[] found)
    {
        await using var books = await PlantedBooks.OpenAsync(infrastructure);

        await books.InPaymentAsync(planted);

        Assert.Equal(found, (await books.CheckAsync()).Findings);
    }

    [Theory]
    [InlineData("UPDATE seat_claims SET state = 1 WHERE seat_id = 1", "a sold seat does not show as sold: schedule/seat 1/1")]
    [InlineData("UPDATE seat_claims SET state = 3 WHERE seat_id = 3", "a seat shows as sold that nobody bought: schedule/seat 1/3")]
    public async Task A_seat_map_that_tells_another_story_is_found(string planted, string found)
    {
        await using var books = await PlantedBooks.OpenAsync(infrastructure);

        await books.InConcertAsync(planted);

        Assert.Equal([found], (await books.CheckAsync()).Findings);
    }

    [Fact]
    public async Task A_card_charged_by_both_gateways_is_found()
    {
        await using var books = await PlantedBooks.OpenAsync(infrastructure);

        await books.ChargeCardAsync(gateway: 1, "00000000-0000-0000-0002-000000000002:gateway-backup");

        Assert.Equal(["a card is charged by both gateways: payment 00000000-0000-0000-0002-000000000002"], (await books.CheckAsync()).Findings);
    }

    [Fact]
    public async Task A_dead_letter_is_found()
    {
        await using var books = await PlantedBooks.OpenAsync(infrastructure);

        books.DeadLetters = 1;

        Assert.Contains("dead letters of payment: 1", (await books.CheckAsync()).Findings);
    }

    [Fact]
    public async Task A_place_in_line_that_a_booking_left_behind_is_found()
    {
        await using var books = await PlantedBooks.OpenAsync(infrastructure);

        await books.KeepPlaceAsync(ticket: 101);
        await books.KeepPlaceAsync(ticket: 999);

        Assert.Equal([$"a place in line is kept by somebody who has booked: concert/ticket {books.Concert}/101"], (await books.CheckAsync()).Findings);
    }
}
