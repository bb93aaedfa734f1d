using Microsoft.Extensions.Configuration;

namespace Local.Publishing;

/// <summary>
/// Configuration section <c>Publishing</c>: what a deployment needs and Aspire's model has no words for — sizes, paths of the ingress,
/// what to scale by. Names of resources are the model's.
/// </summary>
internal sealed class PublishSettings
{
    internal const string Section = "Publishing";

    /// <summary>What the objects of the application are called together.</summary>
    public string Application { get; set; } = "app";

    /// <summary>The tag of the application's own images.</summary>
    public string Version { get; set; } = "1.0.0";

    /// <summary>Where a production cluster gets the application's own images from.</summary>
    public string Registry { get; set; } = "registry.example.com";

    /// <summary>The folder of the monitoring configuration, seen from the AppHost's folder.</summary>
    public string Monitoring { get; set; } = "../deploy/monitoring";

    /// <summary>The host name under which customers reach the application.</summary>
    public string Host { get; set; } = "app.example.com";

    /// <summary>What the whole application may use on one small machine.</summary>
    public SizeSettings SmallMachine { get; set; } = new() { Cpus = 2, MemoryMiB = 4096 };

    public ShutdownSettings Shutdown { get; set; } = new();

    public Dictionary<string, ResourceSettings> Resources { get; } = new(StringComparer.OrdinalIgnoreCase);

    internal static PublishSettings From(IConfiguration configuration) =>
        configuration.GetSection(Section).Get<PublishSettings>() ?? new PublishSettings();

    internal ResourceSettings Of(string resource) => Resources.GetValueOrDefault(resource) ?? new ResourceSettings();
}

internal class SizeSettings
{
    public decimal Cpus { get; set; } = 0.5m;

    public int MemoryMiB { get; set; } = 256;
}

/// <summary>How long a service takes to stop; the same values as its own defaults, so that nobody kills it before.</summary>
internal sealed class ShutdownSettings
{
    /// <summary>Between "no traffic to it, please" and SIGTERM.</summary>
    public int PreStopSeconds { get; set; } = 5;

    public int DrainSeconds { get; set; } = 5;

    public int FinishSeconds { get; set; } = 25;

    public int SpareSeconds { get; set; } = 5;

    internal int GraceSeconds => PreStopSeconds + DrainSeconds + FinishSeconds + SpareSeconds;
}

/// <summary>Limits of one container, and how one resource is scaled and reached.</summary>
internal sealed class ResourceSettings : SizeSettings
{
    /// <summary>Stands in for something outside, which production has for real.</summary>
    public bool Simulated { get; set; }

    /// <summary>Paths that the ingress sends here.</summary>
    public List<string> Paths { get; } = [];

    public int MinReplicas { get; set; } = 2;

    public int MaxReplicas { get; set; } = 4;

    public ScaleSettings? ScaleBy { get; set; }

    public int StorageGiB { get; set; } = 10;

    /// <summary>A store's connections.</summary>
    public int MaxConnections { get; set; } = 100;
}

/// <summary>A metric of the business to scale by.</summary>
internal sealed class ScaleSettings
{
    public string Metric { get; set; } = "";

    /// <summary>How the metric is asked of Prometheus; <c>&lt;&lt;.LabelMatchers&gt;&gt;</c> and <c>&lt;&lt;.GroupBy&gt;&gt;</c> are the adapter's.</summary>
    public string Query { get; set; } = "";

    /// <summary>What one replica takes.</summary>
    public int PerReplica { get; set; }
}
