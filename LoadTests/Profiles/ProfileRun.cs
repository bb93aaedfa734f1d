using LoadTests.Booking;
using LoadTests.Scenarios;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;

namespace LoadTests.Profiles;

/// <summary>Runs one profile against the running system and says whether its targets were met.</summary>
internal sealed class ProfileRun(Profile profile, Profile.Size size, SystemUnderTest system, int seed, DirectoryInfo reports)
{
    private const int Passed = 0;
    private const int Failed = 1;
    private const int SignedInUsers = 10_000;

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        using var api = new BookingApi(system);
        if (await Readiness.FirstMissingAsync(system, cancel) is { } missing)
        {
            await Console.Error.WriteLineAsync($"The system is not running ({missing} does not answer). Start it with: dotnet run --project AppHost");
            return Failed;
        }
        var data = await Catalogue.DiscoverAsync(api, cancel);
        var crowd = await Crowd.SignInAsync(api, data, SignedInUsers, seed, cancel);
        var stats = NBomberRunner.RegisterScenarios(ScenarioFor(new BookingFlow(api, crowd, data, profile.Manner)))
            .WithTestSuite("concert").WithTestName(profile.Name)
            .WithReportFolder(Path.Combine(reports.FullName, $"{TimeProvider.System.GetUtcNow():yyyy-MM-dd_HH.mm.ss}_{profile.Name}"))
            .Run();
        Console.WriteLine(Verdict.Describe(profile, stats));
        return stats.Thresholds.Any(t => t.IsFailed) ? Failed : Passed;
    }

    private ScenarioProps ScenarioFor(BookingFlow flow)
    {
        var targets = profile.Targets;
        Threshold[] whole =
        [
            Threshold.Create(stats => stats.Ok.Request.RPS >= targets.BookingsPerSecond),
            Threshold.Create(stats => stats.Fail.Request.Count <= stats.AllRequestCount * targets.MostFailedPercent / 100),
        ];
        var steps = Steps.All.Select(step => Threshold.Create(step, stats => stats.Ok.Latency.Percent99 <= targets.P99Ms && stats.Ok.Latency.MeanMs <= targets.MeanMs));
        return Scenario.Create(BookingFlow.Name, flow.RunAsync)
            .WithWarmUpDuration(TimeSpan.FromSeconds(5))
            .WithStatsBasedOnIterations(true)
            .WithMaxFailCount(int.MaxValue)
            .WithLoadSimulations(profile.Load(size))
            .WithThresholds([.. whole, .. steps]);
    }
}
