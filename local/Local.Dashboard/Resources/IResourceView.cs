namespace Local.Dashboard.Resources;

/// <summary>The running application as the dashboard sees it; whoever runs it implements this.</summary>
public interface IResourceView
{
    /// <summary>Every resource as it is now, in the order of the model.</summary>
    IReadOnlyList<ResourceSnapshot> Current { get; }

    /// <summary>Some resource is not as it was.</summary>
    event Action? Changed;

    /// <summary>A resource wrote a line.</summary>
    event Action<ConsoleLine>? LineWritten;

    /// <summary>The lines of one resource that are still in memory, oldest first; all resources' where none is named.</summary>
    IReadOnlyList<ConsoleLine> Lines(string? resource);

    /// <summary>Everything one process wrote in this run, as far as it is on disk; null where nothing is.</summary>
    IAsyncEnumerable<string>? ReadLog(string instance, CancellationToken cancellationToken);

    Task ExecuteAsync(string resource, ResourceCommand command, CancellationToken cancellationToken);
}

public enum ResourceCommand
{
    Start,
    Stop,
    Restart,
}
