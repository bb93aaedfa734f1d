namespace Local.Dashboard.Metrics;

/// <summary>How far back a page looks, and how coarse.</summary>
public sealed record TimeRange(string Name, string Label, TimeSpan Length, TimeSpan Step)
{
    internal static IReadOnlyList<TimeRange> All { get; } =
    [
        new("1m", "1 min", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1)),
        new("5m", "5 min", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5)),
        new("15m", "15 min", TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(15)),
        new("30m", "30 min", TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(30)),
        new("1h", "1 h", TimeSpan.FromHours(1), TimeSpan.FromMinutes(1)),
        new("3h", "3 h", TimeSpan.FromHours(3), TimeSpan.FromMinutes(4)),
        new("6h", "6 h", TimeSpan.FromHours(6), TimeSpan.FromMinutes(6)),
    ];

    internal static TimeRange Of(string? name, string usual = "5m") =>
        All.FirstOrDefault(r => r.Name == name) ?? All.First(r => r.Name == usual);

    /// <summary>The ends of the steps, one more than there are steps; aligned, so that a chart does not tremble as time goes on.</summary>
    internal long[] Times(long now)
    {
        var last = now / Step.Ticks * Step.Ticks;
        var steps = (int)(Length / Step);
        return [.. Enumerable.Range(0, steps + 1).Select(i => last - (steps - i) * Step.Ticks)];
    }
}
