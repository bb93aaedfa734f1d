using Local.Publishing.Model;

namespace Local.Publishing.Kubernetes;

/// <summary>The objects of one service.</summary>
internal sealed class ServiceObjects(Names names, Pods pods)
{
    internal IEnumerable<Map> Of(Workload workload)
    {
        yield return Deployment(workload, Names.Service);
        yield return Service(workload, Names.Service);
        yield return Autoscaler(workload);
        yield return DisruptionBudget(workload);
        if (workload.HasSchema)
            yield return SchemaJob(workload);
    }

    internal IEnumerable<Map> OfSimulator(Workload workload)
    {
        var deployment = Deployment(workload, Names.Simulator);
        ((Map)deployment["spec"]!)["replicas"] = 1;
        return [Account(workload), deployment, Service(workload, Names.Simulator)];
    }

    internal Map Account(Workload workload) => new(Names.Object("v1", "ServiceAccount", workload.Name, names.Labels(workload.Name, Names.Service)))
    {
        ["automountServiceAccountToken"] = false,
    };

    internal Map Service(Workload workload, string component) => new(Names.Object("v1", "Service", workload.Name, names.PodLabels(workload.Name, component)))
    {
        ["spec"] = new Map
        {
            ["selector"] = Names.Selector(workload.Name),
            ["ports"] = workload.Ports.Select(p => new Map { ["name"] = p.Name, ["port"] = p.Number, ["targetPort"] = p.Name }),
        },
    };

    // How many replicas there are is the autoscaler's to say: a number here would reset it with every apply.
    private Map Deployment(Workload workload, string component) => new(Names.Object("apps/v1", "Deployment", workload.Name, names.PodLabels(workload.Name, component)))
    {
        ["spec"] = new Map
        {
            ["revisionHistoryLimit"] = 5,
            ["minReadySeconds"] = 5,
            ["progressDeadlineSeconds"] = 300,
            ["strategy"] = new Map
            {
                ["type"] = "RollingUpdate",
                ["rollingUpdate"] = new Map { ["maxUnavailable"] = 0, ["maxSurge"] = 1 },
            },
            ["selector"] = new Map { ["matchLabels"] = Names.Selector(workload.Name) },
            ["template"] = pods.ServiceTemplate(workload, component),
        },
    };

    private Map Autoscaler(Workload workload) => new(Names.Object("autoscaling/v2", "HorizontalPodAutoscaler", workload.Name, names.PodLabels(workload.Name, Names.Service)))
    {
        ["spec"] = new Map
        {
            ["scaleTargetRef"] = new Map { ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["name"] = workload.Name },
            ["minReplicas"] = workload.Settings.MinReplicas,
            ["maxReplicas"] = workload.Settings.MaxReplicas,
            ["metrics"] = Metrics(workload.Settings).ToList(),
            ["behavior"] = new Map
            {
                // A sale opens within seconds and ends within minutes: up at once, down when it is surely over.
                ["scaleUp"] = new Map
                {
                    ["stabilizationWindowSeconds"] = 0,
                    ["policies"] = new[] { new Map { ["type"] = "Percent", ["value"] = 100, ["periodSeconds"] = 15 } },
                },
                ["scaleDown"] = new Map
                {
                    ["stabilizationWindowSeconds"] = 300,
                    ["policies"] = new[] { new Map { ["type"] = "Pods", ["value"] = 1, ["periodSeconds"] = 60 } },
                },
            },
        },
    };

    private static IEnumerable<Map> Metrics(ResourceSettings settings)
    {
        yield return new Map
        {
            ["type"] = "Resource",
            // Of what was requested, which is half of the limit.
            ["resource"] = new Map { ["name"] = "cpu", ["target"] = new Map { ["type"] = "Utilization", ["averageUtilization"] = 120 } },
        };
        if (settings.ScaleBy is { } scale)
        {
            yield return new Map
            {
                ["type"] = "Pods",
                ["pods"] = new Map
                {
                    ["metric"] = new Map { ["name"] = scale.Metric },
                    ["target"] = new Map { ["type"] = "AverageValue", ["averageValue"] = $"{scale.PerReplica}" },
                },
            };
        }
    }

    private Map DisruptionBudget(Workload workload) => new(Names.Object("policy/v1", "PodDisruptionBudget", workload.Name, names.PodLabels(workload.Name, Names.Service)))
    {
        ["spec"] = new Map
        {
            ["maxUnavailable"] = 1,
            ["selector"] = new Map { ["matchLabels"] = Names.Selector(workload.Name) },
        },
    };

    // Services bring their schema along when they start, too: the job shows before the rollout whether it can be applied.
    private Map SchemaJob(Workload workload) => new(Names.Object("batch/v1", "Job", Names.SchemaJob(workload.Name), names.PodLabels(Names.SchemaJob(workload.Name), Names.Schema)))
    {
        ["spec"] = new Map
        {
            ["backoffLimit"] = 6,
            ["activeDeadlineSeconds"] = 900,
            ["ttlSecondsAfterFinished"] = 300,
            ["template"] = pods.SchemaTemplate(workload),
        },
    };
}
