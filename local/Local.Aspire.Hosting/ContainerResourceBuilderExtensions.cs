using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Containers. This engine runs a local program in their place, where it knows one for the image. Signatures are Aspire's.</summary>
public static class ContainerResourceBuilderExtensions
{
    public static IResourceBuilder<ContainerResource> AddContainer(this IDistributedApplicationBuilder builder, string name, string image, string tag) =>
        builder.AddResource(new ContainerResource(name)).WithAnnotation(new ContainerImageAnnotation { Image = image, Tag = tag });

    public static IResourceBuilder<T> WithBindMount<T>(this IResourceBuilder<T> builder, string source, string target, bool isReadOnly = false)
        where T : ContainerResource =>
        builder.WithAnnotation(new ContainerMountAnnotation(
            Path.GetFullPath(source, builder.ApplicationBuilder.AppHostDirectory), target, ContainerMountType.BindMount, isReadOnly));

    public static IResourceBuilder<T> WithVolume<T>(this IResourceBuilder<T> builder, string? name, string target, bool isReadOnly = false)
        where T : ContainerResource =>
        builder.WithAnnotation(new ContainerMountAnnotation(name, target, ContainerMountType.Volume, isReadOnly));

    public static IResourceBuilder<T> WithContainerFiles<T>(
        this IResourceBuilder<T> builder, string destinationPath,
        Func<ContainerFileSystemCallbackContext, CancellationToken, Task<IEnumerable<ContainerFileSystemItem>>> callback)
        where T : ContainerResource =>
        builder.WithAnnotation(new ContainerFileSystemCallbackAnnotation { DestinationPath = destinationPath, Callback = callback });
}
