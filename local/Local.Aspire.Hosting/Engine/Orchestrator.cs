using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Local.Installing;

namespace Local.Engine;

/// <summary>Runs a model: everything up in the order of its dependencies, everything down in the reverse.</summary>
internal sealed class Orchestrator(
    IReadOnlyList<IResource> resources, DistributedApplicationExecutionContext executionContext, EngineOptions options, StateFolder state) : IAsyncDisposable
{
    private readonly List<ResourceRunner> _runners = [];
    private EndpointsFile? _endpointsFile;

    internal ResourceNotificationService Notifications { get; } = new();

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        state.Lock(options.Reset);
        var console = new ConsoleReport(Notifications, options, state);
        await new Installer(Installer.Apt, options.MayInstall, Console.WriteLine).InstallMissingAsync(Requirements.Of(resources), cancellationToken);
        await PortPlan.AllocateAsync(resources, options.FreePorts, cancellationToken);
        _endpointsFile = new EndpointsFile(Path.Combine(state.Root, "endpoints.json"), Notifications);

        var factory = new WorkloadFactory(executionContext, options, state, Notifications);
        foreach (var resource in resources)
        {
            if (await factory.CreateAsync(resource, cancellationToken) is not { } runner)
                continue;
            if (resource is IResourceWithConnectionString store)
                runner.ConnectionString = await store.GetValueAsync(cancellationToken);
            _runners.Add(runner);
        }
        console.Begin(_runners);
        foreach (var runner in _runners.Where(r => r.StartsByItself))
            runner.Start();
    }

    internal ResourceRunner Find(string name) =>
        _runners.FirstOrDefault(r => string.Equals(r.Resource.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new DistributedApplicationException($"There is no resource '{name}'.");

    internal async Task StopAsync()
    {
        var stops = new Dictionary<IResource, Task>();
        await Task.WhenAll(_runners.Select(StopAfterDependents).ToList());

        Task StopAfterDependents(ResourceRunner runner)
        {
            if (stops.TryGetValue(runner.Resource, out var already))
                return already;
            var dependents = _runners.Where(r => r.Dependencies.Contains(runner.Resource)).Select(StopAfterDependents).ToList();
            return stops[runner.Resource] = StopThenAsync(dependents, runner);
        }

        static async Task StopThenAsync(IEnumerable<Task> dependents, ResourceRunner runner)
        {
            await Task.WhenAll(dependents);
            await runner.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var runner in _runners)
            await runner.DisposeAsync();
        _endpointsFile?.Dispose();
        state.Dispose();
    }
}
