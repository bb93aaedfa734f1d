using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Testing;

namespace ReservationService.Tests;

public sealed class HoldSeatsTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task A_seat_has_one_winner_under_a_thousand_claims()
    {
        await using var sale = await Sale.OpenAsync(infrastructure, replicas: 2);
        var answers = await Task.WhenAll(Enumerable.Range(1, 1_000).Select(user => sale.HoldUntilAnsweredAsync(user, 1, [LayoutServer.Seat(1, user % 10 + 1)])));

        Assert.Equal(10, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        Assert.Equal(990, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
        Assert.Equal(10L, await sale.ScalarAsync("SELECT count(DISTINCT seat_id) FROM claims"));
        Assert.Equal(10L, await sale.ScalarAsync("SELECT count(*) FROM outbox WHERE type = 'ReservationHeld'"));
        var problem = await answers.First(a => a.StatusCode == HttpStatusCode.Conflict).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("urn:concert:problem:seat-taken", problem.GetProperty("type").GetString());
        Assert.NotEqual(0, problem.GetProperty("seatIds").GetArrayLength());
    }

    [Fact]
    public async Task Overlapping_groups_of_seats_are_held_whole_or_not_at_all()
    {
        await using var sale = await Sale.OpenAsync(infrastructure, replicas: 2, redis: await NoRedisAsync());
        var answers = await Task.WhenAll(Enumerable.Range(1, 200).Select(user =>
        {
            var seats = new Random(user).GetItems(Enumerable.Range(1, 12).ToArray(), 12).Distinct().Take(4).Select(n => LayoutServer.Seat(2, n)).ToArray();
            return sale.HoldUntilAnsweredAsync(user, 2, seats);
        }));

        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict, $"{a.StatusCode}"));
        Assert.Equal(0L, await sale.ScalarAsync("SELECT count(*) FROM reservations r WHERE cardinality(seat_ids) <> (SELECT count(*) FROM claims c WHERE c.reservation_id = r.id)"));
        Assert.Equal(0L, await sale.ScalarAsync("SELECT count(*) FROM claims c WHERE NOT EXISTS (SELECT FROM reservations r WHERE r.id = c.reservation_id)"));
        Assert.Equal((long)answers.Count(a => a.StatusCode == HttpStatusCode.Created), await sale.ScalarAsync("SELECT count(*) FROM reservations"));
    }

    [Fact]
    public async Task A_pass_holds_once_and_again_after_a_cancellation()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        var ticket = Sale.NextTicket();
        var held = await sale.HeldAsync(1, 3, [LayoutServer.Seat(3, 1)], ticket);

        Assert.Equal("urn:concert:problem:reservation-open", await TypeOfAsync(await sale.HoldAsync(1, 3, [LayoutServer.Seat(3, 2)], ticket), HttpStatusCode.Conflict));
        Assert.Equal(HttpStatusCode.NoContent, (await sale.SendAsync(HttpMethod.Delete, $"api/v1/reservations/{held.Id}", 1)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await sale.SendAsync(HttpMethod.Delete, $"api/v1/reservations/{held.Id}", 1)).StatusCode);
        await sale.HeldAsync(1, 3, [LayoutServer.Seat(3, 1)], ticket);
    }

    [Fact]
    public async Task A_user_never_gets_more_seats_of_a_concert_than_the_limit_whatever_the_passes()
    {
        await using var sale = await Sale.OpenAsync(infrastructure, replicas: 2);
        var answers = await Task.WhenAll(Enumerable.Range(1, 12).Select(n => sale.HoldUntilAnsweredAsync(7, 4, [LayoutServer.Seat(4, n)])));

        Assert.Equal(4, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        Assert.Equal("urn:concert:problem:seat-limit", await TypeOfAsync(answers.First(a => !a.IsSuccessStatusCode), HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task An_expired_hold_can_be_taken_over_only_after_its_grace()
    {
        var time = new ManualTime();
        await using var sale = await Sale.OpenAsync(infrastructure, time: time, redis: await NoRedisAsync());
        var first = await sale.HeldAsync(1, 5, [LayoutServer.Seat(5, 1), LayoutServer.Seat(5, 2)]);

        time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(29));
        Assert.Equal(HttpStatusCode.Conflict, (await sale.HoldAsync(2, 5, [LayoutServer.Seat(5, 2)])).StatusCode);
        // Before the sweeper's timer can fire: what lies behind the grace is free for whoever asks.
        await sale.ScalarAsync("UPDATE reservations SET held_until = held_until - interval '10 seconds' WHERE id = $1", first.Id);
        var second = await sale.HeldAsync(2, 5, [LayoutServer.Seat(5, 2)]);

        Assert.Equal("expired", await sale.StatusAsync(first.Id));
        Assert.Equal(second.Id, await sale.ScalarAsync("SELECT reservation_id FROM claims WHERE seat_id = $1", LayoutServer.Seat(5, 2)));
        Assert.Equal(1L, await sale.ScalarAsync("SELECT count(*) FROM claims"));
        Assert.Equal("ReservationHeld,ReservationReleased,ReservationHeld", await sale.ScalarAsync("SELECT string_agg(type, ',' ORDER BY position) FROM outbox"));
    }

    [Fact]
    public async Task Two_sweepers_expire_each_hold_once()
    {
        await using var sale = await Sale.OpenAsync(infrastructure, replicas: 2, more: new() { ["Holds:SweepEvery"] = "01:00:00" });
        await Task.WhenAll(Enumerable.Range(1, 50).Select(user => sale.HeldAsync(user, 6, [LayoutServer.Seat(6, user)])));
        await sale.ScalarAsync("UPDATE reservations SET held_until = held_until - interval '1 hour'");

        var sweepers = Enumerable.Range(0, 2).Select(i => sale.Replica(i).Services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<Features.ExpireHolds>().Single());
        var expired = await Task.WhenAll(sweepers.Select(s => s.SweepAsync(CancellationToken.None)));

        Assert.Equal(50, expired.Sum());
        Assert.Equal(50L, await sale.ScalarAsync("SELECT count(*) FROM outbox WHERE type = 'ReservationReleased'"));
        Assert.Equal(0L, await sale.ScalarAsync("SELECT count(*) FROM claims"));
    }

    [Fact]
    public async Task A_layout_is_asked_for_once_however_many_want_it_and_nobody_waits_for_those_of_the_other_schedules()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        sale.Layouts.HoldConcertsBack();
        await Task.WhenAll(Enumerable.Range(1, 100).Select(user => sale.HoldAsync(user, 7, [LayoutServer.Seat(7, user)])));
        await sale.HeldAsync(101, 8, [LayoutServer.Seat(8, 1)]);
        // Two, and those that go out beside a slow one.
        Assert.InRange(sale.Layouts.Questions, 2, 6);
        Assert.InRange(sale.Layouts.ConcertQuestions, 0, 1);

        sale.Layouts.AnswerConcerts();
        // Nobody can see from outside when that answer is there: from then on no schedule is asked for any more.
        for (var schedule = 9; ; schedule++)
        {
            var before = sale.Layouts.Questions;
            await sale.HeldAsync(1_000 + schedule, schedule, [LayoutServer.Seat(schedule, 150)]);
            if (sale.Layouts.Questions == before) break;
            Assert.True(schedule < 99, "The layouts of the other schedules were never learnt.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        Assert.Equal(1, sale.Layouts.ConcertQuestions);
    }

    [Fact]
    public async Task The_events_in_the_outbox_are_those_of_the_contracts()
    {
        await using var sale = await Sale.OpenAsync(infrastructure, more: new() { ["Holds:SweepEvery"] = "01:00:00" });
        var held = await sale.HeldAsync(9, 8, [LayoutServer.Seat(8, 2), LayoutServer.Seat(8, 1)]);
        await sale.ScalarAsync("SELECT extend_hold($1, $2, $3, $4, NULL)", held.Id, Guid.CreateVersion7(), DateTime.UnixEpoch.AddYears(200), Guid.CreateVersion7());
        await sale.ScalarAsync("SELECT confirm_reservation($1, $2, $3, NULL)", held.Id, Guid.CreateVersion7(), Guid.CreateVersion7());
        await sale.ScalarAsync("SELECT confirm_reservation($1, $2, $3, NULL)", held.Id, Guid.CreateVersion7(), Guid.CreateVersion7());
        var other = await sale.HeldAsync(9, 8, [LayoutServer.Seat(8, 3)]);
        await sale.SendAsync(HttpMethod.Delete, $"api/v1/reservations/{other.Id}", 9);

        await using var command = sale.Db.CreateCommand("SELECT type, payload FROM outbox ORDER BY position");
        await using var rows = await command.ExecuteReaderAsync();
        var events = new List<object>();
        while (await rows.ReadAsync()) events.Add(JsonSerializer.Deserialize(rows.GetFieldValue<byte[]>(1), Contracts.IntegrationEvents.Find(rows.GetString(0))!)!);

        Assert.Equal(["ReservationHeld", "ReservationExtended", "ReservationConfirmed", "ReservationRejected", "ReservationHeld", "ReservationReleased"], events.Select(e => e.GetType().Name));
        var confirmed = Assert.IsType<Contracts.ReservationConfirmed>(events[2]);
        Assert.Equal((held.Id, 9L, 1L, 8L, 100_000L), (confirmed.ReservationId, confirmed.UserId, confirmed.ConcertId, confirmed.ScheduleId, confirmed.Amount));
        Assert.Equal([LayoutServer.Seat(8, 1), LayoutServer.Seat(8, 2)], confirmed.SeatIds);
        Assert.Equal(Contracts.ReleaseReason.Cancelled, Assert.IsType<Contracts.ReservationReleased>(events[5]).Reason);
    }

    private async Task<string> NoRedisAsync()
    {
        _ = await infrastructure.PostgresAsync();
        return "127.0.0.1:1,password=none,connectTimeout=100";
    }

    private static async Task<string?> TypeOfAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        Assert.Equal(expected, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();
    }
}
