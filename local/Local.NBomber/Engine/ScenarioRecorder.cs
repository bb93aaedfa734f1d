using System.Collections.Concurrent;
using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace NBomber.Engine;

/// <summary>Collects everything that one scenario does.</summary>
internal sealed class ScenarioRecorder(ScenarioProps scenario)
{
    public const string WholeScenario = "global information";

    private readonly ConcurrentDictionary<string, StepRecorder> steps = new(StringComparer.Ordinal);
    private readonly StepRecorder iterations = new(WholeScenario, sortIndex: 0);
    private readonly List<ScenarioSecond> seconds = [];
    private long failCount;
    private long dropped;
    private long startedLate;

    public long FailCount => Interlocked.Read(ref failCount);

    /// <summary>Iterations that were due and never started, because too many were still in flight.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Iterations that started noticeably after they were due.</summary>
    public long StartedLate => Interlocked.Read(ref startedLate);

    public IReadOnlyList<ScenarioSecond> Seconds => seconds;

    public void RecordStep(string name, IResponse response, TimeSpan latency)
    {
        if (response.IsError) Interlocked.Increment(ref failCount);
        StepOf(name).Record(response, latency);
    }

    public void RecordIteration(IResponse response, TimeSpan latency)
    {
        if (response.IsError && steps.IsEmpty) Interlocked.Increment(ref failCount);
        iterations.Record(response, latency);
    }

    public void CountDropped(long count) => Interlocked.Add(ref dropped, count);

    public void CountStartedLate() => Interlocked.Increment(ref startedLate);

    /// <summary>Closes one second of the timeline.</summary>
    public void TakeSecond(TimeSpan at, int copies) =>
        seconds.Add(new ScenarioSecond(at, copies, iterations.TakeSecond(), [.. steps.Values.OrderBy(s => s.SortIndex).Select(s => s.TakeSecond())]));

    public ScenarioStats ToStats(LoadSimulationStats simulation, OperationType operation, TimeSpan duration, int sortIndex)
    {
        var stepStats = steps.Values.Select(s => s.ToStats(duration)).OrderBy(s => s.SortIndex).ToArray();
        var whole = Whole().ToStats(duration);
        return new ScenarioStats(
            scenario.ScenarioName, whole.Ok, whole.Fail, stepStats, simulation, operation,
            whole.Ok.Request.Count + whole.Fail.Request.Count, whole.Ok.Request.Count, whole.Fail.Request.Count,
            whole.Ok.DataTransfer.AllBytes + whole.Fail.DataTransfer.AllBytes, duration, sortIndex);
    }

    private StepRecorder Whole()
    {
        if (scenario.StatsBasedOnIterations || steps.IsEmpty) return iterations;
        var sum = new StepRecorder(WholeScenario, sortIndex: 0);
        foreach (var step in steps.Values) sum.Add(step);
        return sum;
    }

    private StepRecorder StepOf(string name)
    {
        if (steps.TryGetValue(name, out var known)) return known;
        if (name == WholeScenario) throw new ArgumentException($"'{WholeScenario}' is a reserved step name.", nameof(name));
        return steps.GetOrAdd(name, static (key, count) => new StepRecorder(key, count + 1), steps.Count);
    }
}

/// <summary>One scenario's figures of one second of the run.</summary>
internal sealed record ScenarioSecond(TimeSpan At, int Copies, StepSecond Iterations, StepSecond[] Steps);
