namespace Aspire.Hosting.ApplicationModel;

/// <summary>A volume that a container would get.</summary>
public sealed class ContainerMountAnnotation(string? source, string target, bool isReadOnly) : IResourceAnnotation
{
    public string? Source { get; } = source;

    public string Target { get; } = target;

    public bool IsReadOnly { get; } = isReadOnly;
}
