namespace Aspire.Hosting.ApplicationModel;

public enum ContainerMountType
{
    BindMount,
    Volume,
}

/// <summary>A folder or volume that a container gets.</summary>
public sealed class ContainerMountAnnotation(string? source, string target, ContainerMountType type, bool isReadOnly) : IResourceAnnotation
{
    public string? Source { get; } = source;

    public string Target { get; } = target;

    public ContainerMountType Type { get; } = type;

    public bool IsReadOnly { get; } = isReadOnly;
}
