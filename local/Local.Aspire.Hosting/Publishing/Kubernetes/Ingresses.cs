using Local.Publishing.Model;

namespace Local.Publishing.Kubernetes;

/// <summary>Customers' way in, by path. Operators' paths (/api/v1/admin, /metrics) and services' own (/internal) stay inside.</summary>
internal sealed class Ingresses(Names names, PublishSettings settings)
{
    internal Map Ingress(IEnumerable<Workload> services, int? canaryPercent = null)
    {
        var ingress = Names.Object("networking.k8s.io/v1", "Ingress", names.Application, new Map { ["app.kubernetes.io/part-of"] = names.Application });
        ((Map)ingress["metadata"]!)["annotations"] = Annotations(canaryPercent);
        ingress["spec"] = new Map
        {
            ["ingressClassName"] = "nginx",
            ["tls"] = new[] { new Map { ["hosts"] = new[] { settings.Host }, ["secretName"] = names.Tls } },
            ["rules"] = new[]
            {
                new Map
                {
                    ["host"] = settings.Host,
                    ["http"] = new Map { ["paths"] = services.SelectMany(s => s.Settings.Paths.Select(path => Path(path, s))).ToList() },
                },
            },
        };
        return ingress;
    }

    private static Map Annotations(int? canaryPercent)
    {
        // Server-sent events: passed on at once, and kept open for as long as somebody stands in line.
        var annotations = new Map
        {
            ["nginx.ingress.kubernetes.io/proxy-buffering"] = "off",
            ["nginx.ingress.kubernetes.io/proxy-read-timeout"] = "3600",
        };
        if (canaryPercent is { } percent)
        {
            annotations["nginx.ingress.kubernetes.io/canary"] = "true";
            annotations["nginx.ingress.kubernetes.io/canary-weight"] = $"{percent}";
        }
        return annotations;
    }

    private static Map Path(string path, Workload service) => new()
    {
        ["path"] = path,
        ["pathType"] = "Prefix",
        ["backend"] = new Map
        {
            ["service"] = new Map { ["name"] = service.Name, ["port"] = new Map { ["name"] = service.Ports.First(p => p.IsExternal).Name } },
        },
    };
}
