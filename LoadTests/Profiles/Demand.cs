using System.Globalization;
using LoadTests.Scenarios;
using NBomber.Contracts;

namespace LoadTests.Profiles;

/// <summary>One target as the engine checks it, and in words that a person reads.</summary>
internal sealed record Demand(string Text, Threshold Threshold)
{
    public static Demand[] Of(Targets targets, string scenario)
    {
        var demands = new List<Demand>
        {
            new(Invariant($"at least {targets.IterationsPerSecond} visits a second"), Threshold.Create(stats => stats.Ok.Request.RPS >= targets.IterationsPerSecond)),
            new(Invariant($"at most {targets.MostFailedPercent} % of visits fail"), Threshold.Create(stats => stats.Fail.Request.Count <= stats.AllRequestCount * targets.MostFailedPercent / 100)),
        };
        if (scenario == ScenarioCatalogue.Booking)
            demands.AddRange(Steps.Booking.Select(step => new Demand(
                Invariant($"{step}: p99 at most {targets.P99Ms} ms, mean at most {targets.MeanMs} ms"),
                Threshold.Create(step, stats => stats.Ok.Latency.Percent99 <= targets.P99Ms && stats.Ok.Latency.MeanMs <= targets.MeanMs))));
        return [.. demands];
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
