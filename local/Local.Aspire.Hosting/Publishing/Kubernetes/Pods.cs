using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Local.Publishing.Model;

namespace Local.Publishing.Kubernetes;

/// <summary>What pods of services, jobs and stores have in common: who they run as, what they may use and how they are asked.</summary>
internal sealed class Pods(Names names, PublishSettings settings, PodEnvironment environment)
{
    internal Map ServiceTemplate(Workload workload, string component) => new()
    {
        ["metadata"] = new Map { ["labels"] = names.PodLabels(workload.Name, component) },
        ["spec"] = new Map(Hardened(workload.Image.User))
        {
            ["serviceAccountName"] = workload.Name,
            ["terminationGracePeriodSeconds"] = settings.Shutdown.GraceSeconds,
            ["topologySpreadConstraints"] = new[] { Spread(workload, "topology.kubernetes.io/zone"), Spread(workload, "kubernetes.io/hostname") },
            ["containers"] = new[] { ServiceContainer(workload) },
            ["volumes"] = new[] { Scratch(workload.Image.ScratchFolders![0]) },
        },
    };

    /// <summary>Applies the service's SQL files and ends.</summary>
    internal Map SchemaTemplate(Workload workload) => new()
    {
        ["metadata"] = new Map { ["labels"] = names.PodLabels(Names.SchemaJob(workload.Name), Names.Schema) },
        ["spec"] = new Map(Hardened(workload.Image.User))
        {
            ["serviceAccountName"] = workload.Name,
            ["restartPolicy"] = "OnFailure",
            ["containers"] = new[]
            {
                new Map(Container(workload))
                {
                    ["args"] = new[] { "--apply-schema" },
                    ["resources"] = Resources(workload.Settings),
                    ["securityContext"] = Confined(readOnly: true),
                    ["volumeMounts"] = new[] { Mount(workload.Image.ScratchFolders![0]) },
                },
            },
            ["volumes"] = new[] { Scratch(workload.Image.ScratchFolders![0]) },
        },
    };

    internal static Map Hardened(int user) => new()
    {
        // Nothing here speaks to Kubernetes; and its variables for services (KAFKA_PORT=tcp://…) would be taken for settings.
        ["automountServiceAccountToken"] = false,
        ["enableServiceLinks"] = false,
        ["securityContext"] = new Map
        {
            ["runAsNonRoot"] = true,
            ["runAsUser"] = user,
            ["runAsGroup"] = user,
            ["fsGroup"] = user,
            ["seccompProfile"] = new Map { ["type"] = "RuntimeDefault" },
        },
    };

    internal static Map Confined(bool readOnly) => new()
    {
        ["allowPrivilegeEscalation"] = false,
        ["readOnlyRootFilesystem"] = readOnly,
        ["capabilities"] = new Map { ["drop"] = new[] { "ALL" } },
    };

    /// <summary>Half of the processor is promised; memory that is promised and not there would kill others.</summary>
    internal static Map Resources(SizeSettings size) => new()
    {
        ["requests"] = new Map { ["cpu"] = Millis(size.Cpus / 2), ["memory"] = $"{size.MemoryMiB}Mi" },
        ["limits"] = new Map { ["cpu"] = Millis(size.Cpus), ["memory"] = $"{size.MemoryMiB}Mi" },
    };

    internal static string VolumeName(string path) => path.Trim('/').Replace('/', '-').ToLowerInvariant();

    internal static Map Mount(string path) => new() { ["name"] = VolumeName(path), ["mountPath"] = path };

    internal static Map Scratch(string path) => new() { ["name"] = VolumeName(path), ["emptyDir"] = new Map { ["sizeLimit"] = "64Mi" } };

    private Map ServiceContainer(Workload workload) => new(Container(workload))
    {
        ["ports"] = workload.Ports.Select(p => new Map { ["name"] = p.Name, ["containerPort"] = p.Number }),
        ["startupProbe"] = Probe(workload.Probe(ProbeType.Startup)),
        ["readinessProbe"] = Probe(workload.Probe(ProbeType.Readiness)),
        ["livenessProbe"] = Probe(workload.Probe(ProbeType.Liveness)),
        // The image has no shell to sleep in: Kubernetes itself waits, until nobody sends new requests here.
        ["lifecycle"] = new Map { ["preStop"] = new Map { ["sleep"] = new Map { ["seconds"] = settings.Shutdown.PreStopSeconds } } },
        ["resources"] = Resources(workload.Settings),
        ["securityContext"] = Confined(readOnly: true),
        ["volumeMounts"] = new[] { Mount(workload.Image.ScratchFolders![0]) },
    };

    private Map Container(Workload workload) => new()
    {
        ["name"] = workload.Name,
        ["image"] = workload.Image.Name,
        ["imagePullPolicy"] = "IfNotPresent",
        ["envFrom"] = new[] { new Map { ["configMapRef"] = new Map { ["name"] = Names.Config(workload.Name) } } },
        ["env"] = environment.Variables(workload),
    };

    private static Map Spread(Workload workload, string over) => new()
    {
        ["maxSkew"] = 1,
        ["topologyKey"] = over,
        ["whenUnsatisfiable"] = "ScheduleAnyway",
        ["labelSelector"] = new Map { ["matchLabels"] = Names.Selector(workload.Name) },
    };

    private static Map Probe(Probe probe) => new()
    {
        ["httpGet"] = new Map { ["path"] = probe.Path, ["port"] = probe.Port },
        ["periodSeconds"] = probe.PeriodSeconds,
        ["timeoutSeconds"] = probe.TimeoutSeconds,
        ["failureThreshold"] = probe.FailureThreshold,
    };

    private static string Millis(decimal cpus) => string.Create(CultureInfo.InvariantCulture, $"{(int)(cpus * 1000)}m");
}
