using Local.Publishing.Model;

namespace Local.Publishing.Kubernetes;

/// <summary>Nobody talks to anybody, but along the model's references.</summary>
internal sealed class NetworkPolicies(Names names, IReadOnlyList<Workload> workloads)
{
    private const int Dns = 53;
    private const int Https = 443;

    internal IEnumerable<Map> ForServices(IEnumerable<Workload> services) =>
    [
        Policy("default-deny", new Map { ["podSelector"] = Everything, ["policyTypes"] = Both }),
        Policy("allow-dns", new Map
        {
            ["podSelector"] = Everything,
            ["policyTypes"] = Egress,
            ["egress"] = new[] { new Map { ["to"] = new[] { Namespace("kube-system") }, ["ports"] = new[] { Port(Dns, "UDP"), Port(Dns, "TCP") } } },
        }),
        .. services.SelectMany(s => s.HasSchema ? new[] { ForService(s), ForSchemaJob(s) } : [ForService(s)]),
    ];

    internal Map ForSimulator(Workload workload) => ForService(workload);

    /// <summary>Only those whose references lead here, and the jobs that bring its schema.</summary>
    internal Map ForStore(Workload store) => Policy(store.Name, new Map
    {
        ["podSelector"] = Pods(store.Name),
        ["policyTypes"] = Both,
        ["ingress"] = new[] { Rule("from", Callers(store).SelectMany(c => c.HasSchema && store.Databases.Count > 0 ? new[] { c.Name, Names.SchemaJob(c.Name) } : [c.Name]).Select(Peer), store) },
        ["egress"] = Array.Empty<Map>(),
    });

    private Map ForService(Workload service) => Policy(service.Name, new Map
    {
        ["podSelector"] = Pods(service.Name),
        ["policyTypes"] = Both,
        ["ingress"] = new[] { Rule("from", [.. FromOutside(service), .. Callers(service).Select(c => Peer(c.Name)), Namespace(Names.MonitoringNamespace)], service) },
        ["egress"] = (Map[])[.. service.Uses.Select(ByName).SelectMany(ToUsed), ToCollector],
    });

    private Map ForSchemaJob(Workload service) => Policy(Names.SchemaJob(service.Name), new Map
    {
        ["podSelector"] = Pods(Names.SchemaJob(service.Name)),
        ["policyTypes"] = Both,
        ["ingress"] = Array.Empty<Map>(),
        ["egress"] = service.Uses.Select(ByName).Where(w => w.Databases.Count > 0).SelectMany(ToUsed).ToList(),
    });

    private static IEnumerable<Map> ToUsed(Workload used)
    {
        if (used.IsService)
            yield return Rule("to", [Peer(used.Name)], used);
        // A store may be anywhere: its port is known, its address is the connection string's.
        else
            yield return new Map { ["ports"] = used.Ports.Select(p => Port(p.Number)).ToList() };
        if (used.Settings.Simulated)
            yield return new Map { ["ports"] = new[] { Port(Https) } };
    }

    private static Map ToCollector => new()
    {
        ["to"] = new[] { Namespace(Names.MonitoringNamespace) },
        ["ports"] = new[] { Port(Telemetry.OtlpGrpcPort) },
    };

    private static Map[] FromOutside(Workload service) => service.Settings.Paths.Count == 0 ? [] : [Namespace(Names.IngressNamespace)];

    private IEnumerable<Workload> Callers(Workload called) => workloads.Where(w => w.Uses.Contains(called.Name, StringComparer.Ordinal));

    private Workload ByName(string name) => workloads.Single(w => w.Name == name);

    private Map Policy(string name, Map spec) =>
        new(Names.Object("networking.k8s.io/v1", "NetworkPolicy", name, new Map { ["app.kubernetes.io/part-of"] = names.Application })) { ["spec"] = spec };

    // Of ours: an operator's pods beside them follow the operator's own policies.
    private Map Everything => new() { ["matchLabels"] = new Map { ["app.kubernetes.io/part-of"] = names.Application } };

    private static readonly string[] Egress = ["Egress"];

    private static readonly string[] Both = ["Ingress", "Egress"];

    // Whichever version: old and new talk to each other while both run.
    private static Map Pods(string name) => new() { ["matchLabels"] = new Map { [Names.Name] = name } };

    private static Map Peer(string name) => new() { ["podSelector"] = Pods(name) };

    private static Map Namespace(string name) => new() { ["namespaceSelector"] = new Map { ["matchLabels"] = new Map { ["kubernetes.io/metadata.name"] = name } } };

    private static Map Rule(string direction, IEnumerable<Map> peers, Workload target) =>
        new() { [direction] = peers.ToList(), ["ports"] = target.Ports.Select(p => Port(p.Number)).ToList() };

    private static Map Port(int number, string protocol = "TCP") => new() { ["port"] = number, ["protocol"] = protocol };
}
