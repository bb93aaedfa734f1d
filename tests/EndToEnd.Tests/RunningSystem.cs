using System.Reflection;
using System.Text.Json;
using Contracts;
using Local.Processes;
using Testing;

[assembly: AssemblyFixture(typeof(EndToEnd.Tests.RunningSystem))]

namespace EndToEnd.Tests;

/// <summary>The whole system, as <c>dotnet run --project AppHost</c> starts it, with two replicas of each service, on free ports and in a state folder of its own.</summary>
public sealed class RunningSystem : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan UpWithin = TimeSpan.FromMinutes(2);
    private static readonly string Program = typeof(RunningSystem).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "AppHost").Value!;

    // Waits of minutes, cut to seconds: what happens at their end is what the tests are about.
    private static readonly Dictionary<string, string?> Impatient = new(StringComparer.Ordinal)
    {
        ["Holds__Duration"] = "00:00:05",
        ["Holds__Grace"] = "00:00:01",
        ["Holds__SweepEvery"] = "00:00:00.5",
        ["Reconciler__FirstCheckAfter"] = "00:00:04",
        ["Reconciler__VoidAfter"] = "00:00:02",
        ["Reconciler__LongestPause"] = "00:00:02",
    };

    private readonly string _state = Directory.CreateTempSubdirectory("concert-system-").FullName;
    private readonly ProcessLog _console = new();
    private ChildProcess? _appHost;

    public async ValueTask InitializeAsync()
    {
        await Machine.NeedsStoresAsync();
        await Machine.NeedsAsync("prometheus", "prometheus");
        await Machine.NeedsAsync("prometheus-alertmanager", "prometheus-alertmanager");
        _appHost = ChildProcess.Start(new ChildCommand(Programs.DotNet, Program, "--state", _state, "--free-ports", "--monitoring", "--Parameters:replicas=2") { Environment = Impatient }, _console.Write);
        // The last of the model, and the only one that does not start by itself: once it is listed, all are.
        await EventuallyAsync(resources => resources.Any(r => r.Name == ResourceNames.LoadTests) && resources.All(r => r.IsUp || r.Name == ResourceNames.LoadTests));
    }

    /// <summary>Longer than a hold and its grace last here.</summary>
    public static readonly TimeSpan HoldLasts = TimeSpan.FromSeconds(7);

    public string State => _state;

    /// <summary>A client of one service, through its public endpoint.</summary>
    public HttpClient Client(string resource) => new() { BaseAddress = new Uri(Resource(resource).Urls[0]) };

    public RunningResource Resource(string name) => Resources().Single(r => r.Name == name);

    /// <summary>Waits until the AppHost reports what is expected.</summary>
    public async Task EventuallyAsync(Func<IReadOnlyList<RunningResource>, bool> condition)
    {
        using var deadline = new CancellationTokenSource(UpWithin);
        while (!condition(Resources()))
        {
            if (_appHost!.HasExited || deadline.IsCancellationRequested)
                throw new InvalidOperationException($"The system is not as it should be:\n{string.Join('\n', _console.Last())}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_appHost is not null)
            await _appHost.StopAsync(Signal.Terminate, TimeSpan.FromSeconds(30));
        _appHost?.Dispose();
        _console.Dispose();
        Directory.Delete(_state, recursive: true);
    }

    private IReadOnlyList<RunningResource> Resources()
    {
        var file = Path.Combine(_state, "endpoints.json");
        return File.Exists(file) ? JsonSerializer.Deserialize<Report>(File.ReadAllText(file), Json)!.Resources : [];
    }

    private sealed record Report(IReadOnlyList<RunningResource> Resources);
}

/// <summary>One resource, as the AppHost's endpoints file tells of it.</summary>
public sealed record RunningResource(
    string Name, string State, bool? Healthy, IReadOnlyList<string> Urls, IReadOnlyList<int> ProcessIds, int Restarts, string? ConnectionString)
{
    public bool IsUp => State == "Running" && Healthy == true;
}
