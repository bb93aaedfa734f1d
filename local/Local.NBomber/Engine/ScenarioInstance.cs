using System.Diagnostics;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using Serilog;

namespace NBomber.Engine;

/// <summary>One copy of a scenario: a virtual user. Never runs two iterations at once.</summary>
internal sealed class ScenarioInstance(ScenarioRun run, int number) : IScenarioContext, IThreadPoolWorkItem
{
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(100);

    private TimeSpan startDelay;
    private long dueAt;

    public TestInfo TestInfo => run.Session.TestInfo;
    public NodeInfo NodeInfo => run.Session.NodeInfo;
    public ILogger Logger => run.Session.Logger;
    public ScenarioInfo ScenarioInfo { get; } = new($"{run.Scenario.ScenarioName}_{number}", number, run.Scenario.ScenarioName, run.PlannedDuration, run.Operation);
    public long InvocationNumber { get; private set; }
    public Dictionary<string, object> Data { get; } = [];
    public Dictionary<string, object> ScenarioInstanceData { get; } = [];
    public CancellationToken ScenarioCancellationToken => run.Cancellation;
    public Random Random { get; } = new(HashCode.Combine(run.Session.Seed, number));
    public bool RestartIterationOnFail => run.Scenario.RestartIterationOnFail;

    public TimeSpan GetScenarioTimerTime() => run.Elapsed;

    public void StopScenario(string scenarioName, string reason) => run.Session.StopScenario(scenarioName, reason);

    public void StopCurrentTest(string reason) => run.Session.Stop(reason);

    public void RecordStep(string name, IResponse response, TimeSpan latency) => run.Recorder?.RecordStep(name, response, latency);

    /// <summary>How late this iteration began; counted once, in its first step, so that a stalled generator or server cannot hide in between.</summary>
    public TimeSpan TakeStartDelay()
    {
        var delay = startDelay;
        startDelay = TimeSpan.Zero;
        return delay;
    }

    /// <summary>Open model: runs one iteration on the thread pool; its latency counts from the time at which it was due.</summary>
    public void StartDue(long timestamp)
    {
        dueAt = timestamp;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    async void IThreadPoolWorkItem.Execute() // The thread pool's own signature; RunOnceAsync lets no exception out.
    {
        await RunOnceAsync(dueAt);
        run.Return(this);
    }

    /// <summary>Closed model: loops until told to stop.</summary>
    public async Task LoopAsync(Func<ScenarioInstance, bool> goOn)
    {
        await Task.Yield();
        while (goOn(this)) await RunOnceAsync(Stopwatch.GetTimestamp());
    }

    public int Number => number;

    private async Task RunOnceAsync(long due)
    {
        startDelay = Stopwatch.GetElapsedTime(due);
        if (startDelay > Late) run.Recorder?.CountStartedLate();
        InvocationNumber++;
        if (Data.Count > 0) Data.Clear();
        try
        {
            var response = await run.Scenario.Run!(this);
            run.Recorder?.RecordIteration(response, Stopwatch.GetElapsedTime(due));
        }
        catch (IgnoreMeasurementException)
        {
        }
        catch (RestartIterationException)
        {
            run.Recorder?.RecordIteration(CSharp.Response.Fail(), Stopwatch.GetElapsedTime(due));
        }
        catch (Exception error)
        {
            run.Recorder?.RecordIteration(EngineResponse.FromException<object>(error), Stopwatch.GetElapsedTime(due));
        }
    }
}
