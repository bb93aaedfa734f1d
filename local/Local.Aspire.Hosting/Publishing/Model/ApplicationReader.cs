using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Local.Publishing.Images;

namespace Local.Publishing.Model;

/// <summary>From the application model to what a deployment runs, before any target's own words.</summary>
internal sealed class ApplicationReader(IEnumerable<IResource> resources, DistributedApplicationExecutionContext executionContext, PublishSettings settings)
{
    /// <summary>Jobs that somebody starts by hand are no part of a deployment.</summary>
    internal async Task<IReadOnlyList<Workload>> ReadAsync()
    {
        var workloads = new List<Workload>();
        foreach (var resource in resources.Where(r => !r.AnnotationsOf<ExplicitStartupAnnotation>().Any()))
        {
            if (resource is ContainerResource store)
                workloads.Add(Store(store));
            else if (resource is ProjectResource project)
                workloads.Add(await ServiceAsync(project));
            else if (resource is ExecutableResource)
                throw new DistributedApplicationException($"Resource '{resource.Name}' is a program of this machine and cannot be published.");
        }
        return workloads;
    }

    private Workload Store(ContainerResource store)
    {
        var own = settings.Of(store.Name);
        var image = StoreImages.Of(store, own);
        return new(store.Name, image, own)
        {
            Ports = PortsOf(store),
            Environment = image.Environment,
            Volumes = store.AnnotationsOf<ContainerMountAnnotation>().Select(m => new VolumeMount(m.Target, m.IsReadOnly)).ToList(),
            Databases = resources.OfType<PostgresDatabaseResource>().Where(d => d.Parent == store).Select(d => d.DatabaseName).ToList(),
        };
    }

    private async Task<Workload> ServiceAsync(ProjectResource project)
    {
        var path = project.AnnotationsOf<IProjectMetadata>().Single().ProjectPath;
        var environment = await EnvironmentAsync(project);
        return new(project.Name, ServiceImages.Of(path, settings), settings.Of(project.Name))
        {
            ProjectPath = path,
            Ports = PortsOf(project),
            Environment = environment,
            Volumes = [],
            Probes = ProbesOf(project),
            WaitsFor = project.AnnotationsOf<WaitAnnotation>().Select(w => NameOf(w.Resource)).Distinct(StringComparer.Ordinal).ToList(),
            Uses = environment.Values.SelectMany(ExpressionParts.EndpointOwnersIn).Where(r => r != project)
                .Select(r => r.Name).Distinct(StringComparer.Ordinal).ToList(),
            HasSchema = environment.Values.OfType<PostgresDatabaseResource>().Any(),
        };
    }

    /// <summary>What Aspire gives every published project, then what the model says.</summary>
    private async Task<IReadOnlyDictionary<string, object>> EnvironmentAsync(ProjectResource project)
    {
        var context = new EnvironmentCallbackContext(executionContext, project);
        context.EnvironmentVariables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        var http = project.AnnotationsOf<EndpointAnnotation>().FirstOrDefault(e => e.UriScheme == "http" && e.EnvironmentVariable is null);
        if (http is not null)
        {
            context.EnvironmentVariables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
            context.EnvironmentVariables["HTTP_PORTS"] = new EndpointReference(project, http.Name).Property(EndpointProperty.TargetPort);
        }
        foreach (var annotation in project.AnnotationsOf<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);
        return context.EnvironmentVariables;
    }

    private static List<Port> PortsOf(IResource resource) =>
        resource.AnnotationsOf<EndpointAnnotation>().Select(e => new Port(e.Name, e.UriScheme, Ports.TargetOf(e), e.Port, e.IsExternal)).ToList();

    // A health check without probes of its own serves as all three of them.
    private static List<Probe> ProbesOf(ProjectResource project)
    {
        var probes = project.AnnotationsOf<ProbeAnnotation>().Select(p => new Probe(p.Type, p.Path, PortOf(project, p.EndpointName))
        {
            PeriodSeconds = p.PeriodSeconds,
            TimeoutSeconds = p.TimeoutSeconds,
            FailureThreshold = p.FailureThreshold,
        });
        var check = project.AnnotationsOf<HttpHealthCheckAnnotation>().Select(c => new Probe(ProbeType.Readiness, c.Path, PortOf(project, c.EndpointName)));
        return [.. probes, .. check];
    }

    private static int PortOf(ProjectResource project, string? endpoint) =>
        Ports.TargetOf(project.AnnotationsOf<EndpointAnnotation>().First(e => e.Name == (endpoint ?? "http")));

    // A database is healthy when its server is: the server makes it at its first start.
    private static string NameOf(IResource resource) => resource is IResourceWithParent child ? child.Parent.Name : resource.Name;
}
