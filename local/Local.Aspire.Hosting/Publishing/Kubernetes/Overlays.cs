using Local.Publishing.Model;

namespace Local.Publishing.Kubernetes;

/// <summary>The base as it is put to use: for developers, in production, and two versions of it side by side.</summary>
internal sealed class Overlays(OutputFolder folder, Names names, PublishSettings settings, IReadOnlyList<Workload> services)
{
    private const int CanaryPercent = 10;

    internal void Write(Ingresses ingresses, ServiceObjects objects)
    {
        Dev();
        Prod("overlays/prod", "Production. Stores and gateways are elsewhere: the Secret holds the connection strings, components/external the open addresses.");
        Prod("overlays/prod-operators", "Production with PostgreSQL and Kafka inside the cluster, run by operators.", "../../components/operators");
        Canary(ingresses);
        Colour("blue");
        Colour("green");
        Live(objects);
    }

    private void Dev()
    {
        var dev = Kustomization("overlays/dev", "One node of everything, inside the cluster, with sign-in for anybody and demo data.", names.Application + "-dev");
        dev.Include("../../base");
        dev["components"] = new[] { "../../components/stores", "../../components/simulators" };
        dev["configMapGenerator"] = services.Select(s => Merged(s, "ASPNETCORE_ENVIRONMENT=Development")).ToList();
        dev.Write();
    }

    private void Prod(string path, string comment, params string[] components)
    {
        var prod = Kustomization(path, comment, names.Application);
        prod.Include("../../base");
        prod["components"] = (string[])["../../components/external", .. components];
        prod["images"] = Images();
        prod["patches"] = new[] { PullSecret };
        prod.Write();
    }

    private void Canary(Ingresses ingresses)
    {
        var canary = Kustomization(
            "overlays/canary",
            $"Beside overlays/prod: one replica of the next version, which gets {CanaryPercent} % of the requests. Set its tag with: kustomize edit set image",
            names.Application);
        canary.Include("../../base/workloads");
        canary.Add("ingress.yaml", ingresses.Ingress(services, CanaryPercent));
        canary["components"] = new[] { "../../components/external" };
        canary["nameSuffix"] = "-canary";
        canary["labels"] = TrackLabels("canary");
        canary["images"] = Images();
        canary["patches"] = new[]
        {
            JsonPatch("HorizontalPodAutoscaler", ("/spec/minReplicas", 1), ("/spec/maxReplicas", 2)),
        };
        canary.Write();
    }

    private void Colour(string colour)
    {
        var overlay = Kustomization($"overlays/blue-green/{colour}", $"The {colour} version, complete, with no customers until overlays/blue-green/live says so.", names.Application);
        overlay.Include("../../../base/workloads");
        overlay["components"] = new[] { "../../../components/external" };
        overlay["nameSuffix"] = "-" + colour;
        overlay["labels"] = TrackLabels(colour);
        overlay["images"] = Images();
        overlay.Write();
    }

    private void Live(ServiceObjects objects)
    {
        var live = Kustomization("overlays/blue-green/live", "Which colour the customers get. To switch: change the value below, and apply.", names.Application);
        live.Include("../../../base/shared");
        live.Add("services.yaml", services.Select(s => objects.Service(s, Names.Service)));
        live["patches"] = new[] { PullSecret, JsonPatch("Service", ("/spec/selector/track", "blue")) };
        live.Write();
    }

    private Kustomization Kustomization(string path, string comment, string ns) => new(folder, path, comment) { ["namespace"] = ns };

    private List<Map> Images() => services.Select(s => s.Image.Name.Split(':')[0]).Distinct(StringComparer.Ordinal)
        .Select(image => new Map { ["name"] = image, ["newName"] = $"{settings.Registry}/{image}", ["newTag"] = settings.Version }).ToList();

    // Where the registry asks for no password there is no such secret, and none is needed.
    private static Map PullSecret => new()
    {
        ["target"] = new Map { ["kind"] = "ServiceAccount" },
        ["patch"] = $"- op: add\n  path: /imagePullSecrets\n  value: [{{name: {Names.PullSecret}}}]\n",
    };

    internal static Map Merged(Workload service, params IEnumerable<string> literals) => new()
    {
        ["name"] = Names.Config(service.Name),
        ["behavior"] = "merge",
        ["literals"] = literals.ToList(),
    };

    private static Map[] TrackLabels(string track) =>
        [new Map { ["pairs"] = new Map { [Names.Track] = track }, ["includeSelectors"] = true, ["includeTemplates"] = true }];

    private static Map JsonPatch(string kind, params (string Path, object Value)[] replacements) => new()
    {
        ["target"] = new Map { ["kind"] = kind },
        ["patch"] = string.Concat(replacements.Select(r => $"- op: replace\n  path: {r.Path}\n  value: {r.Value}\n")),
    };
}
