using System.Net;
using Local.Dashboard.Resources;
using Local.Servers;

namespace Local.Dashboard.Tests.Shell;

/// <summary>Nobody sees or does anything without the token.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private const string Token = "the-token-of-this-run";

    private readonly SomeResources _resources = new(new ResourceSnapshot("queue", "Project", "Running") { Healthy = true });
    private readonly DashboardOptions _options = new() { Port = FreePort.Next(), OtlpPort = FreePort.Next(), OtlpGrpcPort = FreePort.Next(), BrowserToken = Token };
    private readonly HttpClient _client;
    private DashboardHost _host = null!;

    public SignInTests() =>
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = new Uri(_options.Url) };

    public async ValueTask InitializeAsync() => _host = await DashboardHost.StartAsync(_options, _resources, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Theory]
    [InlineData("/live?topic=resources")]
    [InlineData("/console/stream")]
    [InlineData("/console/download")]
    [InlineData("/api/resources/queue/environment/PATH")]
    [InlineData("/_blazor")]
    [InlineData("/nothing")]
    public async Task Without_the_token_nothing_answers(string path)
    {
        using var answer = await GetAsync(path);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/console")]
    [InlineData("/messaging")]
    [InlineData("/sale")]
    public async Task Without_the_token_a_page_leads_to_the_sign_in(string path)
    {
        using var answer = await GetAsync(path, accept: "text/html");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/login?returnUrl=" + Uri.EscapeDataString(path), answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Without_the_token_no_command_is_carried_out()
    {
        using var answer = await _client.PostAsync(new Uri("/api/resources/queue/stop", UriKind.Relative), content: null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Empty(_resources.Commands);
    }

    [Fact]
    public async Task A_wrong_token_opens_nothing()
    {
        using var answer = await GetAsync("/login?t=wrong");
        Assert.Equal("/login?wrong=true", answer.Headers.Location!.OriginalString);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task The_token_opens_the_pages_and_does_not_stay_in_the_cookie()
    {
        using var signIn = await GetAsync($"/login?t={Token}&returnUrl=%2Fsale");
        Assert.Equal("/sale", signIn.Headers.Location!.OriginalString);
        var cookie = Assert.Single(signIn.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Token, cookie, StringComparison.Ordinal);

        using var page = await GetAsync("/", accept: "text/html");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("queue", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_monitoring_the_page_of_alerts_says_how_to_have_it()
    {
        using var page = await GetAsync($"/login?t={Token}&returnUrl=%2Falerts");
        using var alerts = await GetAsync("/alerts", accept: "text/html");
        Assert.Contains("--monitoring", await alerts.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//elsewhere.example")]
    [InlineData("/\\elsewhere.example")]
    [InlineData("https://elsewhere.example")]
    public async Task Signing_in_never_leads_elsewhere(string target)
    {
        using var answer = await GetAsync($"/login?t={Token}&returnUrl={Uri.EscapeDataString(target)}");
        Assert.Equal("/", answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("http://localhost:1", HttpStatusCode.Forbidden)]
    [InlineData(null, HttpStatusCode.OK)]
    public async Task Another_program_s_page_cannot_give_commands(string? origin, HttpStatusCode expected)
    {
        using var signIn = await GetAsync($"/login?t={Token}");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/resources/queue/stop");
        request.Headers.Add("Origin", origin ?? _options.Url);
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK, _resources.Commands.Contains(("queue", ResourceCommand.Stop)));
    }

    [Fact]
    public async Task The_port_of_the_telemetry_shows_no_page()
    {
        using var answer = await GetAsync(_options.OtlpUrl + "/", accept: "text/html");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.RelativeOrAbsolute));
        if (accept is not null)
            request.Headers.Add("Accept", accept);
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
