namespace Local.Publishing.Kubernetes;

/// <summary>What Kubernetes objects are called and marked with.</summary>
internal sealed class Names(PublishSettings settings)
{
    internal const string Name = "app.kubernetes.io/name";
    internal const string Component = "app.kubernetes.io/component";
    internal const string Track = "track";
    internal const string Stable = "stable";

    internal const string Service = "service";
    internal const string Schema = "schema";
    internal const string Store = "store";
    internal const string Simulator = "simulator";

    /// <summary>How to sign in to the registry of the images, where that is asked for.</summary>
    internal const string PullSecret = "registry";

    /// <summary>Where the cluster keeps what watches it, and its ingress controller.</summary>
    internal const string MonitoringNamespace = "monitoring";
    internal const string IngressNamespace = "ingress-nginx";

    internal string Application => settings.Application;

    internal string Secret => $"{settings.Application}-secrets";

    internal string Tls => $"{settings.Application}-tls";

    internal static string Config(string workload) => workload + "-config";

    internal static string SchemaJob(string workload) => workload + "-schema";

    internal Map Labels(string name, string component) => new()
    {
        [Name] = name,
        [Component] = component,
        ["app.kubernetes.io/part-of"] = settings.Application,
    };

    /// <summary>Pods of one version: canary and blue/green differ by it.</summary>
    internal Map PodLabels(string name, string component) => new(Labels(name, component)) { [Track] = Stable };

    internal static Map Selector(string name) => new() { [Name] = name, [Track] = Stable };

    internal static Map Object(string apiVersion, string kind, string name, Map? labels = null) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new Map { ["name"] = name, ["labels"] = labels },
    };
}
