using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Testing;

namespace QueueService.Tests;

/// <summary>One running replica of Queue.Service, with a line of its own for each test.</summary>
public sealed class Replica(string redis, string kafka = "localhost:1", params (string Key, string Value)[] settings) : IAsyncDisposable
{
    private static long _concerts = 2_000_000;

    private readonly ServiceHost<Program> _host = new(new Dictionary<string, string?>(
        settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)), StringComparer.Ordinal)
    {
        ["ConnectionStrings:redis"] = redis,
        ["ConnectionStrings:kafka"] = kafka,
    });

    private HttpClient? _http;

    public HttpClient Http => _http ??= _host.NewClient();

    public static long NewConcert() => Interlocked.Increment(ref _concerts);

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? user = null, HttpContent? body = null)
    {
        var request = new HttpRequestMessage(method, $"/api/v1{path}") { Content = body };
        if (user is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user);
        return Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> JoinAsync(long concert, long user)
        => SendAsync(HttpMethod.Post, "/queue/tokens", TestTokens.User(user), JsonContent.Create(new { concertId = concert }));

    public async Task<JsonNode> JoinedAsync(long concert, long user) => await JsonAsync(await JoinAsync(concert, user));

    public async Task<JsonNode> CheckAsync(JsonNode place) => await JsonAsync(await SendAsync(HttpMethod.Get, $"/queue/tokens/{place["token"]}"));

    public async Task LimitAsync(long concert, object limits)
    {
        using var answer = await SendAsync(HttpMethod.Put, $"/admin/lines/{concert}", TestTokens.Admin(), JsonContent.Create(limits));
        answer.EnsureSuccessStatusCode();
    }

    public static async Task<JsonNode> JsonAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            answer.EnsureSuccessStatusCode();
            return (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        await _host.DisposeAsync();
    }
}

/// <summary>A replica that a class of tests shares.</summary>
public sealed class SharedReplica(Infrastructure stores) : IAsyncLifetime
{
    public Replica Replica { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Replica = new((await stores.RedisAsync()).ConnectionString);

    public ValueTask DisposeAsync() => Replica.DisposeAsync();
}
