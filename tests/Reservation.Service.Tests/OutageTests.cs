using System.Net;
using Testing;

namespace ReservationService.Tests;

public sealed class OutageTests(Infrastructure infrastructure)
{
    [Theory]
    [InlineData("flush")]
    [InlineData("freeze")]
    public async Task A_stampede_has_its_ten_winners_whatever_happens_to_redis(string fault)
    {
        var redis = await infrastructure.CreateRedisAsync();
        await using var sale = await Sale.OpenAsync(infrastructure, replicas: 2, redis: redis.ConnectionString);
        await sale.HeldAsync(1_000, 1, [LayoutServer.Seat(1, 100)]);

        var stampede = Task.WhenAll(Enumerable.Range(1, 300).Select(user => sale.HoldUntilAnsweredAsync(user, 1, [LayoutServer.Seat(1, user % 10 + 1)])));
        if (fault == "freeze") redis.Freeze();
        else await redis.FlushAsync();
        var answers = await stampede;
        if (fault == "freeze") redis.Thaw();

        Assert.Equal(10, answers.Count(a => a.StatusCode == HttpStatusCode.Created));
        Assert.Equal(290, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));
    }

    [Fact]
    public async Task A_database_that_restarts_costs_503s_and_no_more()
    {
        var postgres = await infrastructure.CreatePostgresAsync();
        await using var sale = await Sale.OpenAsync(infrastructure, database: await postgres.CreateDatabaseAsync());
        (await sale.HoldAsync(1_000, 1, [LayoutServer.Seat(1, 100)])).Dispose();

        var restart = postgres.RestartAsync();
        var during = await Task.WhenAll(Enumerable.Range(1, 20).Select(user => sale.HoldAsync(user, 1, [LayoutServer.Seat(1, user)])));
        await restart;

        Assert.All(during, a => Assert.True(a.StatusCode is HttpStatusCode.Created or HttpStatusCode.ServiceUnavailable, $"{a.StatusCode}"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        for (var user = 100; ; user++)
        {
            using var after = await sale.HoldAsync(user, 1, [LayoutServer.Seat(1, user - 50)]);
            if (after.StatusCode == HttpStatusCode.Created) break;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, after.StatusCode);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, limit.Token);
        }
    }

    [Fact]
    public async Task One_answer_of_Concert_that_never_comes_costs_the_customer_no_more_than_a_moment()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        await sale.HeldAsync(1, 101, [LayoutServer.Seat(101, 1)], concert: 2);
        sale.Layouts.HangOnce();
        using var answer = await sale.HoldAsync(2, 1, [LayoutServer.Seat(1, 1)]);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.True(sale.Layouts.Questions >= 3, $"{sale.Layouts.Questions} questions");
    }

    [Fact]
    public async Task Concert_is_asked_before_a_customer_waits_for_it_and_until_it_is_ready()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        await sale.Layouts.Rehearsed.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Without_a_layout_nobody_is_sold_a_guess()
    {
        await using var sale = await Sale.OpenAsync(infrastructure);
        await sale.Layouts.DisposeAsync();
        using var answer = await sale.HoldAsync(1, 1, [LayoutServer.Seat(1, 1)]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter);
    }
}
