using Local.Engine;

namespace Aspire.Hosting.ApplicationModel;

public static class KnownResourceCommands
{
    public const string StartCommand = "start";
    public const string StopCommand = "stop";
    public const string RestartCommand = "restart";
}

/// <summary>What an operator may do to one resource while the others run.</summary>
public sealed class ResourceCommandService
{
    private readonly Orchestrator _orchestrator;

    internal ResourceCommandService(Orchestrator orchestrator) => _orchestrator = orchestrator;

    public async Task ExecuteCommandAsync(string resourceName, string commandName, CancellationToken cancellationToken = default)
    {
        var resource = _orchestrator.Find(resourceName);
        if (commandName is KnownResourceCommands.StopCommand or KnownResourceCommands.RestartCommand)
            await resource.StopAsync().WaitAsync(cancellationToken);
        if (commandName is KnownResourceCommands.StartCommand or KnownResourceCommands.RestartCommand)
            resource.Start();
    }
}
