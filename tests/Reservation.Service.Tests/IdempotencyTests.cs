using System.Net;
using Testing;

namespace ReservationService.Tests;

public sealed class IdempotencyTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task The_same_key_answers_the_first_answer_and_holds_once()
    {
        await using var sale = await Sale.OpenAsync(infrastructure, replicas: 2);
        var ticket = Sale.NextTicket();
        using var first = await sale.HoldAsync(1, 1, [LayoutServer.Seat(1, 1)], ticket, key: "k-1");
        using var second = await sale.HoldAsync(1, 1, [LayoutServer.Seat(1, 1)], ticket, key: "k-1");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(1L, await sale.ScalarAsync("SELECT count(*) FROM reservations"));
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_refused()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        (await sale.HoldAsync(1, 1, [LayoutServer.Seat(1, 1)], key: "k-2")).Dispose();
        using var other = await sale.HoldAsync(1, 1, [LayoutServer.Seat(1, 2)], key: "k-2");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Theory]
    [InlineData("127.0.0.1:1,password=none,connectTimeout=100")]
    [InlineData(null)]
    public async Task Twenty_at_once_with_one_key_make_one_reservation_with_and_without_redis(string? redis)
    {
        await using var sale = await Sale.OpenAsync(infrastructure, replicas: 2, redis: redis);
        var ticket = Sale.NextTicket();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => sale.HoldAsync(5, 1, [LayoutServer.Seat(1, 9)], ticket, key: "k-3")));
        // Those that came while the first was served are told to ask again, as everybody is while the machine is overloaded.
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.Created), a =>
        {
            Assert.True(a.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.ServiceUnavailable, $"{a.StatusCode}");
            Assert.NotNull(a.Headers.RetryAfter);
        });
        using var later = await sale.HoldAsync(5, 1, [LayoutServer.Seat(1, 9)], ticket, key: "k-3");
        Assert.Equal("true", later.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Single((await Task.WhenAll(answers.Where(a => a.IsSuccessStatusCode).Append(later).Select(a => a.Content.ReadAsStringAsync()))).Distinct());
        Assert.Equal(1L, await sale.ScalarAsync("SELECT count(*) FROM reservations"));
    }

    [Fact]
    public async Task While_the_first_is_in_flight_another_with_its_key_is_told_so_at_once()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        var ticket = Sale.NextTicket();
        Task<HttpResponseMessage> first;
        await using (var connection = await sale.Db.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            // What a hold of this user on this concert waits for.
            await using var command = new Npgsql.NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended('6:1', 0))", connection, transaction);
            await command.ExecuteNonQueryAsync();
            first = sale.HoldAsync(6, 1, [LayoutServer.Seat(1, 20)], ticket, key: "k-5");
            await sale.UntilAsync("SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE datname = current_database() AND NOT granted)");

            using var second = await sale.HoldAsync(6, 1, [LayoutServer.Seat(1, 20)], ticket, key: "k-5");
            Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
            Assert.NotNull(second.Headers.RetryAfter);
            Assert.Contains("urn:concert:problem:idempotency-in-flight", await second.Content.ReadAsStringAsync());
        }
        using var done = await first;
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
        using var again = await sale.HoldAsync(6, 1, [LayoutServer.Seat(1, 20)], ticket, key: "k-5");
        Assert.Equal("true", again.Headers.GetValues("Idempotency-Replayed").Single());
    }

    [Fact]
    public async Task A_refused_hold_leaves_its_key_free()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        var held = await sale.HeldAsync(1, 1, [LayoutServer.Seat(1, 1)]);
        using var refused = await sale.HoldAsync(2, 1, [LayoutServer.Seat(1, 1)], key: "k-4");
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        (await sale.SendAsync(HttpMethod.Delete, $"api/v1/reservations/{held.Id}", 1)).Dispose();
        using var again = await sale.HoldAsync(2, 1, [LayoutServer.Seat(1, 1)], key: "k-4");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
    }
}
