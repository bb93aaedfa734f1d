using System.Collections.Concurrent;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Aspire's names for what a resource is doing.</summary>
public static class KnownResourceStates
{
    public const string NotStarted = "NotStarted";
    public const string Waiting = "Waiting";
    public const string Starting = "Starting";
    public const string Running = "Running";
    public const string Stopping = "Stopping";
    public const string Exited = "Exited";
    public const string Finished = "Finished";
    public const string FailedToStart = "FailedToStart";
}

/// <summary>What a resource is doing now.</summary>
public sealed record ResourceStatus(string Name, string State)
{
    /// <summary>Null while nobody can know.</summary>
    public bool? Healthy { get; init; }

    public IReadOnlyList<string> Urls { get; init; } = [];

    public IReadOnlyList<int> ProcessIds { get; init; } = [];

    public int Restarts { get; init; }

    public int? ExitCode { get; init; }

    public string? ConnectionString { get; init; }

    /// <summary>Why it is not up: the exception, or the last lines it wrote.</summary>
    public string? Failure { get; init; }

    public bool IsHealthy => State == KnownResourceStates.Running && Healthy == true;
}

/// <summary>The latest status of every resource, and the way to wait for one.</summary>
public sealed class ResourceNotificationService
{
    private readonly ConcurrentDictionary<string, ResourceStatus> _latest = new(StringComparer.OrdinalIgnoreCase);
    private volatile TaskCompletionSource _changed = NewSignal();

    public event Action<ResourceStatus>? Changed;

    public IReadOnlyCollection<ResourceStatus> Current => _latest.Values.ToList();

    public Task WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitAsync(resourceName, status => status.IsHealthy, cancellationToken);

    public Task WaitForResourceAsync(string resourceName, string targetState, CancellationToken cancellationToken = default) =>
        WaitAsync(resourceName, status => status.State == targetState, cancellationToken);

    public async Task<ResourceStatus> WaitAsync(string resourceName, Func<ResourceStatus, bool> condition, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            // The signal first: a change between the look and the wait must not be slept through.
            var changed = _changed.Task;
            if (_latest.TryGetValue(resourceName, out var status) && condition(status))
                return status;
            await changed.WaitAsync(cancellationToken);
        }
    }

    internal void Publish(ResourceStatus status)
    {
        _latest[status.Name] = status;
        Interlocked.Exchange(ref _changed, NewSignal()).SetResult();
        Changed?.Invoke(status);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
