using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Local.Engine;

/// <summary>One resource: waits for what it needs, runs its processes, and adds up how they are.</summary>
internal sealed class ResourceRunner : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly ResourceNotificationService _notifications;
    private readonly IReadOnlyList<ReplicaProxy> _proxies;
    private string _phase = KnownResourceStates.NotStarted;
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    internal ResourceRunner(
        IResource resource, Func<Action, IReadOnlyList<ProcessInstance>> createInstances, IReadOnlyList<ReplicaProxy> proxies, ResourceNotificationService notifications)
    {
        Resource = resource;
        _proxies = proxies;
        _notifications = notifications;
        Instances = createInstances(Publish);
        Publish();
    }

    internal IResource Resource { get; }

    internal IReadOnlyList<ProcessInstance> Instances { get; }

    /// <summary>A process of it ended, and is to start again after a pause.</summary>
    internal bool ComesBack => !_running.IsCompleted && !_stop.IsCancellationRequested && Status().State is KnownResourceStates.Exited or KnownResourceStates.FailedToStart;

    internal string? ConnectionString { get; set; }

    internal bool StartsByItself => !Resource.AnnotationsOf<ExplicitStartupAnnotation>().Any();

    /// <summary>What has to be healthy before this starts, and may stop only after it: a database stands for its server.</summary>
    internal IEnumerable<IResource> Dependencies =>
        Resource.AnnotationsOf<WaitAnnotation>().Select(w => w.Resource)
            .Concat(Resource is IResourceWithParent child ? [child.Parent] : []);

    internal void Start()
    {
        lock (_lock)
        {
            if (!_running.IsCompleted)
                return;
            _stop.Dispose();
            _stop = new CancellationTokenSource();
            _running = RunAsync(_stop.Token);
        }
    }

    internal async Task StopAsync()
    {
        CancellationTokenSource stop;
        Task running;
        lock (_lock)
            (stop, running) = (_stop, _running);
        await stop.CancelAsync();
        await running;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var proxy in _proxies)
            await proxy.DisposeAsync();
        foreach (var instance in Instances)
            instance.Log.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            Enter(KnownResourceStates.Waiting);
            await WaitForDependenciesAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            Enter(KnownResourceStates.Exited);
            return;
        }
        catch (DistributedApplicationException e)
        {
            Instances[0].Log.Write(e.Message);
            Enter(KnownResourceStates.FailedToStart);
            return;
        }
        foreach (var proxy in _proxies)
            proxy.Start();
        _phase = KnownResourceStates.Running;
        await Task.WhenAll(Instances.Select(i => i.RunAsync(stopping)));
    }

    private async Task WaitForDependenciesAsync(CancellationToken stopping)
    {
        foreach (var wait in Resource.AnnotationsOf<WaitAnnotation>())
        {
            if (wait.WaitType is WaitType.WaitUntilHealthy)
                await _notifications.WaitForResourceHealthyAsync(wait.Resource.Name, stopping);
            else
                await WaitForCompletionAsync(wait, stopping);
        }
        if (Resource is IResourceWithParent child)
            await _notifications.WaitForResourceHealthyAsync(child.Parent.Name, stopping);
    }

    private async Task WaitForCompletionAsync(WaitAnnotation wait, CancellationToken stopping)
    {
        var end = await _notifications.WaitAsync(wait.Resource.Name, s => s.State is KnownResourceStates.Finished or KnownResourceStates.Exited, stopping);
        if (end.ExitCode != wait.ExitCode)
            throw new DistributedApplicationException($"'{Resource.Name}' does not start: '{end.Name}' ended with {end.ExitCode}, not {wait.ExitCode}.");
    }

    private void Enter(string phase)
    {
        _phase = phase;
        Publish();
    }

    private void Publish()
    {
        if (Instances is null)
            return; // An instance reports before the list of all is complete.
        lock (_lock)
            _notifications.Publish(Status());
    }

    internal ResourceStatus Status()
    {
        // The resource is as well as its worst process.
        var worst = Instances.FirstOrDefault(i => i.State != KnownResourceStates.Running) ?? Instances.FirstOrDefault(i => i.Healthy != true) ?? Instances[0];
        var running = _phase == KnownResourceStates.Running;
        return new ResourceStatus(Resource.Name, running ? worst.State : _phase)
        {
            Healthy = running ? worst.Healthy : null,
            Urls = Resource.AnnotationsOf<EndpointAnnotation>().Select(e => e.AllocatedEndpoint?.UriString).OfType<string>().ToList(),
            ProcessIds = Instances.Select(i => i.ProcessId).OfType<int>().ToList(),
            Restarts = Instances.Sum(i => i.Restarts),
            ExitCode = worst.ExitCode,
            ConnectionString = ConnectionString,
            Failure = worst.Failure,
        };
    }
}
