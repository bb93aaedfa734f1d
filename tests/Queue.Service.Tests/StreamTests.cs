using System.Net;
using System.Text.Json.Nodes;
using Testing;

namespace QueueService.Tests;

/// <summary>The place in line as server-sent events.</summary>
public sealed class StreamTests(Infrastructure stores)
{
    private static readonly object Closed = new { maxActive = 0, admitPerSecond = 1_000, paused = false };
    private static readonly object Open = new { maxActive = 1, admitPerSecond = 1_000, paused = false };

    [Fact]
    public async Task A_listener_hears_of_the_place_and_of_the_pass()
    {
        await using var queue = new Replica((await stores.RedisAsync()).ConnectionString);
        var concert = Replica.NewConcert();
        await queue.LimitAsync(concert, Closed);
        var place = await queue.JoinedAsync(concert, 7);

        await using var events = await ListenAsync(queue, place);
        Assert.Equal("waiting", (string)(await events.NextAsync())["status"]!);
        await queue.LimitAsync(concert, Open);
        var admitted = await events.NextAsync();

        Assert.Equal(
            ["token", "ticket", "status", "position", "etaSeconds", "pollAfterMs", "pass", "expiresAt"], admitted.AsObject().Select(member => member.Key));
        Assert.Equal("admitted", (string)admitted["status"]!);
    }

    [Fact]
    public async Task A_stream_ends_with_its_ticket()
    {
        await using var queue = new Replica((await stores.RedisAsync()).ConnectionString);
        var concert = Replica.NewConcert();
        var place = await queue.JoinedAsync(concert, 7);
        (await queue.SendAsync(HttpMethod.Delete, $"/queue/tokens/{place["token"]}")).Dispose();

        await using var events = await ListenAsync(queue, place);
        Assert.Equal("expired", (string)(await events.NextAsync())["status"]!);
        Assert.True(await events.EndsAsync());
    }

    [Fact]
    public async Task When_the_audience_is_full_one_is_told_to_poll()
    {
        await using var queue = new Replica((await stores.RedisAsync()).ConnectionString, settings: ("Line:MaxStreams", "1"));
        var concert = Replica.NewConcert();
        await queue.LimitAsync(concert, Closed);
        var place = await queue.JoinedAsync(concert, 7);

        await using (await ListenAsync(queue, place))
        {
            using var second = await queue.SendAsync(HttpMethod.Get, $"/queue/tokens/{place["token"]}/events");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, second.StatusCode);
            Assert.NotNull(second.Headers.RetryAfter);
        }

        // Once the first is gone there is room again.
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/queue/tokens/{place["token"]}/events");
            using var third = await queue.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            if (third.IsSuccessStatusCode)
                break;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<Events> ListenAsync(Replica queue, JsonNode place)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/queue/tokens/{place["token"]}/events");
        var answer = await queue.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        return new Events(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
    }

    private sealed class Events(HttpResponseMessage answer, StreamReader reader) : IAsyncDisposable
    {
        public async Task<JsonNode> NextAsync()
        {
            while (await reader.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                    return JsonNode.Parse(line[6..])!;
            }
            throw new EndOfStreamException();
        }

        public async Task<bool> EndsAsync() => (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Trim() is "";

        public ValueTask DisposeAsync()
        {
            reader.Dispose();
            answer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
