using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServiceDefaults.Authentication;
using ServiceDefaults.Idempotency;
using ServiceDefaults.Tokens;
using Xunit;

namespace ServiceDefaults.Tests;

public sealed class AccessTests : IAsyncLifetime
{
    private TestService _service = null!;

    public async ValueTask InitializeAsync() => _service = await TestService.StartAsync(app =>
    {
        app.MapGet("/me", (SignedInUser user) => user.Id).RequireUser();
        app.MapGet("/admin", (SignedInUser user) => user.Id).RequireAdmin();
        app.MapGet("/seats", (AdmittedPass pass) => pass.Ticket).RequirePass();
        app.MapGet("/reserve", (SignedInUser user, AdmittedPass pass) => user.Id + pass.Ticket).RequireUser().RequirePass();
        app.MapPost("/pay", (IdempotencyKey key) => Results.Text(key.Value)).RequireUser().RequireIdempotencyKey();
        app.MapGet("/hold", (IdempotencyKey? key) => Results.Text(key?.Value ?? "none"));
        var group = app.MapGroup("/group").RequireUser();
        group.MapGet("/admin", () => "in").RequireAdmin();
    });

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Theory]
    [InlineData("/me", null, null, 401)]
    [InlineData("/me", "forged", null, 401)]
    [InlineData("/me", "expired", null, 401)]
    [InlineData("/me", "pass", null, 401)]
    [InlineData("/me", "user", null, 200)]
    [InlineData("/admin", null, null, 401)]
    [InlineData("/admin", "user", null, 403)]
    [InlineData("/admin", "admin", null, 200)]
    [InlineData("/group/admin", "user", null, 403)]
    [InlineData("/seats", null, null, 403)]
    [InlineData("/seats", null, "forged", 403)]
    [InlineData("/seats", null, "expired", 403)]
    [InlineData("/seats", null, "own", 200)]
    [InlineData("/seats", "user", "own", 200)]
    [InlineData("/seats", "user", "other", 403)]
    [InlineData("/seats", "forged", "own", 401)]
    [InlineData("/reserve", null, "own", 401)]
    [InlineData("/reserve", "user", null, 403)]
    [InlineData("/reserve", "user", "other", 403)]
    [InlineData("/reserve", "user", "own", 200)]
    public async Task Only_who_may_comes_in(string address, string? user, string? pass, int status)
    {
        using var response = await _service.Client.SendAsync(Request(HttpMethod.Get, address, user, pass));
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        if (status == 200)
            return;

        var type = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString();
        var name = status == 401 ? "unauthorized" : address.EndsWith("admin", StringComparison.Ordinal) ? "forbidden" : "not-admitted";
        Assert.Equal("urn:concert:problem:" + name, type);
        Assert.Equal(status == 401, response.Headers.WwwAuthenticate.Count == 1);
    }

    [Fact]
    public async Task A_body_is_not_read_before_its_sender_is_known()
    {
        using var request = Request(HttpMethod.Post, "/pay", user: null, pass: null);
        request.Content = new StringContent("{");
        using var response = await _service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("a", true)]
    [InlineData("~!{}", true)]
    [InlineData(255, true)]
    [InlineData(256, false)]
    [InlineData("a b", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public async Task An_idempotency_key_is_required_and_checked(object? key, bool accepted)
    {
        var value = key is int length ? new string('k', length) : (string?)key;
        using var request = Request(HttpMethod.Post, "/pay", "user", null);
        if (value is not null)
            request.Headers.TryAddWithoutValidation(IdempotencyKey.Header, value);
        using var response = await _service.Client.SendAsync(request);

        Assert.Equal(accepted ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains(accepted ? value! : "\"errors\":{\"Idempotency-Key\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_optional_idempotency_key_may_be_missing_but_not_doubled()
    {
        Assert.Equal("none", await _service.Client.GetStringAsync("/hold"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/hold");
        request.Headers.TryAddWithoutValidation(IdempotencyKey.Header, ["one", "two"]);
        using var response = await _service.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task OpenApi_shows_who_may_come_in()
    {
        var paths = (await _service.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        var reserve = paths.GetProperty("/reserve").GetProperty("get");
        Assert.Equal(["user", "pass"], reserve.GetProperty("security")[0].EnumerateObject().Select(p => p.Name));
        Assert.True(reserve.GetProperty("responses").TryGetProperty("401", out _));
        Assert.True(reserve.GetProperty("responses").TryGetProperty("403", out _));
        Assert.False(reserve.TryGetProperty("parameters", out _), reserve.ToString());
        Assert.False(reserve.TryGetProperty("requestBody", out _), reserve.ToString());
        Assert.False(paths.GetProperty("/hold").GetProperty("get").TryGetProperty("security", out _));
        var key = paths.GetProperty("/pay").GetProperty("post").GetProperty("parameters").EnumerateArray().Single();
        Assert.Equal("Idempotency-Key", key.GetProperty("name").GetString());
        Assert.True(key.GetProperty("required").GetBoolean());
        Assert.False(paths.TryGetProperty("/alive", out _));
    }

    private HttpRequestMessage Request(HttpMethod method, string address, string? user, string? pass)
    {
        const long me = 5;
        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        var bearer = user switch
        {
            "user" => _service.UserToken(me),
            "admin" => _service.UserToken(me, admin: true),
            "expired" => _service.Tokens.Sign(new UserToken(me, false, past)),
            "pass" => _service.Pass(me),
            _ => user,
        };
        var admission = pass switch
        {
            "own" => _service.Pass(me),
            "other" => _service.Pass(me + 1),
            "expired" => _service.Tokens.Sign(new Pass(me, 7, 1, past)),
            _ => pass,
        };
        var request = new HttpRequestMessage(method, address);
        if (bearer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + bearer);
        if (admission is not null)
            request.Headers.TryAddWithoutValidation(AdmittedPass.Header, admission);
        return request;
    }
}
