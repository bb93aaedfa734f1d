using Local.Processes;
using Testing;

[assembly: AssemblyFixture(typeof(Monitoring.Tests.Tools))]

namespace Monitoring.Tests;

/// <summary>promtool and amtool of the Debian packages, installed when they are missing and we may.</summary>
public sealed class Tools : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await Machine.NeedsAsync("prometheus", "promtool");
        await Machine.NeedsAsync("prometheus-alertmanager", "amtool");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Fails with what the tool says when it is not content.</summary>
    public static async Task SucceedsAsync(string tool, params IEnumerable<string> arguments)
    {
        var said = new List<string>();
        var command = new ChildCommand(Programs.OnPath(tool)!, arguments) { WorkingDirectory = MonitoringFiles.Folder };
        var exitCode = await ChildProcess.RunAsync(command, said.Add, TestContext.Current.CancellationToken);
        Assert.True(exitCode == 0, string.Join('\n', said));
    }
}
