using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Testing;
using Xunit;

namespace ConcertService.Tests;

public sealed class ContractTests(DemoReplica demo) : IClassFixture<DemoReplica>
{
    private readonly HttpClient _http = demo.Replica.Http;

    [Fact]
    public async Task Concerts_come_in_pages_with_a_total()
    {
        var page = await JsonAsync("/api/v1/concerts?page=2&size=8");

        Assert.Equal(["items", "page", "size", "total"], Names(page));
        Assert.Equal((2, 8, 20), ((int)page["page"]!, (int)page["size"]!, (int)page["total"]!));
        Assert.Equal(Enumerable.Range(9, 8), page["items"]!.AsArray().Select(item => (int)item!["id"]!));
        Assert.Equal(["id", "title", "artist", "venue", "firstStartsAt", "lastStartsAt"], Names(page["items"]![0]!));
    }

    [Fact]
    public async Task A_page_has_twenty_concerts_unless_asked_otherwise_and_the_last_pages_may_be_short_or_empty()
    {
        Assert.Equal(20, (await JsonAsync("/api/v1/concerts"))["items"]!.AsArray().Count);
        Assert.Equal(6, (await JsonAsync("/api/v1/concerts?page=3&size=7"))["items"]!.AsArray().Count);
        Assert.Empty((await JsonAsync("/api/v1/concerts?page=2147483647&size=100"))["items"]!.AsArray());
    }

    [Fact]
    public async Task A_concert_is_what_the_list_says()
    {
        var listed = (await JsonAsync("/api/v1/concerts"))["items"]![4]!;

        Assert.True(JsonNode.DeepEquals(listed, await JsonAsync("/api/v1/concerts/5")));
    }

    [Fact]
    public async Task A_concert_has_its_schedules_in_the_order_of_time()
    {
        var items = (await JsonAsync("/api/v1/concerts/3/schedules"))["items"]!.AsArray();

        Assert.Equal(["id", "concertId", "startsAt", "seatsTotal", "seatsAvailable"], Names(items[0]!));
        Assert.Equal(Enumerable.Range(21, 10), items.Select(item => (int)item!["id"]!));
        Assert.All(items, item => Assert.Equal((3, 150, 150), ((int)item!["concertId"]!, (int)item["seatsTotal"]!, (int)item["seatsAvailable"]!)));
        Assert.Equal(items.Select(item => (DateTimeOffset)item!["startsAt"]!).Order(), items.Select(item => (DateTimeOffset)item!["startsAt"]!));
    }

    [Fact]
    public async Task A_schedule_has_its_seats()
    {
        using var answer = await demo.Replica.SeatsAsync(25, TestTokens.Pass(7, 3, 1));
        var map = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;

        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(["scheduleId", "version", "seats"], Names(map));
        Assert.Equal(["id", "section", "row", "number", "grade", "price", "status"], Names(map["seats"]![0]!));
        Assert.Equal(Enumerable.Range(3601, 150), map["seats"]!.AsArray().Select(seat => (int)seat!["id"]!));
        Assert.All(map["seats"]!.AsArray(), seat => Assert.Equal("available", (string)seat!["status"]!));
    }

    [Fact]
    public async Task Layouts_are_of_the_whole_concert_and_have_the_prices_that_the_seat_map_shows()
    {
        var layouts = await JsonAsync("/internal/schedules/25/layouts");
        var map = await demo.Replica.SeatMapAsync(25, concert: 3);

        Assert.Equal(["concertId", "schedules"], Names(layouts));
        Assert.Equal(3, (int)layouts["concertId"]!);
        Assert.Equal(Enumerable.Range(21, 10), layouts["schedules"]!.AsArray().Select(schedule => (int)schedule!["scheduleId"]!));
        var layout = layouts["schedules"]!.AsArray().Single(schedule => (int)schedule!["scheduleId"]! == 25)!;
        Assert.Equal(["scheduleId", "startsAt", "seats"], Names(layout));
        var runs = layout["seats"]!.AsArray().Select(run => (First: (long)run!["first"]!, Count: (int)run["count"]!, Price: (long)run["price"]!)).ToList();
        Assert.Equal(
            map.Seats.Select(seat => (seat.Id, seat.Price)),
            runs.SelectMany(run => Enumerable.Range(0, run.Count).Select(n => (run.First + n, run.Price))));
        Assert.True(runs.Count < map.Seats.Count / 10, $"{runs.Count} runs");

        var alone = await JsonAsync("/internal/schedules/25/layouts?alone=true");
        Assert.Equal(3, (int)alone["concertId"]!);
        Assert.Equal(layout.ToJsonString(), alone["schedules"]!.AsArray().Single()!.ToJsonString());
    }

    [Theory]
    [InlineData("/api/v1/concerts?page=0", "page")]
    [InlineData("/api/v1/concerts?page=-1", "page")]
    [InlineData("/api/v1/concerts?page=x", "page")]
    [InlineData("/api/v1/concerts?page=99999999999", "page")]
    [InlineData("/api/v1/concerts?size=0", "size")]
    [InlineData("/api/v1/concerts?size=101", "size")]
    [InlineData("/api/v1/concerts?size=1.5", "size")]
    [InlineData("/api/v1/concerts/x", "id")]
    [InlineData("/api/v1/concerts/9223372036854775808", "id")]
    [InlineData("/api/v1/concerts/x/schedules", "id")]
    [InlineData("/api/v1/concerts/9223372036854775808/schedules", "id")]
    [InlineData("/internal/schedules/x/layouts", "id")]
    [InlineData("/internal/schedules/1/layouts?alone=x", "alone")]
    public async Task A_malformed_request_is_told_which_part_is_wrong(string path, string field)
    {
        var problem = await ProblemAsync(path, HttpStatusCode.BadRequest, "invalid-request");

        Assert.NotNull(problem["errors"]![field]);
    }

