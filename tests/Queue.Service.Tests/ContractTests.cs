using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ServiceDefaults.Tokens;
using Testing;

namespace QueueService.Tests;

/// <summary>The HTTP contract, as its callers see it.</summary>
public sealed class ContractTests(SharedReplica shared) : IClassFixture<SharedReplica>
{
    private static readonly object TwoPlaces = new { maxActive = 2, admitPerSecond = 1_000, paused = false };
    private static readonly object NoPlace = new { maxActive = 0, admitPerSecond = 1_000, paused = false };

    private readonly Replica _queue = shared.Replica;

    [Fact]
    public async Task Who_is_admitted_at_once_gets_a_pass_for_this_concert()
    {
        var concert = Replica.NewConcert();
        using var answer = await _queue.JoinAsync(concert, 7);
        var place = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["token", "ticket", "status", "position", "etaSeconds", "pollAfterMs", "pass", "expiresAt"], Names(place));
        Assert.Equal(("admitted", 0, 0), ((string)place["status"]!, (int)place["position"]!, (int)place["etaSeconds"]!));
        Assert.True(TestTokens.Signer.TryVerify((string)place["pass"]!, out Pass pass));
        Assert.Equal((7, concert, (long)place["ticket"]!, (DateTimeOffset)place["expiresAt"]!), (pass.UserId, pass.ConcertId, pass.Ticket, pass.ExpiresAt));
        Assert.EndsWith((string)place["token"]!, answer.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_waits_is_told_where_how_long_and_when_to_ask_again()
    {
        var concert = Replica.NewConcert();
        await _queue.LimitAsync(concert, NoPlace);
        await _queue.JoinedAsync(concert, 1);
        var place = await _queue.JoinedAsync(concert, 2);

        Assert.Equal(["token", "ticket", "status", "position", "etaSeconds", "pollAfterMs"], Names(place));
        Assert.Equal(("waiting", 2), ((string)place["status"]!, (int)place["position"]!));
        Assert.InRange((int)place["pollAfterMs"]!, 800, 1_300);
        Assert.True((int)place["etaSeconds"]! > 0);
    }

    [Fact]
    public async Task Asking_again_gives_the_same_ticket_with_200()
    {
        var concert = Replica.NewConcert();
        var first = await _queue.JoinedAsync(concert, 7);
        using var again = await _queue.JoinAsync(concert, 7);
        var place = (await again.Content.ReadFromJsonAsync<JsonNode>())!;

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.True(JsonNode.DeepEquals(first, place));
    }

    [Fact]
    public async Task The_token_alone_shows_how_it_stands()
    {
        var concert = Replica.NewConcert();
        await _queue.LimitAsync(concert, NoPlace);
        var place = await _queue.JoinedAsync(concert, 7);
        Assert.Equal("waiting", (string)(await _queue.CheckAsync(place))["status"]!);

        await _queue.LimitAsync(concert, TwoPlaces);
        var admitted = await UntilAsync(place, "admitted");
        Assert.Equal((string)place["token"]!, (string)admitted["token"]!);
        Assert.True(TestTokens.Signer.TryVerify((string)admitted["pass"]!, out Pass pass));
        Assert.Equal((7, concert, (long)place["ticket"]!), (pass.UserId, pass.ConcertId, pass.Ticket));
    }

    [Fact]
    public async Task Leaving_gives_the_place_to_the_next_and_may_be_repeated()
    {
        var concert = Replica.NewConcert();
        await _queue.LimitAsync(concert, new { maxActive = 1, admitPerSecond = 1_000, paused = false });
        var first = await _queue.JoinedAsync(concert, 1);
        var second = await _queue.JoinedAsync(concert, 2);
        for (var time = 0; time < 2; time++)
        {
            using var answer = await _queue.SendAsync(HttpMethod.Delete, $"/queue/tokens/{first["token"]}");
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        await UntilAsync(second, "admitted");
        Assert.Equal(["token", "ticket", "status", "position", "etaSeconds", "pollAfterMs"], Names(await UntilAsync(first, "expired")));
    }

    [Fact]
    public async Task A_line_shows_its_numbers()
    {
        var concert = Replica.NewConcert();
        await _queue.LimitAsync(concert, TwoPlaces);
        for (var user = 1; user <= 5; user++)
            await _queue.JoinedAsync(concert, user);
        var line = await Replica.JsonAsync(await _queue.SendAsync(HttpMethod.Get, $"/queue/lines/{concert}"));

        Assert.Equal(["issued", "serving", "waiting", "active", "maxActive", "admittedPerSecond"], Names(line));
        Assert.Equal((3, 2, 2), ((int)line["waiting"]!, (int)line["active"]!, (int)line["maxActive"]!));
        Assert.Equal(3, (long)line["issued"]! - (long)line["serving"]!);
        Assert.True((double)line["admittedPerSecond"]! > 0);
    }

    [Fact]
    public async Task A_line_that_nobody_stands_in_is_empty()
    {
        var line = await Replica.JsonAsync(await _queue.SendAsync(HttpMethod.Get, $"/queue/lines/{long.MaxValue}"));

        Assert.Equal((0, 0, 0, 0), ((int)line["issued"]!, (int)line["serving"]!, (int)line["waiting"]!, (int)line["active"]!));
    }

    [Fact]
    public async Task An_operator_sets_the_limits()
    {
        var concert = Replica.NewConcert();
        using var answer = await _queue.SendAsync(
            HttpMethod.Put, $"/admin/lines/{concert}", TestTokens.Admin(), JsonContent.Create(new { maxActive = 3, admitPerSecond = 2.5, paused = true }));
        var limits = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["maxActive", "admitPerSecond", "paused"], Names(limits));
        Assert.Equal((3, 2.5, true), ((int)limits["maxActive"]!, (double)limits["admitPerSecond"]!, (bool)limits["paused"]!));
        Assert.Equal("waiting", (string)(await _queue.JoinedAsync(concert, 1))["status"]!);
    }

    [Fact]
    public async Task A_sale_that_is_to_open_says_when()
    {
        var concert = Replica.NewConcert();
        var opensAt = new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var answer = await _queue.SendAsync(
            HttpMethod.Put, $"/admin/lines/{concert}", TestTokens.Admin(), JsonContent.Create(new { maxActive = 3, admitPerSecond = 1, paused = false, opensAt }));

        Assert.Equal(opensAt, (DateTimeOffset)(await answer.Content.ReadFromJsonAsync<JsonNode>())!["opensAt"]!);
        var place = await _queue.JoinedAsync(concert, 1);
        Assert.Equal("waiting", (string)place["status"]!);
        Assert.InRange((int)place["pollAfterMs"]!, 24_000, 36_000);
    }

    [Fact]
    public async Task Anybody_signs_in_while_developing()
    {
        var answer = await Replica.JsonAsync(await _queue.SendAsync(HttpMethod.Post, "/dev/sign-in", body: JsonContent.Create(new { userId = 42 })));
        Assert.True(TestTokens.Signer.TryVerify((string)answer["token"]!, out UserToken user));
        Assert.Equal((42, false), (user.UserId, user.IsAdmin));

        answer = await Replica.JsonAsync(await _queue.SendAsync(HttpMethod.Post, "/dev/sign-in", body: JsonContent.Create(new { userId = 1, admin = true })));
        Assert.True(TestTokens.Signer.TryVerify((string)answer["token"]!, out user) && user.IsAdmin);
    }

    [Fact]
    public async Task OpenApi_describes_every_endpoint_with_its_errors()
    {
        var document = (await _queue.Http.GetFromJsonAsync<JsonNode>("/openapi/v1.json"))!["paths"]!;

        Assert.Equal(
            [
                "DELETE /api/v1/queue/tokens/{token}: 204 404 503",
                "GET /api/v1/queue/lines/{concertId}: 200 400 503",
                "GET /api/v1/queue/tokens/{token}/events: 200 404 503",
                "GET /api/v1/queue/tokens/{token}: 200 404 503",
                "POST /api/v1/dev/sign-in: 200 400 413 415",
                "POST /api/v1/queue/tokens: 200 201 400 401 413 415 429 503",
                "PUT /api/v1/admin/lines/{concertId}: 200 400 401 403 409 413 415 503",
            ],
            document.AsObject()
                .Where(path => !path.Key.Contains("dead-letters", StringComparison.Ordinal))
                .SelectMany(path => path.Value!.AsObject(), (path, method) =>
                    $"{method.Key.ToUpperInvariant()} {path.Key}: {string.Join(' ', Names(method.Value!["responses"]!).Order(StringComparer.Ordinal))}")
                .Order(StringComparer.Ordinal));
    }

    private async Task<JsonNode> UntilAsync(JsonNode place, string status)
    {
        while (true)
        {
            var now = await _queue.CheckAsync(place);
            if ((string)now["status"]! == status)
                return now;
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(member => member.Key);
}
