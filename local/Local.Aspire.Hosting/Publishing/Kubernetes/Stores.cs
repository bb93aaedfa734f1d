using Local.Publishing.Model;

namespace Local.Publishing.Kubernetes;

/// <summary>Stores of one node each, inside the cluster: for development and for trying things out.</summary>
internal sealed class Stores(Names names, PodEnvironment environment)
{
    internal IEnumerable<Map> Of(Workload store) => store.Databases.Count == 0
        ? [Service(store), StatefulSet(store)]
        : [Databases(store), Service(store), StatefulSet(store)];

    /// <summary>Makes one workload's connection strings of the stores' addresses and passwords.</summary>
    internal Map ConnectionsPatch(Workload workload, string apiVersion, string kind, string name) => new()
    {
        ["apiVersion"] = apiVersion,
        ["kind"] = kind,
        ["metadata"] = new Map { ["name"] = name },
        ["spec"] = new Map
        {
            ["template"] = new Map
            {
                ["spec"] = new Map
                {
                    ["containers"] = new[] { new Map { ["name"] = workload.Name, ["env"] = environment.ComposedConnections(workload) } },
                },
            },
        },
    };

    private Map Databases(Workload store) => new(Names.Object("v1", "ConfigMap", DatabasesOf(store), names.Labels(store.Name, Names.Store)))
    {
        ["data"] = new Map { ["databases.sql"] = DatabaseScript.For(store.Databases) },
    };

    private Map Service(Workload store) => new(Names.Object("v1", "Service", store.Name, names.Labels(store.Name, Names.Store)))
    {
        ["spec"] = new Map
        {
            ["clusterIP"] = "None",
            ["selector"] = Selector(store),
            ["ports"] = store.Ports.Select(p => new Map { ["name"] = p.Name, ["port"] = p.Number, ["targetPort"] = p.Name }),
        },
    };

    private Map StatefulSet(Workload store) => new(Names.Object("apps/v1", "StatefulSet", store.Name, names.Labels(store.Name, Names.Store)))
    {
        ["spec"] = new Map
        {
            ["serviceName"] = store.Name,
            ["replicas"] = 1,
            ["selector"] = new Map { ["matchLabels"] = Selector(store) },
            ["template"] = new Map
            {
                ["metadata"] = new Map { ["labels"] = names.Labels(store.Name, Names.Store) },
                ["spec"] = new Map(Pods.Hardened(store.Image.User))
                {
                    ["terminationGracePeriodSeconds"] = 60,
                    ["containers"] = new[] { Container(store) },
                    ["volumes"] = Volumes(store) is { Count: > 0 } volumes ? volumes : null,
                },
            },
            ["volumeClaimTemplates"] = new[]
            {
                new Map
                {
                    ["metadata"] = new Map { ["name"] = "data" },
                    ["spec"] = new Map
                    {
                        ["accessModes"] = new[] { "ReadWriteOnce" },
                        ["resources"] = new Map { ["requests"] = new Map { ["storage"] = $"{store.Settings.StorageGiB}Gi" } },
                    },
                },
            },
        },
    };

    private Map Container(Workload store) => new()
    {
        ["name"] = store.Name,
        ["image"] = store.Image.Name,
        ["imagePullPolicy"] = "IfNotPresent",
        ["command"] = store.Image.Entrypoint.Count == 0 ? null : store.Image.Entrypoint,
        ["args"] = store.Image.Arguments.Count == 0 ? null : store.Image.Arguments,
        ["env"] = environment.StoreVariables(store),
        ["ports"] = store.Ports.Select(p => new Map { ["name"] = p.Name, ["containerPort"] = p.Number }),
        ["startupProbe"] = Probe(store, periodSeconds: 2, failureThreshold: 60),
        ["readinessProbe"] = Probe(store, periodSeconds: 5, failureThreshold: 2),
        ["livenessProbe"] = Probe(store, periodSeconds: 15, failureThreshold: 4),
        ["resources"] = Pods.Resources(store.Settings),
        ["securityContext"] = Pods.Confined(readOnly: store.Image.ScratchFolders is not null),
        ["volumeMounts"] = Mounts(store).ToList(),
    };

    private static Map Probe(Workload store, int periodSeconds, int failureThreshold) => new()
    {
        ["exec"] = new Map { ["command"] = new[] { "/bin/sh", "-c", store.Image.HealthCommand! } },
        ["periodSeconds"] = periodSeconds,
        ["timeoutSeconds"] = 5,
        ["failureThreshold"] = failureThreshold,
    };

    private static IEnumerable<Map> Mounts(Workload store) =>
    [
        .. store.Volumes.Select(v => new Map { ["name"] = "data", ["mountPath"] = v.Path }),
        .. (store.Image.ScratchFolders ?? []).Select(Pods.Mount),
        .. store.Databases.Count == 0 ? [] : new[] { new Map { ["name"] = "databases", ["mountPath"] = store.Image.InitFolder, ["readOnly"] = true } },
    ];

    private static List<Map> Volumes(Workload store) =>
    [
        .. (store.Image.ScratchFolders ?? []).Select(Pods.Scratch),
        .. store.Databases.Count == 0 ? [] : new[] { new Map { ["name"] = "databases", ["configMap"] = new Map { ["name"] = DatabasesOf(store) } } },
    ];

    private static string DatabasesOf(Workload store) => store.Name + "-databases";

    private static Map Selector(Workload store) => new() { [Names.Name] = store.Name, [Names.Component] = Names.Store };
}
