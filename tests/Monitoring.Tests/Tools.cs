using Local.Installing;
using Local.Processes;

[assembly: AssemblyFixture(typeof(Monitoring.Tests.Tools))]

namespace Monitoring.Tests;

/// <summary>promtool and amtool of the Debian packages, installed when they are missing and we may.</summary>
public sealed class Tools : IAsyncLifetime
{
    private static readonly Requirement[] Needed =
    [
        new("prometheus", "promtool, which checks and tests rules", () => Programs.OnPath("promtool") is not null),
        new("prometheus-alertmanager", "amtool, which checks Alertmanager's configuration", () => Programs.OnPath("amtool") is not null),
    ];

    public async ValueTask InitializeAsync() =>
        await new Installer(Installer.Apt, mayInstall: true, _ => { }).InstallMissingAsync(Needed, CancellationToken.None);

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
