using System.Text.Json;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace Local.NBomber.Tests;

public sealed class ReportTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("nbomber").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_format_is_written_and_names_the_steps_and_the_broken_threshold()
    {
        var stats = NBomberRunner.RegisterScenarios(Scenario.Create("flow", async context =>
            {
                await Step.Run("pay|<b>", context, () => Task.FromResult(Response.Ok(statusCode: "OK", sizeBytes: 100)));
                return Response.Ok();
            }).WithoutWarmUp()
            .WithLoadSimulations(Simulation.IterationsForConstant(2, 50))
            .WithThresholds(
                global::NBomber.Contracts.Threshold.Create(s => s.Fail.Request.Count == 0),
                global::NBomber.Contracts.Threshold.Create("pay|<b>", s => s.Ok.Request.Count > 1_000),
                global::NBomber.Contracts.Threshold.Create("no such step", s => s.Ok.Request.Count > 0)))
            .WithReportFolder(folder).WithReportFileName("run").DisplayConsoleMetrics(false).Run();

        Assert.Equal([false, true, true], stats.Thresholds.Select(t => t.IsFailed));
        Assert.Equal(4, stats.ReportFiles.Length);
        Assert.Contains("pay|<b>", File.ReadAllText(Path.Combine(folder, "run.txt")), StringComparison.Ordinal);
        Assert.Contains("pay\\|<b>", File.ReadAllText(Path.Combine(folder, "run.md")), StringComparison.Ordinal);
        Assert.Contains("pay|&lt;b&gt;", File.ReadAllText(Path.Combine(folder, "run.html")), StringComparison.Ordinal);
        Assert.Equal(3, File.ReadAllLines(Path.Combine(folder, "run.csv")).Length);
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "run.json")));
        Assert.Equal(50, json.RootElement.GetProperty("scenarios")[0].GetProperty("stats").GetProperty("stepStats")[0].GetProperty("ok").GetProperty("request").GetProperty("count").GetInt32());
        Assert.NotEmpty(json.RootElement.GetProperty("scenarios")[0].GetProperty("seconds").EnumerateArray());
        Assert.Equal(ReportFormat.Txt, stats.ReportFiles[0].ReportFormat);
    }
}
