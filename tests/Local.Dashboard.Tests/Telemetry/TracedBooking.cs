using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Contracts;
using Local.Dashboard.Tests.Shell;

namespace Local.Dashboard.Tests.Telemetry;

/// <summary>One customer books one seat: seven calls under one trace, as a client with tracing makes them.</summary>
internal sealed class TracedBooking(RunningDashboard system) : IDisposable
{
    private readonly Dictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);
    private readonly ActivityTraceId _trace = ActivityTraceId.CreateRandom();

    public string TraceId => _trace.ToHexString();

    public async Task BookAsync(long userId)
    {
        var user = (string)(await CallAsync(ResourceNames.Queue, "/api/v1/dev/sign-in", new { userId }, isTraced: false))["token"]!;
        var token = (string)(await CallAsync(ResourceNames.Queue, "/api/v1/queue/tokens", new { concertId = 2 }, user))["token"]!;
        string? pass = null;
        while (pass is null)
            pass = (string?)(await CallAsync(ResourceNames.Queue, $"/api/v1/queue/tokens/{token}"))["pass"];
        await CallAsync(ResourceNames.Concert, "/api/v1/concerts");
        var schedule = (long)(await CallAsync(ResourceNames.Concert, "/api/v1/concerts/2/schedules"))["items"]![0]!["id"]!;
        var seats = (await CallAsync(ResourceNames.Concert, $"/api/v1/schedules/{schedule}/seats", pass: pass))["seats"]!.AsArray();
        var seat = (long)seats.First(s => (string)s!["status"]! == "available")!["id"]!;
        var hold = await CallAsync(ResourceNames.Reservation, "/api/v1/reservations", new { scheduleId = schedule, seatIds = new[] { seat } }, user, pass);
        await CallAsync(ResourceNames.Payment, "/api/v1/payments", new { reservationId = (string)hold["id"]!, holdToken = (string)hold["holdToken"]!, method = "points" }, user);
    }

    public void Dispose()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
    }

    private async Task<JsonNode> CallAsync(string service, string path, object? body = null, string? user = null, string? pass = null, bool isTraced = true)
    {
        if (!_clients.TryGetValue(service, out var client))
            _clients[service] = client = new HttpClient { BaseAddress = new Uri((await system.ResourceAsync(service)).Urls[0]) };
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (isTraced)
            request.Headers.Add("traceparent", $"00-{TraceId}-{ActivitySpanId.CreateRandom()}-01");
        if (user is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user);
        if (pass is not null)
            request.Headers.Add("X-Queue-Pass", pass);
        request.Headers.Add("Idempotency-Key", Guid.CreateVersion7().ToString());
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
    }
}
