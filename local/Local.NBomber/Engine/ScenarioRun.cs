using System.Collections.Concurrent;
using System.Diagnostics;
using NBomber.Contracts;

namespace NBomber.Engine;

/// <summary>One phase (warm-up or the measured one) of one scenario: its copies, what is in flight, and how it ends.</summary>
internal sealed class ScenarioRun(Session session, ScenarioProps scenario, IReadOnlyList<LoadSimulation> stages, ScenarioOperation operation, ScenarioRecorder? recorder) : IDisposable
{
    private const int MostInFlight = 200_000;
    private static readonly TimeSpan GraceAfterCancel = TimeSpan.FromSeconds(5);

    private readonly ConcurrentStack<ScenarioInstance> idle = new();
    private readonly List<Copy> copies = [];
    private readonly CancellationTokenSource cancellation = new();
    private readonly CancellationTokenSource stop = new();
    private readonly long started = Stopwatch.GetTimestamp();
    private int wantedCopies;
    private int inFlight;
    private int lastNumber;
    private long iterationsLeft = long.MaxValue;

    public Session Session => session;
    public ScenarioProps Scenario => scenario;
    public IReadOnlyList<LoadSimulation> Stages => stages;
    public ScenarioOperation Operation => operation;
    public TimeSpan PlannedDuration { get; } = stages.Aggregate(TimeSpan.Zero, (sum, stage) => sum + Stage.DurationOf(stage));

    /// <summary>Null while warming up.</summary>
    public ScenarioRecorder? Recorder => recorder;

    public CancellationToken Cancellation => cancellation.Token;
    public CancellationToken Stopping => stop.Token;
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(started);

    /// <summary>What the current stage asks for: copies or a rate per second.</summary>
    public Stage.Level Level { get; private set; } = Stage.Level.None;

    public int Active => Volatile.Read(ref inFlight) + copies.Count(c => !c.Loop.IsCompleted);

    public async Task RunAsync()
    {
        var scheduled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                new LoadScheduler(this).Run();
                scheduled.SetResult();
            }
            catch (Exception error)
            {
                scheduled.SetException(error);
            }
        })
        {
            IsBackground = true,
            Name = $"load of {scenario.ScenarioName}",
            Priority = ThreadPriority.AboveNormal,
        };
        thread.Start();
        await scheduled.Task;
        SetCopies(0);
        await DrainAsync();
    }

    public void Stop() => stop.Cancel();

    public void SetLevel(Stage.Level level) => Level = level;

    /// <summary>Closed model: makes it so many looping copies. One that is told to stop finishes its iteration first.</summary>
    public void SetCopies(int wanted)
    {
        Volatile.Write(ref wantedCopies, wanted);
        for (var i = 0; i < wanted; i++)
        {
            if (i == copies.Count) copies.Add(new Copy(new ScenarioInstance(this, ++lastNumber)));
            if (copies[i].Loop.IsCompleted) copies[i].Start(i, GoOn);
        }
    }

    public void LimitIterations(long iterations) => Interlocked.Exchange(ref iterationsLeft, iterations);

    public bool IterationsAreDone => Interlocked.Read(ref iterationsLeft) <= 0 && copies.TrueForAll(c => c.Loop.IsCompleted);

    /// <summary>Open model: starts one iteration that was due at the given time.</summary>
    public void StartOne(long dueAt)
    {
        if (Volatile.Read(ref inFlight) >= MostInFlight)
        {
            recorder?.CountDropped(1);
            return;
        }
        Interlocked.Increment(ref inFlight);
        if (!idle.TryPop(out var instance)) instance = new ScenarioInstance(this, ++lastNumber);
        instance.StartDue(dueAt);
    }

    public void Return(ScenarioInstance instance)
    {
        idle.Push(instance);
        Interlocked.Decrement(ref inFlight);
    }

    public void Dispose()
    {
        cancellation.Dispose();
        stop.Dispose();
    }

    private bool GoOn(int index) =>
        index < Volatile.Read(ref wantedCopies) && !stop.IsCancellationRequested && Interlocked.Decrement(ref iterationsLeft) >= 0;

    private async Task DrainAsync()
    {
        if (await EmptiesWithinAsync(session.Options.CompletionTimeout)) return;
        await cancellation.CancelAsync();
        if (await EmptiesWithinAsync(GraceAfterCancel)) return;
        // What still has not answered is a failure like any other time-out, never silently left out.
        for (var i = Active; i > 0; i--)
            recorder?.RecordIteration(EngineResponse.FromException<object>(new TimeoutException()), Elapsed);
    }

    private async Task<bool> EmptiesWithinAsync(TimeSpan time)
    {
        var from = Stopwatch.GetTimestamp();
        while (Active > 0 && Stopwatch.GetElapsedTime(from) < time)
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        return Active == 0;
    }

    private sealed class Copy(ScenarioInstance instance)
    {
        public Task Loop { get; private set; } = Task.CompletedTask;

        public void Start(int index, Func<int, bool> goOn) => Loop = instance.LoopAsync(_ => goOn(index));
    }
}
