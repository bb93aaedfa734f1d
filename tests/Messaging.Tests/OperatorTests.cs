using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Testing;
using Xunit;

namespace Messaging.Tests;

public sealed class OperatorTests(Infrastructure infrastructure) : IAsyncLifetime
{
    private TestService service = null!;

    public async ValueTask InitializeAsync()
    {
        var world = await World.CreateAsync(await infrastructure.PostgresAsync(), await infrastructure.KafkaAsync());
        service = await TestService.StartAsync(world, world.Records);
    }

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Bad_questions_are_answered_with_what_is_wrong_and_never_with_a_500()
    {
        using var admin = service.Admin();
        foreach (var (path, field) in new[] { ("?page=0", "page"), ("?page=x", "page"), ("?size=0", "size"), ("?size=201", "size"), ("?page=99999999999", "page") })
        {
            using var response = await admin.GetAsync("/api/v1/admin/dead-letters" + path);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains(field, await response.Content.ReadAsStringAsync());
        }
        foreach (var (path, body, status) in new[]
        {
            ("dead-letters/replay", "{}", HttpStatusCode.BadRequest),
            ("dead-letters/replay", """{"ids":[]}""", HttpStatusCode.BadRequest),
            ("dead-letters/replay", """{"ids":["x"],"all":true}""", HttpStatusCode.BadRequest),
            ("dead-letters/replay", """{"ids":[null]}""", HttpStatusCode.BadRequest),
            ("dead-letters/replay", """{"ids":["x"]}""", HttpStatusCode.NotFound),
            ("dead-letters/replay", $$"""{"ids":[{{string.Join(',', Enumerable.Range(0, 501).Select(i => $"\"{i}\""))}}]}""", HttpStatusCode.BadRequest),
            ("dead-letters/replay", "[", HttpStatusCode.BadRequest),
            ("outbox/refeed", "{}", HttpStatusCode.BadRequest),
            ("outbox/refeed", """{"since":"yesterday"}""", HttpStatusCode.BadRequest),
            ("outbox/refeed", """{"since":"0001-01-01T00:00:00Z"}""", HttpStatusCode.OK),
            ("outbox/refeed", """{"since":"9999-12-31T23:59:59Z"}""", HttpStatusCode.OK),
        })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            using var response = await admin.PostAsync("/api/v1/admin/" + path, content);
            Assert.True(status == response.StatusCode, $"{body}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
        }
    }

    [Fact]
    public async Task Only_administrators_are_answered()
    {
        using var user = service.Admin();
        foreach (var (token, status) in new[] { (null, HttpStatusCode.Unauthorized), (TestTokens.User(1), HttpStatusCode.Forbidden) })
        {
            user.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var list = await user.GetAsync("/api/v1/admin/dead-letters");
            using var replay = await user.PostAsync("/api/v1/admin/dead-letters/replay", content: null);
            using var refeed = await user.PostAsync("/api/v1/admin/outbox/refeed", content: null);
            Assert.Equal([status, status, status], [list.StatusCode, replay.StatusCode, refeed.StatusCode]);
        }
    }

    [Fact]
    public async Task OpenAPI_describes_the_endpoints_with_their_errors()
    {
        using var admin = service.Admin();
        using var document = JsonDocument.Parse(await admin.GetStringAsync("/openapi/v1.json"));
        var paths = document.RootElement.GetProperty("paths");
        foreach (var (path, method, statuses) in new[]
        {
            ("/api/v1/admin/dead-letters", "get", new[] { "200", "400", "401", "403", "503" }),
            ("/api/v1/admin/dead-letters/replay", "post", ["200", "400", "401", "403", "404", "503"]),
            ("/api/v1/admin/outbox/refeed", "post", ["200", "400", "401", "403", "503"]),
        })
            Assert.Superset(statuses.ToHashSet(), paths.GetProperty(path).GetProperty(method).GetProperty("responses").EnumerateObject().Select(r => r.Name).ToHashSet());
    }
}
