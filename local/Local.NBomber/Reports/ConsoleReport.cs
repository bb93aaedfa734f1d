using NBomber.Contracts.Stats;
using NBomber.Engine;

namespace NBomber.Reports;

/// <summary>Progress while the test runs, tables when it is over.</summary>
internal static class ConsoleReport
{
    public static void WriteLive(ScenarioStats[] scenarios, TimeSpan elapsed)
    {
        foreach (var s in scenarios)
        {
            Console.WriteLine(
                $"{elapsed:hh\\:mm\\:ss} {s.ScenarioName} [{s.LoadSimulationStats.SimulationName} {s.LoadSimulationStats.Value}] ok {s.AllOkCount} fail {s.AllFailCount} "
                + $"RPS {s.Ok.Request.RPS:0} p50 {s.Ok.Latency.Percent50:0.0} ms p95 {s.Ok.Latency.Percent95:0.0} ms p99 {s.Ok.Latency.Percent99:0.0} ms");
        }
    }

    public static void WriteFinal(SessionResult result)
    {
        Console.WriteLine();
        Console.WriteLine(ReportTables.Headline(result));
        foreach (var table in ReportTables.Of(result)) Console.WriteLine(table.ToText());
    }
}
