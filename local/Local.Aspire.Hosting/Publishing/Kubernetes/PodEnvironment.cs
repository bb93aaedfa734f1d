using Aspire.Hosting.ApplicationModel;
using Local.Publishing.Model;

namespace Local.Publishing.Kubernetes;

/// <summary>Open values go to a ConfigMap; whatever holds a secret is a key of the application's Secret.</summary>
internal sealed class PodEnvironment(Names names)
{
    private readonly OpenValues _open = new();
    private readonly ComposedValues _composed = new();

    /// <summary>The ConfigMap's entries.</summary>
    internal List<string> Literals(Workload workload) =>
        Open(workload).Select(e => $"{e.Key}={_open.Render(e.Value)}").ToList();

    /// <summary>The container's own list: secrets, and who it is.</summary>
    internal List<Map> Variables(Workload workload) =>
    [
        .. workload.Environment.Where(e => ExpressionParts.IsSecret(e.Value)).Select(e => FromSecret(e.Key, SecretKey(e.Value))),
        new Map { ["name"] = "POD_NAME", ["valueFrom"] = new Map { ["fieldRef"] = new Map { ["fieldPath"] = "metadata.name" } } },
        new Map { ["name"] = "OTEL_RESOURCE_ATTRIBUTES", ["value"] = "service.instance.id=$(POD_NAME)" },
    ];

    /// <summary>A store's: its parameters come from the Secret, the rest is plain.</summary>
    internal List<Map> StoreVariables(Workload workload) =>
        workload.Environment.Select(e => ExpressionParts.IsSecret(e.Value) ? FromSecret(e.Key, SecretKey(e.Value)) : Plain(e.Key, _open.Render(e.Value))).ToList();

    /// <summary>For stores inside the cluster: connection strings made of the stores' addresses and passwords.</summary>
    internal List<Map> ComposedConnections(Workload workload)
    {
        var connections = workload.Environment.Where(e => e.Value is IResourceWithConnectionString && ExpressionParts.IsSecret(e.Value)).ToList();
        var passwords = connections.SelectMany(e => ExpressionParts.ParametersIn(e.Value)).DistinctBy(p => p.Name);
        // Kubernetes fills $(NAME) with what stands before it in the list.
        return
        [
            .. passwords.Select(p => FromSecret(ComposedValues.VariableOf(p), p.Name)),
            .. connections.Select(e => new Map(Plain(e.Key, _composed.Render(e.Value))) { ["valueFrom"] = Yaml.Null }),
        ];
    }

    private static IEnumerable<KeyValuePair<string, object>> Open(Workload workload) =>
        workload.Environment.Where(e => !ExpressionParts.IsSecret(e.Value))
            .Concat(Telemetry.Of(workload.Name, $"{Telemetry.Collector}.{Names.MonitoringNamespace}"));

    private static string SecretKey(object value) => value switch
    {
        ParameterResource parameter => parameter.Name,
        IResource resource => "connection-" + resource.Name,
        _ => throw new InvalidOperationException("A text with a secret inside cannot be a key of a Secret."),
    };

    private Map FromSecret(string name, string key) => new()
    {
        ["name"] = name,
        ["valueFrom"] = new Map { ["secretKeyRef"] = new Map { ["name"] = names.Secret, ["key"] = key } },
    };

    private static Map Plain(string name, string value) => new() { ["name"] = name, ["value"] = value };

    private sealed class OpenValues : Expressions
    {
        protected override string Parameter(ParameterResource parameter) => parameter.Default is ConstantParameterDefault constant
            ? constant.GetDefaultValue()
            : throw new PublishUsageException($"Parameter '{parameter.Name}' has no value to publish: set Parameters:{parameter.Name}, or give it a default that is published.");
    }

    private sealed class ComposedValues : Expressions
    {
        internal static string VariableOf(ParameterResource parameter) => parameter.Name.ToUpperInvariant().Replace('-', '_');

        protected override string Parameter(ParameterResource parameter) =>
            parameter.Secret ? $"$({VariableOf(parameter)})" : parameter.Default!.GetDefaultValue();
    }
}
