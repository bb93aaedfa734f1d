using Local.Dashboard.Resources;

namespace Local.Dashboard.Tests.Shell;

/// <summary>An application that is only described, and remembers what it was told to do.</summary>
internal sealed class SomeResources(params ResourceSnapshot[] resources) : IResourceView
{
    public List<(string Resource, ResourceCommand Command)> Commands { get; } = [];

    public IReadOnlyList<ResourceSnapshot> Current => resources;

    public event Action? Changed;

    public event Action<ConsoleLine>? LineWritten;

    public IReadOnlyList<ConsoleLine> Lines(string? resource) => [];

    public IAsyncEnumerable<string>? ReadLog(string instance, CancellationToken cancellationToken) => null;

    public Task ExecuteAsync(string resource, ResourceCommand command, CancellationToken cancellationToken)
    {
        Commands.Add((resource, command));
        Changed?.Invoke();
        return Task.CompletedTask;
    }

    public void Write(ConsoleLine line) => LineWritten?.Invoke(line);
}
