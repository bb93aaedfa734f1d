using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace NBomber.Engine;

/// <summary>Collects one step's calls (or a scenario's whole iterations).</summary>
internal sealed class StepRecorder(string name, int sortIndex)
{
    private readonly Measurement ok = new(isError: false);
    private readonly Measurement fail = new(isError: true);

    public string Name => name;

    public int SortIndex => sortIndex;

    public void Record(IResponse response, TimeSpan latency)
    {
        if (response.CustomLatencyMs > 0) latency = TimeSpan.FromMilliseconds(response.CustomLatencyMs);
        (response.IsError ? fail : ok).Record(response, latency);
    }

    public void Add(StepRecorder other)
    {
        ok.Add(other.ok);
        fail.Add(other.fail);
    }

    public StepStats ToStats(TimeSpan duration)
    {
        var all = ok.Count + fail.Count;
        return new StepStats(name, ok.ToStats(all, duration), fail.ToStats(all, duration), sortIndex);
    }

    public StepSecond TakeSecond()
    {
        var good = ok.TakeSecond();
        var bad = fail.TakeSecond();
        return new StepSecond(name, good.Count, bad.Count, good.Percentile(50) / 1000.0, good.Percentile(95) / 1000.0, good.Percentile(99) / 1000.0, good.Max / 1000.0);
    }
}

/// <summary>One step's figures of one second of the run.</summary>
internal sealed record StepSecond(string Step, long Ok, long Fail, double P50Ms, double P95Ms, double P99Ms, double MaxMs);
