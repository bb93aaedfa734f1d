using System.Collections.Concurrent;
using System.Diagnostics;
using NBomber.Contracts;
using NBomber.CSharp;

namespace LoadTests.Measuring;

/// <summary>What the customers saw in each second of the run, so that it can stand beside what the servers did in the same second.</summary>
internal sealed class Timeline
{
    private readonly ConcurrentDictionary<(int Second, string Step), Slot> slots = new();
    private long startedAt = Stopwatch.GetTimestamp();

    /// <summary>Seconds count from here; what the warm-up recorded is dropped.</summary>
    public void Start()
    {
        slots.Clear();
        Volatile.Write(ref startedAt, Stopwatch.GetTimestamp());
    }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(Volatile.Read(ref startedAt));

    /// <summary>A measured step that also lands on the timeline.</summary>
    public Task<Response<T>> RunStep<T>(string step, IScenarioContext context, Func<Task<Response<T>>> call) => Step.Run(step, context, async () =>
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var response = await call();
            Record(step, ok: !response.IsError, Stopwatch.GetElapsedTime(started));
            return response;
        }
        catch
        {
            Record(step, ok: false, Stopwatch.GetElapsedTime(started));
            throw;
        }
    });

    public void Record(string step, bool ok, TimeSpan latency)
    {
        var slot = slots.GetOrAdd(((int)Elapsed.TotalSeconds, step), static _ => new Slot());
        if (ok) slot.Latency.Record(latency);
        else Interlocked.Increment(ref slot.Failed);
    }

    public IReadOnlyList<TimelinePoint> Points() =>
    [
        .. slots.OrderBy(s => s.Key.Second).ThenBy(s => s.Key.Step, StringComparer.Ordinal).Select(s => new TimelinePoint(
            s.Key.Second, s.Key.Step, s.Value.Latency.Count, Volatile.Read(ref s.Value.Failed),
            s.Value.Latency.PercentileMs(50), s.Value.Latency.PercentileMs(95), s.Value.Latency.PercentileMs(99))),
    ];

    private sealed class Slot
    {
        public CoarseHistogram Latency { get; } = new();
        public long Failed;
    }
}

/// <summary>One step in one second.</summary>
internal sealed record TimelinePoint(int Second, string Step, long Ok, long Failed, double P50Ms, double P95Ms, double P99Ms);
