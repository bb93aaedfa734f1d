using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;
using ServiceDefaults.Problems;
using ServiceDefaults.Redis;
using Xunit;

namespace ServiceDefaults.Tests;

public sealed record Order(long ScheduleId, long[] SeatIds, string Name, Method? Method = null, Card? Card = null);

public sealed record Card(string Number, int Month);

public enum Method
{
    Points,
    Card,
}

public sealed class ProblemTests : IAsyncLifetime
{
    private TestService _service = null!;

    public async ValueTask InitializeAsync() => _service = await TestService.StartAsync(app =>
    {
        app.MapPost("/orders", (Order order) => Results.Ok(order));
        app.MapGet("/orders/{id}", (long id, int page = 1) => Results.Ok(id + page));
        app.MapGet("/bare/{status:int}", (int status) => Results.StatusCode(status));
        app.MapGet("/fails/{how}", (string how) => Fail(how));
        app.MapGet("/taken", () => Problem.Of(
            409, "seat-taken", "Taken.", TimeSpan.FromSeconds(2.1), new Dictionary<string, object?> { ["seatIds"] = new[] { 1L, 2L } }));
    });

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    private static string Fail(string how) => throw (how switch
    {
        "database-away" => new NpgsqlException("Failed to connect", new TimeoutException()),
        "deadlock" => new PostgresException("deadlock detected", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected),
        "shutdown" => new PostgresException("terminating", "FATAL", "FATAL", PostgresErrorCodes.AdminShutdown),
        "nul-character" => new PostgresException("invalid byte sequence", "ERROR", "ERROR", PostgresErrorCodes.CharacterNotInRepertoire),
        "syntax" => new PostgresException("syntax error", "ERROR", "ERROR", PostgresErrorCodes.SyntaxError),
        "redis-away" => new RedisUnavailableException("away"),
        "neighbour-away" => new HttpRequestException("refused"),
        "bug" => new InvalidOperationException("secret detail"),
        _ => new ArgumentOutOfRangeException(nameof(how)),
    });

    [Theory]
    [InlineData("", "body")]
    [InlineData("{", "body")]
    [InlineData("null", "body")]
    [InlineData("[]", "body")]
    [InlineData("{}", "scheduleId")]
    [InlineData("""{"scheduleId":"1","seatIds":[1],"name":"n"}""", "scheduleId")]
    [InlineData("""{"scheduleId":99999999999999999999,"seatIds":[1],"name":"n"}""", "scheduleId")]
    [InlineData("""{"scheduleId":1.5,"seatIds":[1],"name":"n"}""", "scheduleId")]
    [InlineData("""{"scheduleId":null,"seatIds":[1],"name":"n"}""", "scheduleId")]
    [InlineData("""{"scheduleId":1,"seatIds":[1,"x"],"name":"n"}""", "seatIds[1]")]
    [InlineData("""{"scheduleId":1,"seatIds":null,"name":"n"}""", "seatIds")]
    [InlineData("""{"scheduleId":1,"seatIds":[1]}""", "name")]
    [InlineData("""{"scheduleId":1,"seatIds":[1],"name":"\ud800"}""", "name")]
    [InlineData("""{"scheduleId":1,"scheduleId":2,"seatIds":[1],"name":"n"}""", "scheduleId")]
    [InlineData("""{"scheduleId":1,"seatIds":[1],"name":"n","method":"cash"}""", "method")]
    [InlineData("""{"scheduleId":1,"seatIds":[1],"name":"n","method":0}""", "method")]
    [InlineData("""{"scheduleId":1,"seatIds":[1],"name":"n","card":{"number":"4"}}""", "card.month")]
    [InlineData("""{"scheduleId":1,"seatIds":[1],"name":"n","card":{"number":"4","month":"x"}}""", "card.month")]
    public async Task A_malformed_body_is_400_and_names_the_field(string body, string field)
    {
        var problem = await PostAsync(new StringContent(body, Encoding.UTF8, "application/json"), HttpStatusCode.BadRequest, "invalid-request");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
    }

    [Fact]
    public async Task Invalid_utf8_is_400_and_names_the_field()
    {
        byte[] body = [.. """{"scheduleId":1,"seatIds":[1],"name":" """u8, 0xC3, 0x28, .. "\"}"u8];
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var problem = await PostAsync(content, HttpStatusCode.BadRequest, "invalid-request");
        Assert.True(problem.GetProperty("errors").TryGetProperty("name", out _), problem.ToString());
    }

