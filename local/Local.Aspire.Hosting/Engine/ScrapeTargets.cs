using System.Text.Json;

namespace Local.Engine;

/// <summary>
/// Every process that listens, for Prometheus's file_sd_configs: each replica for itself, not through the proxy, because its counters
/// are its own.
/// </summary>
internal sealed class ScrapeTargets(string folder)
{
    private readonly List<object> _targets = [];

    internal void Add(string resource, InstanceContext instance)
    {
        if (instance.TargetPorts.TryGetValue("http", out var port))
            _targets.Add(new { targets = new[] { $"localhost:{port}" }, labels = new { job = resource, instance = instance.Name } });
    }

    internal async Task WriteAsync(CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        // Others may add targets of their own; what they left at the last run is gone.
        foreach (var old in Directory.GetFiles(folder, "*.json"))
            File.Delete(old);
        await File.WriteAllTextAsync(Path.Combine(folder, "targets.json"), JsonSerializer.Serialize(_targets), cancellationToken);
    }
}
