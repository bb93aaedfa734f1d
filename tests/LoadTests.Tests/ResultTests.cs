using LoadTests.Measuring;
using LoadTests.Results;

namespace LoadTests.Tests;

public sealed class ResultTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("load-tests").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_result_survives_being_kept()
    {
        ResultFile.Write(folder, Run(perSecond: 500, p99: 100));
        var read = ResultFile.Read(folder);
        Assert.Equal(500, read.Iterations.PerSecond);
        Assert.Equal("7 pay", read.Steps[0].Name);
        Assert.True(read.Passed);
    }

    [Theory]
    [InlineData(500, 100, "Same")]
    [InlineData(480, 110, "Same")]
    [InlineData(600, 100, "Better")]
    [InlineData(500, 40, "Better")]
    [InlineData(400, 100, "Worse")]
    [InlineData(900, 180, "Worse")]
    public void A_comparison_sees_more_than_noise(double perSecond, double p99, string verdict) =>
        Assert.Equal(verdict, Comparison.Overall(Comparison.Of(Run(500, 100), Run(perSecond, p99))).ToString());

    [Fact]
    public void Wrong_books_fail_a_fast_run() =>
        Assert.False((Run(900, 10) with { Books = new BooksResult(["seat 1 of schedule 1 has two owners"], ["seats"]) }).Passed);

    [Fact]
    public void The_report_says_first_when_the_load_was_not_delivered()
    {
        var run = Run(500, 100);
        var report = RunReport.Render(run with { Iterations = run.Iterations with { Dropped = 12 } }, CommissionedRun.Reported, []);
        Assert.Contains("12 visits never started", report, StringComparison.Ordinal);
        Assert.Contains("| bookings | | 172 | 30,000 |", report, StringComparison.Ordinal);
    }

    [Fact]
    public void Charts_are_images_of_the_timeline()
    {
        var charts = Charts.Of(Run(500, 100) with { Server = [new ServerSample(0, new() { ["CPU %: queue"] = 10 }), new ServerSample(1, new() { ["CPU %: queue"] = 20 })] }).ToArray();
        Assert.Contains(charts, c => c.FileName == "throughput.svg" && c.Svg.Contains("7 pay", StringComparison.Ordinal));
        Assert.Contains(charts, c => c.FileName == "server-cpu-percent.svg" && c.Svg.Contains("polyline", StringComparison.Ordinal));
    }

    [Fact]
    public void A_chart_of_hours_has_no_more_points_than_can_be_seen_and_keeps_every_peak()
    {
        var hours = Enumerable.Range(0, 10_000).Select(second => ((double)second, second == 7_777 ? 500.0 : second % 2)).ToArray();
        var drawn = SvgChart.Draw("latency", [new("7 pay", hours)]).Split("points=\"")[1].Split('"')[0].Split(' ');
        Assert.InRange(drawn.Length, 500, 1_000);
        // The highest value there is touches the upper edge.
        Assert.Single(drawn, point => point.EndsWith(",34", StringComparison.Ordinal));
    }

    private static RunResult Run(double perSecond, double p99) => new()
    {
        Profile = "load",
        Scenario = "booking",
        Users = 150,
        StartedAt = DateTimeOffset.UnixEpoch,
        Duration = TimeSpan.FromSeconds(60),
        DataSet = "small",
        Iterations = new IterationResult(30_000, 0, perSecond, 10, 50, p99, 200, 0, 0, [new OutcomeCount("booked", 30_000)]),
        Steps = [new StepResult("7 pay", 30_000, 0, perSecond, 12, 10, 20, 50, p99, 200, [])],
        Targets = [new TargetResult("fast", true)],
        Timeline = [new TimelinePoint(0, "7 pay", 500, 0, 10, 50, p99), new TimelinePoint(1, "7 pay", 500, 0, 10, 50, p99)],
    };
}
