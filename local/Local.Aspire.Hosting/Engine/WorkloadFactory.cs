using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Local.Containers;
using Local.Processes;
using Local.Servers;

namespace Local.Engine;

/// <summary>From a resource of the model to what runs for it.</summary>
internal sealed class WorkloadFactory(
    DistributedApplicationExecutionContext executionContext, OtlpTarget? otlp, StateFolder state, ResourceNotificationService notifications)
{
    private readonly Dictionary<IResource, LocalServer> _servers = [];

    internal ScrapeTargets Targets { get; } = new(state.Data("scrape"));

    /// <summary>Null for what does not run (a parameter).</summary>
    internal async Task<ResourceRunner?> CreateAsync(IResource resource, CancellationToken cancellationToken) => resource switch
    {
        ParameterResource => null,
        PostgresDatabaseResource database => Database(database),
        ContainerResource container when ContainerProgram.Of(container) is null => await ServerAsync(container, cancellationToken),
        _ => Program(resource),
    };

    private async Task<ResourceRunner> ServerAsync(ContainerResource resource, CancellationToken cancellationToken)
    {
        var port = resource.AnnotationsOf<EndpointAnnotation>().Single().AllocatedEndpoint!.Port;
        var log = new ProcessLog(state.Log(resource.Name));
        LocalServer server = resource switch
        {
            PostgresServerResource postgres => new PostgresServer(
                resource.Name, state.Data(resource.Name), port,
                (await postgres.UserName.GetValueAsync(cancellationToken))!, (await postgres.PasswordParameter.GetValueAsync(cancellationToken))!, log),
            RedisResource redis => new RedisServer(
                resource.Name, state.Data(resource.Name), port, (await redis.PasswordParameter.GetValueAsync(cancellationToken))!, log),
            KafkaServerResource => new KafkaBroker(resource.Name, state.Data(resource.Name), port, log),
            _ => throw new DistributedApplicationException($"Resource '{resource.Name}' is a container that this engine has no stand-in for."),
        };
        _servers[resource] = server;
        return new ResourceRunner(resource, changed => [new ProcessInstance(resource.Name, new ServerWorkload(server), log, changed)], [], notifications);
    }

    private ResourceRunner Database(PostgresDatabaseResource resource)
    {
        var workload = new DatabaseWorkload((PostgresServer)_servers[resource.Parent], resource.DatabaseName);
        return new ResourceRunner(resource, changed => [new ProcessInstance(resource.Name, workload, new ProcessLog(), changed)], [], notifications);
    }

    private ResourceRunner Program(IResource resource)
    {
        var replicas = resource.TryGetLastAnnotation<ReplicaAnnotation>(out var annotation) ? annotation.Replicas : 1;
        var endpoints = resource.AnnotationsOf<EndpointAnnotation>().ToList();
        var instances = Enumerable.Range(1, replicas).Select(number => Instance(resource, endpoints, number, replicas)).ToList();
        instances.ForEach(i => Targets.Add(resource.Name, i));
        var proxies = replicas == 1
            ? []
            : endpoints.Select(e => new ReplicaProxy(e.AllocatedEndpoint!.Port, instances.Select(i => i.TargetPorts[e.Name]).ToList())).ToList();
        return new ResourceRunner(
            resource,
            changed => instances.Select(i => new ProcessInstance(i.Name, new ProgramWorkload(resource, i), i.Log, changed)).ToList(),
            proxies,
            notifications);
    }

    /// <summary>A single process listens on the public port itself; replicas have ports of their own behind the proxy.</summary>
    private InstanceContext Instance(IResource resource, IEnumerable<EndpointAnnotation> endpoints, int number, int replicas)
    {
        var name = replicas == 1 ? resource.Name : $"{resource.Name}-{number}";
        var ports = endpoints.ToDictionary(e => e.Name, e => replicas == 1 ? e.AllocatedEndpoint!.Port : FreePort.Next(), StringComparer.Ordinal);
        return new InstanceContext(name, ports, new ProcessLog(state.Log(name)), executionContext, otlp)
        {
            Files = resource is ContainerResource container ? new ContainerFileSystem(container, state.Data(name)) : null,
        };
    }
}
