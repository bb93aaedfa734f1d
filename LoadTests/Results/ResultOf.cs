using LoadTests.Booking;
using LoadTests.Measuring;
using LoadTests.Planning;
using LoadTests.Profiles;
using LoadTests.Scenarios;
using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace LoadTests.Results;

/// <summary>Turns the engine's statistics into a result of our own, which outlives the engine's version.</summary>
internal static class ResultOf
{
    public static RunResult Run(
        Profile profile, ScenarioCatalogue.Entry scenario, Profile.Size size, DataSet data, DateTimeOffset startedAt, NodeStats stats, string[] demands, Timeline timeline)
    {
        var whole = stats.ScenarioStats.Get(scenario.Name);
        var points = timeline.Points();
        return new RunResult
        {
            Profile = profile.Name,
            Scenario = scenario.Name,
            Users = size.Users,
            StartedAt = startedAt,
            Duration = stats.Duration,
            DataSet = $"{data.Concerts:N0} concerts, {data.Schedules:N0} schedules, {data.Seats:N0} seats, {data.Users:N0} users",
            Iterations = new IterationResult(
                whole.AllOkCount, whole.AllFailCount, whole.Ok.Request.RPS, whole.Ok.Latency.Percent50, whole.Ok.Latency.Percent95, whole.Ok.Latency.Percent99, whole.Ok.Latency.MaxMs,
                stats.Metrics.Counters.Find("dropped_iterations")?.Value ?? 0, stats.Metrics.Counters.Find("late_iterations")?.Value ?? 0,
                [.. whole.Ok.StatusCodes.Concat(whole.Fail.StatusCodes).Select(c => new OutcomeCount(c.StatusCode, c.Count))]),
            Steps = [.. whole.StepStats.OrderBy(s => s.StepName, StringComparer.Ordinal).Select(Step)],
            Targets = [.. stats.Thresholds.Zip(demands, (threshold, text) => new TargetResult(text, !threshold.IsFailed))],
            Timeline = [.. points],
            Knee = profile.LooksForKnee ? KneeOf(profile, size, points) : null,
        };
    }

    private static StepResult Step(StepStats step) => new(
        step.StepName, step.Ok.Request.Count, step.Fail.Request.Count, step.Ok.Request.RPS, step.Ok.Latency.MeanMs,
        step.Ok.Latency.Percent50, step.Ok.Latency.Percent75, step.Ok.Latency.Percent95, step.Ok.Latency.Percent99, step.Ok.Latency.MaxMs,
        [.. step.Fail.StatusCodes.Select(c => new ErrorCount(c.StatusCode, c.Message, c.Count))]);

    /// <summary>The ramp adds users evenly, so the second tells how many there were; payments per second are the throughput.</summary>
    private static Knee.Point? KneeOf(Profile profile, Profile.Size size, IReadOnlyList<TimelinePoint> points)
    {
        const int smoothing = 5;
        var paid = points.Where(p => p.Step == Steps.Pay && p.Second < size.Duration.TotalSeconds).GroupBy(p => p.Second / smoothing)
            .Select(g => new Knee.Point((g.Key + 0.5) * smoothing / size.Duration.TotalSeconds * size.Users, g.Sum(p => p.Ok) / (double)smoothing))
            .ToArray();
        return profile.LooksForKnee ? Planning.Knee.Find(paid) : null;
    }
}
