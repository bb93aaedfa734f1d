using System.Globalization;
using NBomber.Contracts.Stats;
using NBomber.Engine;

namespace NBomber.Reports;

/// <summary>One row for each scenario and step, in NBomber's column order.</summary>
internal static class CsvReport
{
    private const string Header =
        "test_suite,test_name,scenario,duration,step_name,request_count,ok,failed,rps,min,mean,max,50_percent,75_percent,95_percent,99_percent,std_dev,"
        + "data_transfer_min_kb,data_transfer_mean_kb,data_transfer_max_kb,data_transfer_all_mb";

    public static string Render(SessionResult result)
    {
        var lines = result.Stats.ScenarioStats.SelectMany(s =>
            new[] { new StepStats(ScenarioRecorder.WholeScenario, s.Ok, s.Fail, 0) }.Concat(s.StepStats).Select(step => Row(result.Stats.TestInfo, s, step)));
        return $"{Header}\n{string.Join('\n', lines)}\n";
    }

    private static string Row(TestInfo test, ScenarioStats scenario, StepStats step)
    {
        var latency = step.Ok.Latency;
        var data = step.Ok.DataTransfer;
        object[] cells =
        [
            Quote(test.TestSuite), Quote(test.TestName), Quote(scenario.ScenarioName), scenario.Duration.ToString("c"), Quote(step.StepName),
            step.Ok.Request.Count + step.Fail.Request.Count, step.Ok.Request.Count, step.Fail.Request.Count, step.Ok.Request.RPS,
            latency.MinMs, latency.MeanMs, latency.MaxMs, latency.Percent50, latency.Percent75, latency.Percent95, latency.Percent99, latency.StdDev,
            Kb(data.MinBytes), Kb(data.MeanBytes), Kb(data.MaxBytes), Math.Round(data.AllBytes / 1_000_000.0, 3),
        ];
        return string.Join(',', cells.Select(c => Convert.ToString(c, CultureInfo.InvariantCulture)));
    }

    private static double Kb(long bytes) => Math.Round(bytes / 1_000.0, 3);

    private static string Quote(string text) =>
        text.AsSpan().IndexOfAny(",\"\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
