using System.Reflection;
using System.Text.Json;
using Local.Processes;
using Microsoft.Playwright;
using Testing;

[assembly: AssemblyFixture(typeof(Local.Dashboard.Tests.Shell.RunningDashboard))]

namespace Local.Dashboard.Tests.Shell;

/// <summary>The whole system as <c>dotnet run --project AppHost</c> starts it, on free ports, and a real browser; started when first asked for.</summary>
public sealed class RunningDashboard : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";
    private const float PatientMilliseconds = 30_000;
    private static readonly TimeSpan UpWithin = TimeSpan.FromMinutes(2);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly string Program = typeof(RunningDashboard).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "AppHost").Value!;

    // What somebody who presses Start gets: without end, and without taking a seat that a test wants.
    private const string Load = "smoke --scenario seat-map --users 1 --duration 10m";

    private readonly ProcessLog _console = new();
    private readonly Lazy<Task> _started;
    private ChildProcess? _appHost;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public RunningDashboard() => _started = new(StartAsync);

    public string State { get; } = Directory.CreateTempSubdirectory("dashboard-tests-").FullName;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A signed-in browser window.</summary>
    internal async Task<IPage> OpenAsync(string path, int width = 1280, int height = 800)
    {
        await _started.Value;
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height } });
        var page = await context.NewPageAsync();
        await page.GotoAsync(Report().Dashboard.LoginUrl + "&returnUrl=" + Uri.EscapeDataString(path));
        return page;
    }

    /// <summary>A client that has signed in.</summary>
    internal async Task<HttpClient> SignInAsync()
    {
        await _started.Value;
        var client = new HttpClient { BaseAddress = new Uri(Report().Dashboard.Url) };
        using var answer = await client.GetAsync(new Uri(Report().Dashboard.LoginUrl));
        answer.EnsureSuccessStatusCode();
        return client;
    }

    internal async Task<RunningResource> ResourceAsync(string name)
    {
        await _started.Value;
        return Report().Resources.Single(r => r.Name == name);
    }

    internal async Task<IReadOnlyList<RunningResource>> ResourcesAsync()
    {
        await _started.Value;
        return Report().Resources;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_appHost is not null)
            await _appHost.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(30));
        _appHost?.Dispose();
        _console.Dispose();
        Directory.Delete(State, recursive: true);
    }

    private async Task StartAsync()
    {
        await Machine.NeedsStoresAsync();
        await Machine.NeedsAsync("prometheus", "prometheus");
        await Machine.NeedsAsync("prometheus-alertmanager", "prometheus-alertmanager");
        _appHost = ChildProcess.Start(new ChildCommand(Programs.DotNet, Program, "--state", State, "--free-ports", "--monitoring", $"--Parameters:load={Load}"), _console.Write);
        await Machine.NeedsAsync("chromium", "chromium");
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(PatientMilliseconds);
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Chromium,
            Args = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        using var deadline = new CancellationTokenSource(UpWithin);
        while (!IsUp())
        {
            if (_appHost.HasExited || deadline.IsCancellationRequested)
                throw new InvalidOperationException($"The system did not start:\n{string.Join('\n', _console.Last())}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    // At first nothing is started; the load tests wait for somebody to start them.
    private bool IsUp() =>
        File.Exists(EndpointsFile) && Report().Resources is { Count: > 0 } all && all.All(r => r is { State: "Running", Healthy: true } or { Name: "loadtests" });

    private string EndpointsFile => Path.Combine(State, "endpoints.json");

    private RunningReport Report() => JsonSerializer.Deserialize<RunningReport>(File.ReadAllText(EndpointsFile), Json)!;

    private sealed record RunningReport(RunningPages Dashboard, IReadOnlyList<RunningResource> Resources);

    private sealed record RunningPages(string Url, string LoginUrl);
}

/// <summary>One resource, as the AppHost's endpoints file tells of it.</summary>
internal sealed record RunningResource(
    string Name, string State, bool? Healthy, IReadOnlyList<string> Urls, IReadOnlyList<int> ProcessIds, string? ConnectionString);
