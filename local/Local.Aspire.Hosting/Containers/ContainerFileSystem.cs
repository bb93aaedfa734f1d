using Aspire.Hosting.ApplicationModel;

namespace Local.Containers;

/// <summary>What a container would find at its paths, as a folder: mounts are links, files are written.</summary>
internal sealed class ContainerFileSystem(ContainerResource resource, string root)
{
    internal string Root { get; } = Path.GetFullPath(root);

    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var mount in resource.AnnotationsOf<ContainerMountAnnotation>())
            Mount(mount);
        foreach (var files in resource.AnnotationsOf<ContainerFileSystemCallbackAnnotation>())
        {
            var folder = Directory.CreateDirectory(Inside(files.DestinationPath)).FullName;
            foreach (var item in await files.Callback(new() { Model = resource }, cancellationToken))
            {
                if (item is ContainerFile { Contents: { } contents })
                    await File.WriteAllTextAsync(Path.Combine(folder, item.Name), contents, cancellationToken);
            }
        }
    }

    /// <summary>An argument that names a path of the container, as this machine knows it: <c>--config.file=/etc/x.yml</c>.</summary>
    internal string Translate(string argument)
    {
        var path = argument[(argument.IndexOf('=', StringComparison.Ordinal) + 1)..];
        return Targets.Any(t => path == t || path.StartsWith(t + "/", StringComparison.Ordinal))
            ? argument[..^path.Length] + Inside(path)
            : argument;
    }

    private IEnumerable<string> Targets =>
        resource.AnnotationsOf<ContainerMountAnnotation>().Select(m => m.Target)
            .Concat(resource.AnnotationsOf<ContainerFileSystemCallbackAnnotation>().Select(f => f.DestinationPath));

    private void Mount(ContainerMountAnnotation mount)
    {
        var path = Inside(mount.Target);
        if (mount.Type is ContainerMountType.Volume)
        {
            Directory.CreateDirectory(path);
            return;
        }
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // From an earlier run, perhaps of another checkout.
        File.Delete(path);
        File.CreateSymbolicLink(path, mount.Source!);
    }

    private string Inside(string path) => Path.Combine(Root, path.TrimStart('/'));
}
