using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ServiceDefaults.Tokens;
using Testing;

namespace QueueService.Tests;

/// <summary>Whatever comes in, the answer is a problem that names what is wrong, and never a 500.</summary>
public sealed class BadInputTests(SharedReplica shared) : IClassFixture<SharedReplica>
{
    private readonly Replica _queue = shared.Replica;

    [Theory]
    [InlineData("", "body")]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    [InlineData("{", "body")]
    [InlineData("\"3\"", "body")]
    [InlineData("{}", "concertId")]
    [InlineData("{\"concertId\":null}", "concertId")]
    [InlineData("{\"concertId\":\"3\"}", "concertId")]
    [InlineData("{\"concertId\":3.5}", "concertId")]
    [InlineData("{\"concertId\":0}", "concertId")]
    [InlineData("{\"concertId\":-1}", "concertId")]
    [InlineData("{\"concertId\":9223372036854775808}", "concertId")]
    [InlineData("{\"concertId\":[3]}", "concertId")]
    public async Task A_token_request_names_its_fault(string body, string field)
        => await RefusesAsync(HttpMethod.Post, "/queue/tokens", TestTokens.User(1), body, field);

    [Theory]
    [InlineData("{\"admitPerSecond\":1,\"paused\":false}", "maxActive")]
    [InlineData("{\"maxActive\":1,\"paused\":false}", "admitPerSecond")]
    [InlineData("{\"maxActive\":1,\"admitPerSecond\":1}", "paused")]
    [InlineData("{\"maxActive\":-1,\"admitPerSecond\":1,\"paused\":false}", "maxActive")]
    [InlineData("{\"maxActive\":10000001,\"admitPerSecond\":1,\"paused\":false}", "maxActive")]
    [InlineData("{\"maxActive\":1,\"admitPerSecond\":-0.1,\"paused\":false}", "admitPerSecond")]
    [InlineData("{\"maxActive\":1,\"admitPerSecond\":1e400,\"paused\":false}", "admitPerSecond")]
    [InlineData("{\"maxActive\":1,\"admitPerSecond\":1,\"paused\":\"no\"}", "paused")]
    [InlineData("{\"maxActive\":1,\"admitPerSecond\":1,\"paused\":false,\"opensAt\":\"soon\"}", "opensAt")]
    public async Task Limits_name_their_fault(string body, string field)
        => await RefusesAsync(HttpMethod.Put, $"/admin/lines/{Replica.NewConcert()}", TestTokens.Admin(), body, field);

    [Theory]
    [InlineData("{}", "userId")]
    [InlineData("{\"userId\":0}", "userId")]
    [InlineData("{\"userId\":\"me\"}", "userId")]
    [InlineData("{\"userId\":1,\"admin\":1}", "admin")]
    public async Task A_sign_in_names_its_fault(string body, string field)
        => await RefusesAsync(HttpMethod.Post, "/dev/sign-in", null, body, field);

    [Theory]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("abc")]
    [InlineData("9223372036854775808")]
    [InlineData("3.5")]
    public async Task A_line_has_a_positive_id(string concert)
    {
        await RefusesAsync(HttpMethod.Get, $"/queue/lines/{concert}", null, null, "concertId");
        await RefusesAsync(HttpMethod.Put, $"/admin/lines/{concert}", TestTokens.Admin(), "{\"maxActive\":1,\"admitPerSecond\":1,\"paused\":false}", "concertId");
    }

    [Fact]
    public async Task Who_is_not_signed_in_gets_no_ticket()
    {
        string?[] tokens = [null, "", "x", "a.b.c", TestTokens.User(1)[..^1] + "A", TestTokens.Pass(1, 1, 1), Expired()];
        foreach (var token in tokens)
        {
            using var answer = await _queue.SendAsync(HttpMethod.Post, "/queue/tokens", token, JsonContent.Create(new { concertId = 1 }));
            await IsProblemAsync(answer, HttpStatusCode.Unauthorized, "unauthorized");
        }
    }

    [Fact]
    public async Task Only_an_administrator_sets_limits()
    {
        var limits = new { maxActive = 1, admitPerSecond = 1, paused = false };
        using var nobody = await _queue.SendAsync(HttpMethod.Put, "/admin/lines/3", null, JsonContent.Create(limits));
        await IsProblemAsync(nobody, HttpStatusCode.Unauthorized, "unauthorized");
        using var user = await _queue.SendAsync(HttpMethod.Put, "/admin/lines/3", TestTokens.User(1), JsonContent.Create(limits));
        await IsProblemAsync(user, HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_token_that_is_forged_or_of_another_kind_is_not_found()
    {
        var real = (string)(await _queue.JoinedAsync(Replica.NewConcert(), 1))["token"]!;
        string[] tokens = ["x", "a.b.c", real[..^2], real + "A", Tampered(real), TestTokens.User(1), TestTokens.Pass(1, 1, 1), new('a', 3_000), "%FF%FE", "..%2F.."];
        foreach (var token in tokens)
        {
            foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Get, "/events") })
            {
                using var answer = await _queue.SendAsync(method, $"/queue/tokens/{token}{path}");
                await IsProblemAsync(answer, HttpStatusCode.NotFound, "not-found");
            }
        }
    }

    [Fact]
    public async Task Another_content_type_is_not_taken()
    {
        using var answer = await _queue.SendAsync(HttpMethod.Post, "/queue/tokens", TestTokens.User(1), new StringContent("{\"concertId\":3}", Encoding.UTF8, "text/plain"));

        await IsProblemAsync(answer, HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task A_huge_body_is_not_taken()
    {
        using var answer = await _queue.SendAsync(HttpMethod.Post, "/queue/tokens", TestTokens.User(1), Json(Encoding.UTF8.GetBytes($"{{\"concertId\":3,\"x\":\"{new string('x', 1 << 20)}\"}}")));

        await IsProblemAsync(answer, HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Fact]
    public async Task Invalid_UTF8_is_a_bad_request()
    {
        using var answer = await _queue.SendAsync(HttpMethod.Post, "/queue/tokens", TestTokens.User(1), Json([.. "{\"concertId\":\""u8, 0xC3, 0x28, .. "\"}"u8]));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Another_method_is_not_allowed()
    {
        using var answer = await _queue.SendAsync(HttpMethod.Patch, "/queue/tokens");

        await IsProblemAsync(answer, HttpStatusCode.MethodNotAllowed, "method-not-allowed");
    }

    private async Task RefusesAsync(HttpMethod method, string path, string? user, string? body, string field)
    {
        using var answer = await _queue.SendAsync(method, path, user, body is null ? null : Json(Encoding.UTF8.GetBytes(body)));
        var problem = await IsProblemAsync(answer, HttpStatusCode.BadRequest, "invalid-request");
        Assert.Equal([field], problem["errors"]!.AsObject().Select(error => error.Key));
    }

    private static async Task<JsonNode> IsProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string name)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal($"urn:concert:problem:{name}", (string)problem["type"]!);
        Assert.NotNull(problem["traceId"]);
        return problem;
    }

    private static ByteArrayContent Json(byte[] bytes) => new(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static string Tampered(string token)
    {
        var parts = token.Split('.');
        return $"{parts[0]}.{parts[1][..^3]}AAA.{parts[2]}";
    }

    private static string Expired() => TestTokens.Signer.Sign(new UserToken(1, IsAdmin: false, new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)));
}
