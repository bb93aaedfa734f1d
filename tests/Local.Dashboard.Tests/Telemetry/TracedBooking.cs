using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Contracts;
using Local.Dashboard.Tests.Shell;

namespace Local.Dashboard.Tests.Telemetry;

/// <summary>The seven steps of a booking by one user, with the same traceparent on each call.</summary>
internal sealed class TracedBooking(RunningDashboard dashboard, long userId) : IDisposable
{
    private const long Concert = 4;
    private const long Enough = 500_000;
    private const int MostAttempts = 3;
    private static readonly TimeSpan BetweenPolls = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient _http = new();
    private string _user = "";
    private string? _pass;

    public string TraceId { get; } = ActivityTraceId.CreateRandom().ToHexString();

    public void Dispose() => _http.Dispose();

    public async Task BookAsync()
    {
        _user = (await SendAsync(HttpMethod.Post, ResourceNames.Queue, "/api/v1/dev/sign-in", new { userId })).GetProperty("token").GetString()!;
        _pass = await AdmittedAsync();
        await SendAsync(HttpMethod.Get, ResourceNames.Concert, "/api/v1/concerts");
        var schedules = await SendAsync(HttpMethod.Get, ResourceNames.Concert, $"/api/v1/concerts/{Concert}/schedules");
        var schedule = schedules.GetProperty("items")[0].GetProperty("id").GetInt64();
        var seats = await SendAsync(HttpMethod.Get, ResourceNames.Concert, $"/api/v1/schedules/{schedule}/seats");
        // Tests book at the same time: each user a seat of their own.
        var seat = seats.GetProperty("seats")[(int)userId].GetProperty("id").GetInt64();
        var held = await SendAsync(HttpMethod.Post, ResourceNames.Reservation, "/api/v1/reservations", new { scheduleId = schedule, seatIds = new[] { seat } });
        await SendAsync(HttpMethod.Post, ResourceNames.Payment, "/api/v1/wallet/charges", new { amount = Enough });
        await SendAsync(
            HttpMethod.Post, ResourceNames.Payment, "/api/v1/payments",
            new { reservationId = held.GetProperty("id").GetGuid(), holdToken = held.GetProperty("holdToken").GetString(), method = "points" });
    }

    private async Task<string> AdmittedAsync()
    {
        var place = await SendAsync(HttpMethod.Post, ResourceNames.Queue, "/api/v1/queue/tokens", new { concertId = Concert });
        var token = place.GetProperty("token").GetString();
        while (true)
        {
            var answer = await SendAsync(HttpMethod.Get, ResourceNames.Queue, $"/api/v1/queue/tokens/{token}");
            if (answer.TryGetProperty("pass", out var pass) && pass.GetString() is { } admitted)
                return admitted;
            await Task.Delay(BetweenPolls, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string service, string path, object? body = null)
    {
        var key = Guid.CreateVersion7().ToString();
        for (var attempt = 1; ; attempt++)
        {
            using var answer = await AskAsync(method, (await dashboard.ResourceAsync(service)).Urls[0] + path, key, body);
            // A machine that stood still for a moment makes a service say "come again", and who books does.
            if (attempt < MostAttempts && answer is { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter.Delta: { } pause })
            {
                await Task.Delay(pause, TimeProvider.System, TestContext.Current.CancellationToken);
                continue;
            }

            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, $"{method} {path} answered {(int)answer.StatusCode}: {text}");
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string url, string key, object? body)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.Add("traceparent", $"00-{TraceId}-00f067aa0ba902b7-01");
        request.Headers.Add("Idempotency-Key", key);
        if (_user.Length > 0)
            request.Headers.Authorization = new("Bearer", _user);
        if (_pass is not null)
            request.Headers.Add("X-Queue-Pass", _pass);
        request.Content = body is null ? null : JsonContent.Create(body);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
