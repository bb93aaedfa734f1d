using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using NBomber.Contracts;
using NBomber.CSharp;

namespace LoadTests.Booking;

/// <summary>The system's HTTP interface as a customer's browser uses it; each call is one measured response.</summary>
internal sealed class BookingApi(SystemUnderTest system) : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient queue = ClientFor(system.Queue);
    private readonly HttpClient concert = ClientFor(system.Concert);
    private readonly HttpClient reservation = ClientFor(system.Reservation);
    private readonly HttpClient payment = ClientFor(system.Payment);

    public async Task<string> SignInAsync(long userId, CancellationToken cancel)
    {
        using var request = Post("api/v1/dev/sign-in", new SignInRequest(userId), ApiJson.Default.SignInRequest);
        using var response = await queue.SendAsync(request, cancel);
        response.EnsureSuccessStatusCode();
        return (await JsonSerializer.DeserializeAsync(await response.Content.ReadAsStreamAsync(cancel), ApiJson.Default.SignInAnswer, cancel))!.Token;
    }

    public Task<Response<TokenAnswer>> IssueTokenAsync(User user, long concertId, CancellationToken cancel) =>
        SendAsync(queue, Post("api/v1/queue/tokens", new TokenRequest(concertId), ApiJson.Default.TokenRequest).As(user), ApiJson.Default.TokenAnswer, cancel);

    public Task<Response<TokenAnswer>> PollAsync(User user, string token, CancellationToken cancel) =>
        SendAsync(queue, Get($"api/v1/queue/tokens/{token}").Of(user), ApiJson.Default.TokenAnswer, cancel);

    public Task<Response<byte[]>> LeaveLineAsync(User user, string token, CancellationToken cancel) =>
        SendAsync(queue, new HttpRequestMessage(HttpMethod.Delete, $"api/v1/queue/tokens/{token}").Of(user), cancel);

    public Task<Response<byte[]>> ListConcertsAsync(User user, int page, CancellationToken cancel) =>
        SendAsync(concert, Get($"api/v1/concerts?page={page}&size=20").Of(user), cancel);

    public Task<Response<byte[]>> ListSchedulesAsync(User user, long concertId, CancellationToken cancel) =>
        SendAsync(concert, Get($"api/v1/concerts/{concertId}/schedules").Of(user), cancel);

    public Task<Response<byte[]>> ListSeatsAsync(User user, long scheduleId, string pass, CancellationToken cancel) =>
        SendAsync(concert, Get($"api/v1/schedules/{scheduleId}/seats").Of(user).WithPass(pass), cancel);

    public Task<Response<ReservationAnswer>> ReserveAsync(User user, string pass, long scheduleId, long[] seatIds, CancellationToken cancel) =>
        SendAsync(
            reservation, Post("api/v1/reservations", new ReservationRequest(scheduleId, seatIds), ApiJson.Default.ReservationRequest).As(user).WithPass(pass),
            ApiJson.Default.ReservationAnswer, cancel);

    public Task<Response<byte[]>> CancelAsync(User user, Guid reservationId, CancellationToken cancel) =>
        SendAsync(reservation, new HttpRequestMessage(HttpMethod.Delete, $"api/v1/reservations/{reservationId}").As(user), cancel);

    public Task<Response<byte[]>> PayAsync(User user, ReservationAnswer held, CardDetails? card, CancellationToken cancel) =>
        SendAsync(
            payment,
            Post("api/v1/payments", new PaymentRequest(held.Id, held.HoldToken, card is null ? "points" : "card", card), ApiJson.Default.PaymentRequest)
                .As(user).WithKey(held.Id.ToString()),
            cancel);

    public Task<Response<byte[]>> ChargeAsync(User user, long amount, CancellationToken cancel) =>
        SendAsync(payment, Post("api/v1/wallet/charges", new ChargeRequest(amount), ApiJson.Default.ChargeRequest).As(user).WithKey(Guid.CreateVersion7().ToString()), cancel);

    public Task<Response<byte[]>> GetWalletAsync(User user, CancellationToken cancel) => SendAsync(payment, Get("api/v1/wallet").As(user), cancel);

    public void Dispose()
    {
        queue.Dispose();
        concert.Dispose();
        reservation.Dispose();
        payment.Dispose();
    }

    private static HttpClient ClientFor(Uri address) => new(new SocketsHttpHandler
    {
        MaxConnectionsPerServer = 5_000,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    private static HttpRequestMessage Get(string path) => new(HttpMethod.Get, path);

    private static HttpRequestMessage Post<T>(string path, T body, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, type));
        content.Headers.ContentType = Json;
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
    }

    private static async Task<Response<T>> SendAsync<T>(HttpClient client, HttpRequestMessage request, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        var raw = await SendAsync(client, request, cancel);
        return raw.IsError
            ? Response.Fail<T>(statusCode: raw.StatusCode, message: raw.Message, sizeBytes: raw.SizeBytes)
            : Response.Ok(payload: JsonSerializer.Deserialize(raw.Payload.Value, type)!, statusCode: raw.StatusCode, sizeBytes: raw.SizeBytes);
    }

    private static async Task<Response<byte[]>> SendAsync(HttpClient client, HttpRequestMessage request, CancellationToken cancel)
    {
        using (request)
        {
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
            var body = await response.Content.ReadAsByteArrayAsync(cancel);
            var code = response.StatusCode.ToString();
            return response.IsSuccessStatusCode
                ? Response.Ok(payload: body, statusCode: code, sizeBytes: body.Length)
                : Response.Fail<byte[]>(statusCode: code, message: ProblemNameOf(response.StatusCode, body), sizeBytes: body.Length);
        }
    }

    /// <summary>The problem's stable name, such as seat-taken, so that the report can tell kinds of errors apart.</summary>
    private static string ProblemNameOf(HttpStatusCode status, byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.TryGetProperty("type", out var type) && type.GetString() is { } urn ? urn[(urn.LastIndexOf(':') + 1)..] : status.ToString();
        }
        catch (JsonException)
        {
            return status.ToString();
        }
    }
}

file static class RequestExtensions
{
    /// <summary>Says who asks.</summary>
    public static HttpRequestMessage As(this HttpRequestMessage request, User user) => request.Of(user).With("Authorization", user.Authorization);

    /// <summary>Says of which visit the request is a part.</summary>
    public static HttpRequestMessage Of(this HttpRequestMessage request, User user) => user.TraceParent is null ? request : request.With("traceparent", user.TraceParent);

    public static HttpRequestMessage WithPass(this HttpRequestMessage request, string pass) => request.With("X-Queue-Pass", pass);

    public static HttpRequestMessage WithKey(this HttpRequestMessage request, string key) => request.With("Idempotency-Key", key);

    private static HttpRequestMessage With(this HttpRequestMessage request, string name, string value)
    {
        request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
