using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Local.Dashboard;
using Local.Installing;

namespace Local.Engine;

/// <summary>Runs a model: everything up in the order of its dependencies, everything down in the reverse.</summary>
internal sealed class Orchestrator(
    IReadOnlyList<IResource> resources, DistributedApplicationExecutionContext executionContext, EngineOptions options, StateFolder state) : IAsyncDisposable
{
    private readonly List<ResourceRunner> _runners = [];
    private EndpointsFile? _endpointsFile;
    private DashboardHost? _dashboard;

    internal ResourceNotificationService Notifications { get; } = new();

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        state.Lock(options.Reset);
        await new Installer(Installer.Apt, options.MayInstall, Console.WriteLine).InstallMissingAsync(Requirements.Of(resources), cancellationToken);
        await PortPlan.AllocateAsync(resources, options.FreePorts, cancellationToken);
        var dashboard = options.NoDashboard ? null : await PortPlan.AllocateDashboardAsync(resources, options, cancellationToken);
        _endpointsFile = new EndpointsFile(Path.Combine(state.Root, "endpoints.json"), Notifications, dashboard);
        var console = new ConsoleReport(Notifications, options, state, dashboard);

        var factory = new WorkloadFactory(executionContext, OtlpTarget.For(options, dashboard), state, Notifications);
        foreach (var resource in resources)
        {
            if (await factory.CreateAsync(resource, cancellationToken) is not { } runner)
                continue;
            if (resource is IResourceWithConnectionString store)
                runner.ConnectionString = await store.GetValueAsync(cancellationToken);
            _runners.Add(runner);
        }
        await factory.Targets.WriteAsync(cancellationToken);
        console.Begin(_runners);
        if (dashboard is not null)
        {
            var secrets = await Secrets.OfAsync(resources, dashboard.OtlpApiKey, cancellationToken);
            var view = new ModelView(_runners, Notifications, new ResourceCommandService(this), secrets);
            _dashboard = await DashboardHost.StartAsync(dashboard, view, cancellationToken);
        }
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
        if (_dashboard is not null)
            await _dashboard.DisposeAsync();
        foreach (var runner in _runners)
            await runner.DisposeAsync();
        _endpointsFile?.Dispose();
        state.Dispose();
    }
}
