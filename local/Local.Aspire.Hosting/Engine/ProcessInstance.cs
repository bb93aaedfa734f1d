using Aspire.Hosting.ApplicationModel;
using Local.Processes;

namespace Local.Engine;

/// <summary>One process of a resource, kept running: its health, its crashes, its end.</summary>
internal sealed class ProcessInstance(string name, IWorkload workload, ProcessLog log, Action changed)
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(15);

    internal string Name { get; } = name;

    internal ProcessLog Log { get; } = log;

    internal string State { get; private set; } = KnownResourceStates.NotStarted;

    internal bool? Healthy { get; private set; }

    internal int? ProcessId { get; private set; }

    internal DateTimeOffset? StartedAt { get; private set; }

    /// <summary>When its health was last asked for.</summary>
    internal DateTimeOffset? CheckedAt { get; private set; }

    internal IReadOnlyDictionary<string, string?> Environment => workload.Environment;

    internal IReadOnlyList<string> Urls => workload.Urls;

    internal int? ExitCode { get; private set; }

    internal int Restarts { get; private set; }

    internal string? Failure { get; private set; }

    /// <summary>Ends when told to, or when a job is done.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        var backOff = new BackOff(TimeProvider.System);
        while (true)
        {
            Enter(KnownResourceStates.Starting);
            var started = await LaunchAsync(stopping);
            if (started.Success && await WatchAsync(started.Process, stopping))
                return;
            try
            {
                await Task.Delay(backOff.Next(), TimeProvider.System, stopping);
            }
            catch (OperationCanceledException)
            {
                Enter(KnownResourceStates.Exited);
                return;
            }
            Restarts++;
        }
    }

    private async Task<(bool Success, ChildProcess? Process)> LaunchAsync(CancellationToken stopping)
    {
        try
        {
            return (true, await workload.LaunchAsync(stopping));
        }
        catch (Exception e)
        {
            Failure = e.Message;
            Log.Write(e.ToString());
            Enter(KnownResourceStates.FailedToStart);
            return (false, null);
        }
    }

    /// <summary>True when this was the end, false when it is to start again.</summary>
    private async Task<bool> WatchAsync(ChildProcess? process, CancellationToken stopping)
    {
        using var watched = process;
        ProcessId = process?.Id;
        StartedAt = TimeProvider.System.GetUtcNow();
        Enter(KnownResourceStates.Running);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var health = MonitorAsync(ended.Token);
        var exited = process?.Exited ?? Never;
        await Task.WhenAny(exited, health);
        await ended.CancelAsync();
        await health;
        if (stopping.IsCancellationRequested)
        {
            Enter(KnownResourceStates.Stopping);
            if (process is not null)
                await process.StopAsync(workload.StopSignal, StopPatience);
        }
        ExitCode = process is null ? null : await exited;
        ProcessId = null;
        Healthy = null;
        CheckedAt = null;
        var done = stopping.IsCancellationRequested || !workload.RunsForever;
        if (!stopping.IsCancellationRequested && (ExitCode != 0 || workload.RunsForever))
            Failure = $"It ended with exit code {ExitCode}.{string.Concat(Log.Last(15).Select(line => "\n" + line))}";
        Enter(ExitCode is 0 && !workload.RunsForever ? KnownResourceStates.Finished : KnownResourceStates.Exited);
        return done;
    }

    private static Task<int> Never { get; } = new TaskCompletionSource<int>().Task;

    private async Task MonitorAsync(CancellationToken ended)
    {
        var pace = new HealthPace();
        try
        {
            while (true)
            {
                var healthy = await IsHealthyAsync(ended);
                CheckedAt = TimeProvider.System.GetUtcNow();
                if (healthy != Healthy)
                {
                    Healthy = healthy;
                    changed();
                }
                await Task.Delay(pace.Next(healthy), TimeProvider.System, ended);
            }
        }
        catch (Exception) when (ended.IsCancellationRequested)
        {
            // The process ended, or is to end: a probe that was on its way may say so in any words.
        }
    }

    private async Task<bool> IsHealthyAsync(CancellationToken ended)
    {
        try
        {
            await workload.ProbeAsync(ended);
            Failure = null;
            return true;
        }
        catch (Exception e) when (!ended.IsCancellationRequested)
        {
            Failure = e.Message;
            return false;
        }
    }

    private void Enter(string state)
    {
        State = state;
        changed();
    }
}
