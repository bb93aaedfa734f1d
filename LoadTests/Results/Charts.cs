namespace LoadTests.Results;

/// <summary>The charts of a report: what the customers saw and what the servers did, on the same time axis.</summary>
internal static class Charts
{
    internal sealed record Chart(string FileName, string Svg);

    public static IEnumerable<Chart> Of(RunResult run)
    {
        yield return new("throughput.svg", SvgChart.Draw("successful calls per second", StepSeries(run, p => p.Ok)));
        yield return new("latency-p95.svg", SvgChart.Draw("p95 latency, ms", StepSeries(run, p => p.P95Ms)));
        yield return new("latency-p99.svg", SvgChart.Draw("p99 latency, ms", StepSeries(run, p => p.P99Ms)));
        yield return new("errors.svg", SvgChart.Draw("failed calls per second", StepSeries(run, p => p.Failed)));
        foreach (var group in ServerGroups(run)) yield return group;
    }

    private static SvgChart.Series[] StepSeries(RunResult run, Func<Measuring.TimelinePoint, double> value) =>
        [.. run.Timeline.GroupBy(p => p.Step).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => new SvgChart.Series(g.Key, [.. g.Select(p => ((double)p.Second, value(p)))]))];

    /// <summary>Metrics are named "group: what"; each group is one chart.</summary>
    private static IEnumerable<Chart> ServerGroups(RunResult run) =>
        run.Server.SelectMany(s => s.Values.Keys).Distinct(StringComparer.Ordinal).GroupBy(name => name.Split(": ")[0]).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(group => new Chart(
                $"server-{group.Key.Replace(' ', '-').Replace("/", "-", StringComparison.Ordinal).Replace("%", "percent", StringComparison.Ordinal).ToLowerInvariant()}.svg",
                SvgChart.Draw(group.Key, [.. group.Select(name => new SvgChart.Series(name.Split(": ")[^1],
                    [.. run.Server.Where(s => s.Values.ContainsKey(name)).Select(s => (s.Second, s.Values[name]))]))])));
}
