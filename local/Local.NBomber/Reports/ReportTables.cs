using System.Globalization;
using NBomber.Contracts.Metrics;
using NBomber.Contracts.Stats;
using NBomber.Engine;

namespace NBomber.Reports;

/// <summary>What the reports say, format aside.</summary>
internal static class ReportTables
{
    public static string Headline(SessionResult result)
    {
        var info = result.Stats.TestInfo;
        var lines = new List<string>
        {
            $"test suite: {info.TestSuite}, test: {info.TestName}, session: {info.SessionId}",
            $"requests: {result.Stats.AllRequestCount} (ok {result.Stats.AllOkCount}, failed {result.Stats.AllFailCount}), duration: {result.Stats.Duration:hh\\:mm\\:ss}",
        };
        if (result.StopReason is { } reason) lines.Add($"STOPPED EARLY: {reason}");
        foreach (var scenario in result.Scenarios.Where(s => s.Dropped > 0 || s.StartedLate > 0))
            lines.Add($"LOAD NOT DELIVERED AS ASKED in {scenario.Stats.ScenarioName}: {scenario.Dropped} iterations never started, {scenario.StartedLate} started more than 100 ms late");
        return string.Join('\n', lines) + "\n";
    }

    public static IEnumerable<ReportTable> Of(SessionResult result)
    {
        foreach (var scenario in result.Scenarios)
        {
            yield return Steps(scenario.Stats);
            if (scenario.Stats.Fail.Request.Count > 0 || scenario.Stats.StepStats.Any(s => s.Fail.Request.Count > 0)) yield return Failures(scenario.Stats);
            if (StatusCodes(scenario.Stats) is { Rows.Count: > 0 } codes) yield return codes;
        }
        if (result.Stats.Thresholds.Length > 0) yield return Thresholds(result.Stats.Thresholds);
        if (Metrics(result.Stats.Metrics) is { Rows.Count: > 0 } metrics) yield return metrics;
    }

    private static ReportTable Steps(ScenarioStats scenario) => new(
        $"scenario: {scenario.ScenarioName}",
        ["step", "all", "ok", "fail", "RPS", "min ms", "mean", "p50", "p75", "p90", "p95", "p99", "max", "StdDev", "MB"],
        [Row(ScenarioRecorder.WholeScenario, scenario.Ok, scenario.Fail), .. scenario.StepStats.Select(s => Row(s.StepName, s.Ok, s.Fail))]);

    private static ReportTable Failures(ScenarioStats scenario) => new(
        $"failures: {scenario.ScenarioName}",
        ["step", "fail", "%", "mean ms", "p50", "p95", "p99", "max"],
        [.. new[] { new StepStats(ScenarioRecorder.WholeScenario, scenario.Ok, scenario.Fail, 0) }.Concat(scenario.StepStats)
            .Where(s => s.Fail.Request.Count > 0)
            .Select(s => new[] { s.StepName, Int(s.Fail.Request.Count), Int(s.Fail.Request.Percent), Ms(s.Fail.Latency.MeanMs), Ms(s.Fail.Latency.Percent50), Ms(s.Fail.Latency.Percent95), Ms(s.Fail.Latency.Percent99), Ms(s.Fail.Latency.MaxMs) })]);

    private static ReportTable StatusCodes(ScenarioStats scenario) => new(
        $"status codes: {scenario.ScenarioName}",
        ["step", "status code", "count", "%", "message"],
        [.. scenario.StepStats.SelectMany(s => s.Ok.StatusCodes.Concat(s.Fail.StatusCodes).Select(c => new[] { s.StepName, c.StatusCode, Int(c.Count), Int(c.Percent), c.Message }))]);

    private static ReportTable Thresholds(ThresholdResult[] thresholds) => new(
        "thresholds",
        ["scenario", "step", "expression", "result", "failed checks"],
        [.. thresholds.Select(t => new[] { t.ScenarioName, t.StepName, t.CheckExpression, t.IsFailed ? "FAILED" : "ok", Int(t.ErrorCount) })]);

    private static ReportTable Metrics(MetricStats metrics) => new(
        "metrics",
        ["scenario", "metric", "value", "unit"],
        [
            .. metrics.Counters.Select(c => new[] { c.ScenarioName, c.MetricName, c.Value.ToString(CultureInfo.InvariantCulture), c.UnitOfMeasure }),
            .. metrics.Gauges.Select(g => new[] { g.ScenarioName, g.MetricName, Ms(g.Value), g.UnitOfMeasure }),
        ]);

    private static string[] Row(string name, MeasurementStats ok, MeasurementStats fail) =>
    [
        name, Int(ok.Request.Count + fail.Request.Count), Int(ok.Request.Count), Int(fail.Request.Count), Ms(ok.Request.RPS), Ms(ok.Latency.MinMs), Ms(ok.Latency.MeanMs),
        Ms(ok.Latency.Percent50), Ms(ok.Latency.Percent75), Ms(ok.Latency.Percent90), Ms(ok.Latency.Percent95), Ms(ok.Latency.Percent99), Ms(ok.Latency.MaxMs), Ms(ok.Latency.StdDev),
        Ms(ok.DataTransfer.AllBytes / 1_000_000.0),
    ];

    private static string Int(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Ms(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
