using Contracts;
using LoadTests.Booking;
using LoadTests.Server;
using StackExchange.Redis;

namespace LoadTests.Drills;

/// <summary>The parts of a system that the AppHost runs on this machine, to be hurt: reads its endpoints file anew each time, because processes come and go.</summary>
internal sealed class RunningParts(string? state, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    public EndpointsFile Now => EndpointsFile.Find(state);

    /// <summary>The power cut: no goodbye. The AppHost starts it again.</summary>
    public void Kill(string resource) => Signal.Kill.Send(Now.ProcessesOf(resource));

    /// <summary>One of its replicas dies; the others serve on.</summary>
    public void KillOne(string resource) => Signal.Kill.Send(Now.ProcessesOf(resource)[..1]);

    /// <summary>The clean way to end it. The AppHost starts it again.</summary>
    public void Restart(string resource, Signal signal = Signal.Terminate) => signal.Send(Now.ProcessesOf(resource));

    /// <summary>It keeps its connections and answers nothing, with all its children: PostgreSQL works in those.</summary>
    public Frozen Freeze(string resource)
    {
        var processes = ProcessTree.WithDescendants(Now.ProcessesOf(resource));
        Signal.Stop.Send(processes);
        return new Frozen(processes);
    }

    /// <summary>All that Redis knows is gone, while it goes on serving.</summary>
    public async Task EmptyRedisAsync()
    {
        using var redis = await ConnectionMultiplexer.ConnectAsync($"{Now.ConnectionStringOf(ResourceNames.Redis)},allowAdmin=true");
        await redis.GetServer(redis.GetEndPoints()[0]).FlushAllDatabasesAsync();
    }

    /// <summary>Kills it whenever it is back, until <paramref name="healed"/>.</summary>
    public async Task KeepDownAsync(string resource, CancellationToken healed)
    {
        while (!healed.IsCancellationRequested)
        {
            Kill(resource);
            await Task.Delay(LookEvery, time, healed).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Thaws when it is disposed, so that no mistake of ours leaves a system frozen.</summary>
    internal sealed class Frozen(IReadOnlyCollection<int> processes) : IDisposable
    {
        public void Dispose() => Signal.Continue.Send(processes);
    }
}
