using System.Diagnostics;
using System.Text.Json;
using Local.Processes;

namespace Aspire.Hosting.Tests;

public sealed class KilledAppHostTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_outlives_an_AppHost_that_is_killed()
    {
        var state = Directory.CreateTempSubdirectory("engine-tests-").FullName;
        using var appHost = Start(state);
        var processes = await EverythingBelowAsync(appHost, state);
        // The service, Redis, the postmaster and PostgreSQL's own processes.
        Assert.True(processes.Count > 5, $"Only {processes.Count} processes.");

        appHost.Kill();
        await appHost.WaitForExitAsync(Cancelled);

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (processes.Where(IsAlive).ToList() is { Count: > 0 })
            await Task.Delay(50, deadline.Token);
        Directory.Delete(state, recursive: true);
    }

    [Fact]
    public async Task Terminated_it_stops_PostgreSQL_cleanly_and_leaves_nothing()
    {
        var state = Directory.CreateTempSubdirectory("engine-tests-").FullName;
        using var appHost = Start(state);
        var processes = await EverythingBelowAsync(appHost, state);

        _ = LibC.Kill(appHost.Id, (int)Signal.Terminate);
        await appHost.WaitForExitAsync(Cancelled);

        Assert.Equal(0, appHost.ExitCode);
        Assert.DoesNotContain(processes, IsAlive);
        Assert.Contains("database system is shut down", await File.ReadAllTextAsync(Path.Combine(state, "logs", "postgres.log"), Cancelled), StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(state, "endpoints.json")));
        Directory.Delete(state, recursive: true);
    }

    private static Process Start(string state)
    {
        var assembly = typeof(Projects.Testing_Service).Assembly.Location;
        var start = new ProcessStartInfo(Programs.DotNet, [assembly, "--state", state, "--free-ports"]) { RedirectStandardOutput = true, UseShellExecute = false };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return process;
    }

    private static async Task<IReadOnlyList<int>> EverythingBelowAsync(Process appHost, string state)
    {
        while (!await IsHealthyAsync(Path.Combine(state, "endpoints.json"), "service"))
        {
            Assert.False(appHost.HasExited);
            await Task.Delay(100, Cancelled);
        }
        return ProcessTable.Descendants(appHost.Id);
    }

    private static async Task<bool> IsHealthyAsync(string endpoints, string resource)
    {
        if (!File.Exists(endpoints))
            return false;
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(endpoints, Cancelled));
        return document.RootElement.GetProperty("resources").EnumerateArray()
            .Any(r => r.GetProperty("name").GetString() == resource && r.GetProperty("healthy").ValueKind is JsonValueKind.True);
    }

    // A zombie is dead: its parent only has not looked yet.
    private static bool IsAlive(int pid) => ProcessTable.Parent(pid) > 0 && ProcessTable.CommandLine(pid).Length > 0;
}
