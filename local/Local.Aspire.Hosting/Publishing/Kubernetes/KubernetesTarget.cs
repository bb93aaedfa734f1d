using Aspire.Hosting.ApplicationModel;
using Local.Publishing.Model;

namespace Local.Publishing.Kubernetes;

/// <summary>A Kustomize base, components to add to it, and overlays that put it to use.</summary>
internal sealed class KubernetesTarget
{
    private readonly IReadOnlyList<Workload> _workloads;
    private readonly IReadOnlyList<IResource> _resources;
    private readonly PublishSettings _settings;
    private readonly Names _names;
    private readonly PodEnvironment _environment;
    private readonly ServiceObjects _objects;
    private readonly NetworkPolicies _policies;
    private readonly Ingresses _ingresses;
    private readonly Monitors _monitors;

    internal KubernetesTarget(IReadOnlyList<Workload> workloads, IReadOnlyList<IResource> resources, PublishSettings settings, MonitoringFolder monitoring)
    {
        (_workloads, _resources, _settings) = (workloads, resources, settings);
        _names = new(settings);
        _environment = new(_names);
        _objects = new(_names, new Pods(_names, settings, _environment));
        _policies = new(_names, workloads);
        _ingresses = new(_names, settings);
        _monitors = new(_names, monitoring);
    }

    private List<Workload> Services => _workloads.Where(w => w.IsService && !w.Settings.Simulated).ToList();

    private List<Workload> Simulators => _workloads.Where(w => w.IsService && w.Settings.Simulated).ToList();

    private List<Workload> Stores => _workloads.Where(w => !w.IsService).ToList();

    internal void WriteTo(OutputFolder folder)
    {
        WriteBase(folder);
        WriteSimulators(folder);
        WriteStores(folder);
        WriteOperators(folder);
        WriteExternal(folder);
        new Overlays(folder, _names, _settings, Services).Write(_ingresses, _objects);
        folder.Add("prometheus-adapter-values.yaml", Yaml.Write(
            "Values for the Helm chart prometheus-adapter: the metrics that the autoscalers ask for.",
            Monitors.AdapterRules(Services.Select(s => s.Settings.ScaleBy).OfType<ScaleSettings>())));
    }

    private void WriteBase(OutputFolder folder)
    {
        var all = new Kustomization(folder, "base", "The application without its stores.");
        all.Include("shared", "workloads");
        all.Write();

        var workloads = new Kustomization(folder, "base/workloads", "What exists once for each version that runs.");
        foreach (var service in Services)
            workloads.Add(service.Name + ".yaml", _objects.Of(service));
        workloads["configMapGenerator"] = Services.Select(Config).ToList();
        workloads.Write();

        var shared = new Kustomization(folder, "base/shared", "What all versions share.");
        shared.Add("namespace.yaml", Namespace());
        shared.Add("accounts.yaml", Services.Select(_objects.Account));
        shared.Add("network-policies.yaml", _policies.ForServices(Services));
        shared.Add("ingress.yaml", _ingresses.Ingress(Services));
        shared.Add("service-monitor.yaml", _monitors.ServiceMonitor());
        var rules = _monitors.PrometheusRules().ToList();
        if (rules.Count > 0)
            shared.Add("prometheus-rules.yaml", rules);
        shared.Write();
    }

    private void WriteSimulators(OutputFolder folder)
    {
        var simulators = new Kustomization(folder, "components/simulators", "Stand-ins for what is outside, for trying things out.", isComponent: true);
        foreach (var simulator in Simulators)
            simulators.Add(simulator.Name + ".yaml", [.. _objects.OfSimulator(simulator), _policies.ForSimulator(simulator)]);
        simulators["configMapGenerator"] = Simulators.Select(Config).ToList();
        simulators.Write();
    }

    private void WriteStores(OutputFolder folder)
    {
        var component = new Kustomization(folder, "components/stores", "Stores of one node each; services then need only the stores' passwords.", isComponent: true);
        var stores = new Stores(_names, _environment);
        foreach (var store in Stores)
            component.Add(store.Name + ".yaml", [.. stores.Of(store), _policies.ForStore(store)]);
        component["patches"] = Services.SelectMany(service => PatchesOf(stores, service)).Select(patch => new Map { ["patch"] = Yaml.Write(null, patch) }).ToList();
        component.Write();
    }

    private static IEnumerable<Map> PatchesOf(Stores stores, Workload service)
    {
        yield return stores.ConnectionsPatch(service, "apps/v1", "Deployment", service.Name);
        if (service.HasSchema)
            yield return stores.ConnectionsPatch(service, "batch/v1", "Job", Names.SchemaJob(service.Name));
    }

    private void WriteOperators(OutputFolder folder)
    {
        var operators = new Kustomization(folder, "components/operators", "Objects of CloudNativePG and Strimzi, which must be installed.", isComponent: true);
        foreach (var store in Stores)
        {
            if (Operators.Of(store, _resources.Single(r => r.Name == store.Name)).ToList() is { Count: > 0 } objects)
                operators.Add(store.Name + ".yaml", objects);
        }
        operators["configMapGenerator"] = Services.SelectMany(s => OpenConnections(s).Select(c => Overlays.Merged(s, $"{c.Variable}={Operators.BootstrapOf(c.Store)}"))).ToList();
        operators.Write();
    }

    /// <summary>Open addresses of what is outside: placeholders, to be replaced by the real ones.</summary>
    private void WriteExternal(OutputFolder folder)
    {
        var external = new Kustomization(folder, "components/external", "Addresses of what is outside the cluster. Replace the examples.", isComponent: true);
        external["configMapGenerator"] = Services.Select(s => (Service: s, Addresses: ExternalAddresses(s).ToList()))
            .Where(s => s.Addresses.Count > 0).Select(s => Overlays.Merged(s.Service, s.Addresses)).ToList();
        external.Write();
    }

    private IEnumerable<string> ExternalAddresses(Workload service)
    {
        foreach (var (name, value) in service.Environment)
        {
            if (value is EndpointReference endpoint && _settings.Of(endpoint.Resource.Name).Simulated)
                yield return $"{name}=https://{endpoint.Resource.Name}.example.com";
        }
        foreach (var (variable, store) in OpenConnections(service))
            yield return $"{variable}={store.Name}.example.com:{store.Ports[0].Number}";
    }

    /// <summary>Connection strings that hold no secret: Kafka's addresses.</summary>
    private IEnumerable<(string Variable, Workload Store)> OpenConnections(Workload service) =>
        from entry in service.Environment
        where entry.Value is IResourceWithConnectionString && !ExpressionParts.IsSecret(entry.Value)
        select (entry.Key, Stores.Single(s => s.Name == ((IResource)entry.Value).Name));

    private Map Config(Workload workload) => new() { ["name"] = Names.Config(workload.Name), ["literals"] = _environment.Literals(workload) };

    private Map Namespace() => Names.Object("v1", "Namespace", _names.Application, new Map { ["pod-security.kubernetes.io/enforce"] = "restricted" });
}
