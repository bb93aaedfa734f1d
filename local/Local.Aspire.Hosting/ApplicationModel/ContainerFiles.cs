namespace Aspire.Hosting.ApplicationModel;

/// <summary>Something that is put into a container's file system before it starts.</summary>
public abstract class ContainerFileSystemItem
{
    public string Name { get; set; } = "";

    public UnixFileMode Mode { get; set; }
}

public sealed class ContainerFile : ContainerFileSystemItem
{
    public string? Contents { get; set; }
}

public sealed class ContainerFileSystemCallbackContext
{
    public required IResource Model { get; init; }
}

public sealed class ContainerFileSystemCallbackAnnotation : IResourceAnnotation
{
    public required string DestinationPath { get; init; }

    public required Func<ContainerFileSystemCallbackContext, CancellationToken, Task<IEnumerable<ContainerFileSystemItem>>> Callback { get; init; }
}