    [Theory]
    [InlineData("/api/v1/concerts/21")]
    [InlineData("/api/v1/concerts/0")]
    [InlineData("/api/v1/concerts/-1")]
    [InlineData("/api/v1/concerts/9223372036854775807/schedules")]
    [InlineData("/internal/schedules/201/layouts")]
    [InlineData("/internal/schedules/201/layouts?alone=true")]
    [InlineData("/internal/schedules/-5/layouts")]
    [InlineData("/api/v1/nothing")]
    public async Task What_does_not_exist_is_not_found(string path) => await ProblemAsync(path, HttpStatusCode.NotFound, "not-found");

    [Theory]
    [InlineData("/api/v1/concerts")]
    [InlineData("/api/v1/concerts/1")]
    [InlineData("/api/v1/concerts/1/schedules")]
    public async Task Who_has_the_answer_already_gets_304(string path)
    {
        using var first = await _http.GetAsync(path);
        var etag = first.Headers.ETag!.ToString();

        foreach (var known in new[] { etag, $"W/{etag}", $"\"other\", {etag}", "*" })
        {
            using var second = await GetAsync(path, known);
            Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
            Assert.Equal(etag, second.Headers.ETag!.ToString());
            Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        }

        using var other = await GetAsync(path, "\"other\"");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using var garbage = await GetAsync(path, "no quotes, \"");
        Assert.Equal(HttpStatusCode.OK, garbage.StatusCode);
    }

    [Fact]
    public async Task Only_the_admitted_see_seats_and_may_not_share_them()
    {
        using var answer = await demo.Replica.SeatsAsync(1, TestTokens.Pass(7, 1, 1));

        Assert.True(answer.Headers.CacheControl is { Private: true, NoCache: true });
        using var same = await demo.Replica.SeatsAsync(1, TestTokens.Pass(8, 1, 2), answer.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        using var nobody = await demo.Replica.SeatsAsync(1, pass: null, answer.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.Forbidden, nobody.StatusCode);
    }

    [Fact]
    public async Task A_pass_must_be_there_genuine_valid_and_for_this_concert()
    {
        var valid = TestTokens.Pass(7, 1, 1);
        var expired = TestTokens.Signer.Sign(new ServiceDefaults.Tokens.Pass(7, 1, 1, new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        string?[] bad = [null, "", "x", valid[..^3] + "AAA", expired, TestTokens.User(7), TestTokens.Pass(7, concertId: 2, ticket: 1), new string('a', 7000)];
        foreach (var pass in bad)
        {
            using var answer = await demo.Replica.SeatsAsync(1, pass);
            await ProblemAsync(answer, HttpStatusCode.Forbidden, "not-admitted");
        }

        using var another = await demo.Replica.SeatsAsync(1, valid, user: TestTokens.User(8));
        await ProblemAsync(another, HttpStatusCode.Forbidden, "not-admitted");
        using var own = await demo.Replica.SeatsAsync(1, valid, user: TestTokens.User(7));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Theory]
    [InlineData("x", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("9223372036854775808", HttpStatusCode.BadRequest, "invalid-request")]
    [InlineData("201", HttpStatusCode.NotFound, "not-found")]
    [InlineData("-1", HttpStatusCode.NotFound, "not-found")]
    public async Task Seats_of_no_schedule_cannot_be_seen_even_with_a_pass(string id, HttpStatusCode status, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/schedules/{id}/seats");
        request.Headers.Add("X-Queue-Pass", TestTokens.Pass(7, 1, 1));
        using var answer = await _http.SendAsync(request);

        await ProblemAsync(answer, status, name);
    }

    [Fact]
    public async Task Only_reading_is_possible()
    {
        using var answer = await _http.PostAsync("/api/v1/concerts", JsonContent.Create(new { title = "Mine" }));

        await ProblemAsync(answer, HttpStatusCode.MethodNotAllowed, "method-not-allowed");
    }

    [Theory]
    [InlineData("/api/v1/concerts", "200 304 400 503")]
    [InlineData("/api/v1/concerts/{id}", "200 304 400 404 503")]
    [InlineData("/api/v1/concerts/{id}/schedules", "200 304 400 404 503")]
    [InlineData("/api/v1/schedules/{id}/seats", "200 304 400 403 404 503")]
    [InlineData("/internal/schedules/{id}/layouts", "200 304 400 404 503")]
    public async Task Every_endpoint_documents_its_answers(string path, string statuses)
    {
        var operation = (await JsonAsync("/openapi/v1.json"))["paths"]![path]!["get"]!;

        Assert.Equal(statuses.Split(' '), operation["responses"]!.AsObject().Select(answer => answer.Key).Order(StringComparer.Ordinal));
        Assert.NotEmpty((string)operation["summary"]!);
        Assert.NotNull(operation["responses"]!["200"]!["content"]!["application/json"]!["schema"]);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string ifNoneMatch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        return await _http.SendAsync(request);
    }

    private async Task<JsonNode> JsonAsync(string path) => (await _http.GetFromJsonAsync<JsonNode>(path))!;

    private async Task<JsonNode> ProblemAsync(string path, HttpStatusCode status, string name)
    {
        using var answer = await _http.GetAsync(path);
        return await ProblemAsync(answer, status, name);
    }

    private static async Task<JsonNode> ProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string name)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        var problem = JsonSerializer.Deserialize<JsonNode>(await answer.Content.ReadAsByteArrayAsync())!;
        Assert.Equal($"urn:concert:problem:{name}", (string)problem["type"]!);
        Assert.NotEmpty((string)problem["traceId"]!);
        return problem;
    }

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(property => property.Key);
}
