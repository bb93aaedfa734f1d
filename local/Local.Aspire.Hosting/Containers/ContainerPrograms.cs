using Aspire.Hosting.ApplicationModel;

namespace Local.Containers;

/// <summary>The program of the operating system that does what an image does: its Debian package, its name, and how it is told where to listen.</summary>
internal sealed record ContainerProgram(string Package, string Executable, string Purpose, Func<int, IEnumerable<string>> Listen)
{
    private static readonly Dictionary<string, ContainerProgram> OfImages = new(StringComparer.Ordinal)
    {
        ["prom/prometheus"] = new("prometheus", "prometheus", "Prometheus, which measures and alerts", port => [$"--web.listen-address=localhost:{port}"]),
        // Alone: without an address for its cluster it does not look for others.
        ["prom/alertmanager"] = new("prometheus-alertmanager", "prometheus-alertmanager", "Alertmanager, which notifies",
            port => [$"--web.listen-address=localhost:{port}", "--cluster.listen-address="]),
    };

    internal static ContainerProgram? Of(IResource resource) =>
        resource.TryGetLastAnnotation<ContainerImageAnnotation>(out var image) ? OfImages.GetValueOrDefault(image.Image) : null;
}
