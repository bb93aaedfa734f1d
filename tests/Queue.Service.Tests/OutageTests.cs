using System.Net;
using ServiceDefaults.Tokens;
using Testing;

namespace QueueService.Tests;

/// <summary>Redis goes away and comes back.</summary>
public sealed class OutageTests(Infrastructure stores)
{
    [Fact]
    public async Task A_frozen_Redis_gives_an_answer_within_a_bound_and_the_line_goes_on_afterwards()
    {
        var redis = await stores.CreateRedisAsync();
        await using var queue = new Replica(redis.ConnectionString);
        var concert = Replica.NewConcert();
        var place = await queue.JoinedAsync(concert, 1);
        var other = await queue.JoinedAsync(concert, 2);

        // What a frozen server was asked it may still do when it thaws: so it is another user who leaves.
        redis.Freeze();
        await IsRefusedAsync(queue, other["token"]!.ToString(), concert);
        Assert.True(TestTokens.Signer.TryVerify((string)place["pass"]!, out Pass _));
        redis.Thaw();

        await UntilServedAsync(queue, concert);
        Assert.Equal("admitted", (string)(await queue.CheckAsync(place))["status"]!);
    }

    [Fact]
    public async Task A_Redis_that_comes_back_empty_begins_a_new_life_in_which_no_number_is_repeated()
    {
        var redis = await stores.CreateRedisAsync();
        await using var queue = new Replica(redis.ConnectionString);
        var concert = Replica.NewConcert();
        await queue.LimitAsync(concert, new { maxActive = 1, admitPerSecond = 1_000, paused = false });
        var first = await queue.JoinedAsync(concert, 1);
        var second = await queue.JoinedAsync(concert, 2);

        await redis.StopAsync();
        await IsRefusedAsync(queue, first["token"]!.ToString(), concert);
        foreach (var file in Directory.EnumerateFiles(redis.DataDirectory, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".conf", StringComparison.Ordinal)))
            File.Delete(file);
        await redis.StartAsync();

        await UntilServedAsync(queue, concert);
        var newcomer = await queue.JoinedAsync(concert, 3);
        Assert.True((long)newcomer["ticket"]! > (long)second["ticket"]!);
        Assert.Equal("waiting", (string)newcomer["status"]!);
        Assert.Equal("waiting", (string)(await queue.CheckAsync(second))["status"]!);
    }

    [Fact]
    public async Task A_service_that_starts_without_Redis_serves_when_it_comes()
    {
        var redis = await stores.CreateRedisAsync();
        await redis.StopAsync();
        await using var queue = new Replica(redis.ConnectionString);
        await IsRefusedAsync(queue, null, Replica.NewConcert());

        await redis.StartAsync();
        await UntilServedAsync(queue, Replica.NewConcert());
    }

    private static async Task IsRefusedAsync(Replica queue, string? token, long concert)
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var answers = await Task.WhenAll(Enumerable.Range(1, 20).Select(user => queue.JoinAsync(concert, 100 + user))
            .Append(queue.SendAsync(HttpMethod.Get, $"/queue/lines/{concert}"))
            .Concat(token is null ? [] : [queue.SendAsync(HttpMethod.Get, $"/queue/tokens/{token}"), queue.SendAsync(HttpMethod.Delete, $"/queue/tokens/{token}")]))
            .WaitAsync(bound.Token);
        foreach (var answer in answers)
        {
            using (answer)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
                Assert.NotNull(answer.Headers.RetryAfter);
            }
        }
    }

    private static async Task UntilServedAsync(Replica queue, long concert)
    {
        while (true)
        {
            using var answer = await queue.SendAsync(HttpMethod.Get, $"/queue/lines/{concert}");
            if (answer.IsSuccessStatusCode)
                return;
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