    [Fact]
    public async Task Deep_nesting_is_400()
        => await PostAsync(new StringContent(new string('[', 10_000), Encoding.UTF8, "application/json"), HttpStatusCode.BadRequest, "invalid-request");

    [Fact]
    public async Task Another_media_type_is_415()
        => await PostAsync(new StringContent("{}", Encoding.UTF8, "text/plain"), HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");

    [Fact]
    public async Task A_body_beyond_the_limit_is_413()
        => await PostAsync(new StringContent($"\"{new string('x', 65_536)}\"", Encoding.UTF8, "application/json"), HttpStatusCode.RequestEntityTooLarge, "body-too-large");

    [Fact]
    public async Task Who_sends_megabytes_without_waiting_to_be_asked_hears_413_and_not_a_broken_connection()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_service.Client.BaseAddress!.Host, _service.Client.BaseAddress.Port);
        var connection = client.GetStream();
        await connection.WriteAsync("POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 8000000\r\n\r\n"u8.ToArray());
        await connection.WriteAsync(new byte[8_000_000]);

        using var answer = new StreamReader(connection);
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await answer.ReadLineAsync());
    }

    [Fact]
    public async Task A_chunked_body_beyond_the_limit_is_413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/orders")
        {
            Content = new StringContent($"\"{new string('x', 200_000)}\"", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = true;
        await ReadProblemAsync(await _service.Client.SendAsync(request), HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Theory]
    [InlineData("/orders/abc", "id")]
    [InlineData("/orders/99999999999999999999", "id")]
    [InlineData("/orders/1?page=x", "page")]
    [InlineData("/orders/1?page=", "page")]
    public async Task A_parameter_that_cannot_be_read_is_400_and_named(string address, string name)
    {
        var problem = await GetAsync(address, HttpStatusCode.BadRequest, "invalid-request");
        Assert.True(problem.GetProperty("errors").TryGetProperty(name, out _), problem.ToString());
    }

    [Theory]
    [InlineData("/nope", 404, "not-found")]
    [InlineData("/orders", 405, "method-not-allowed")]
    [InlineData("/bare/403", 403, "forbidden")]
    [InlineData("/bare/500", 500, "internal-error")]
    [InlineData("/fails/database-away", 503, "overloaded")]
    [InlineData("/fails/deadlock", 503, "overloaded")]
    [InlineData("/fails/shutdown", 503, "overloaded")]
    [InlineData("/fails/redis-away", 503, "overloaded")]
    [InlineData("/fails/neighbour-away", 503, "overloaded")]
    [InlineData("/fails/nul-character", 400, "invalid-request")]
    [InlineData("/fails/syntax", 500, "internal-error")]
    [InlineData("/fails/bug", 500, "internal-error")]
    public async Task Every_failure_is_a_problem(string address, int status, string name)
        => await GetAsync(address, (HttpStatusCode)status, name);

    [Fact]
    public async Task A_bug_tells_the_caller_nothing_but_the_trace()
    {
        var problem = await GetAsync("/fails/bug", HttpStatusCode.InternalServerError, "internal-error");
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_overload_says_when_to_come_back()
    {
        using var response = await _service.Client.GetAsync("/fails/database-away");
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_problem_of_a_slice_keeps_its_extensions_and_rounds_its_wait_up()
    {
        using var response = await _service.Client.GetAsync("/taken");
        Assert.Equal(TimeSpan.FromSeconds(3), response.Headers.RetryAfter?.Delta);
        var problem = await ReadProblemAsync(response, HttpStatusCode.Conflict, "seat-taken");
        Assert.Equal("Seat taken", problem.GetProperty("title").GetString());
        Assert.Equal(2, problem.GetProperty("seatIds")[1].GetInt64());
    }

    [Fact]
    public async Task A_head_request_for_nothing_has_no_body()
    {
        using var response = await _service.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/nope"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    private async Task<JsonElement> PostAsync(HttpContent body, HttpStatusCode status, string name)
        => await ReadProblemAsync(await _service.Client.PostAsync("/orders", body), status, name);

    private async Task<JsonElement> GetAsync(string address, HttpStatusCode status, string name)
        => await ReadProblemAsync(await _service.Client.GetAsync(address), status, name);

    private static async Task<JsonElement> ReadProblemAsync(HttpResponseMessage response, HttpStatusCode status, string name)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == response.StatusCode, $"{response.StatusCode}: {text}");
        Assert.Equal(ProblemResult.MediaType, response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal("urn:concert:problem:" + name, problem.GetProperty("type").GetString());
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.Equal(32, problem.GetProperty("traceId").GetString()!.Length);
        return problem;
    }
}
