using System.Security.Cryptography;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Local.Dashboard;
using Local.Processes;
using Local.Servers;

namespace Local.Engine;

/// <summary>Gives every endpoint its port before anything starts, because the environment of one resource names the ports of others.</summary>
internal static class PortPlan
{
    // After kill -9 of an AppHost its PostgreSQL needs a moment to let go of the port.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    internal static async Task AllocateAsync(IEnumerable<IResource> resources, bool freePorts, CancellationToken cancellationToken)
    {
        var taken = new HashSet<int>();
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.AnnotationsOf<EndpointAnnotation>())
            {
                var port = freePorts || endpoint.Port is not > 0 ? Free(taken) : endpoint.Port.Value;
                if (!taken.Add(port))
                    throw new DistributedApplicationException($"Resource '{resource.Name}': port {port} is used twice in the model.");
                await RequireFreeAsync(resource.Name, port, cancellationToken);
                endpoint.AllocatedEndpoint = new AllocatedEndpoint(endpoint, "localhost", port);
            }
        }
    }

    /// <summary>The dashboard's own ports, once the resources have theirs.</summary>
    internal static async Task<DashboardOptions> AllocateDashboardAsync(IEnumerable<IResource> resources, EngineOptions options, CancellationToken cancellationToken)
    {
        var taken = resources.SelectMany(r => r.AnnotationsOf<EndpointAnnotation>()).Select(e => e.AllocatedEndpoint!.Port).ToHashSet();
        var dashboard = new DashboardOptions
        {
            Port = Port(DashboardOptions.DefaultPort),
            OtlpPort = Port(DashboardOptions.DefaultOtlpPort),
            OtlpGrpcPort = Port(DashboardOptions.DefaultOtlpGrpcPort),
            OtlpApiKey = options.OtlpApiKey,
            BrowserToken = options.BrowserToken ?? RandomNumberGenerator.GetHexString(32, lowercase: true),
            ApplicationName = options.ApplicationName,
        };
        await RequireFreeAsync("dashboard", dashboard.Port, cancellationToken);
        await RequireFreeAsync("dashboard", dashboard.OtlpPort, cancellationToken);
        await RequireFreeAsync("dashboard", dashboard.OtlpGrpcPort, cancellationToken);
        return dashboard;

        int Port(int usual)
        {
            var port = options.FreePorts ? Free(taken) : usual;
            taken.Add(port);
            return port;
        }
    }

    private static int Free(HashSet<int> taken)
    {
        int port;
        do
            port = FreePort.Next();
        while (taken.Contains(port));
        return port;
    }

    private static async Task RequireFreeAsync(string resource, int port, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; !FreePort.IsFree(port); waited += Interval)
        {
            var holder = Listeners.HolderOf(port);
            // Somebody else's program will not go away by waiting.
            if (waited >= Patience || holder is { Dying: false })
                throw new DistributedApplicationException($"Resource '{resource}' needs port {port}, but {holder?.ToString() ?? "another process"} listens on it.");
            await Task.Delay(Interval, TimeProvider.System, cancellationToken);
        }
    }
}
