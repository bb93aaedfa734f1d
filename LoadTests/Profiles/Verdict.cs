using System.Globalization;
using LoadTests.Scenarios;
using NBomber.Contracts;
using NBomber.Contracts.Stats;

namespace LoadTests.Profiles;

/// <summary>The few lines that a person reads first.</summary>
internal static class Verdict
{
    public static string Describe(Profile profile, NodeStats stats)
    {
        var booking = stats.ScenarioStats.Get(BookingFlow.Name);
        var lines = new List<string>
        {
            $"{profile.Name}: {booking.AllOkCount} bookings, {Number(booking.Ok.Request.RPS)} bookings/s, success {Number(100.0 * booking.AllOkCount / Math.Max(1, booking.AllRequestCount))} %",
        };
        lines.AddRange(booking.StepStats.Select(s =>
            $"  {s.StepName,-18} p50 {Number(s.Ok.Latency.Percent50),8} ms  p95 {Number(s.Ok.Latency.Percent95),8} ms  p99 {Number(s.Ok.Latency.Percent99),8} ms  max {Number(s.Ok.Latency.MaxMs),8} ms  failed {s.Fail.Request.Count}"));
        lines.AddRange(stats.Thresholds.Where(t => t.IsFailed).Select(t => $"  MISSED {t.StepName} {t.CheckExpression}"));
        lines.Add(stats.Thresholds.Any(t => t.IsFailed) ? "targets missed" : "targets met");
        return string.Join('\n', lines);
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
