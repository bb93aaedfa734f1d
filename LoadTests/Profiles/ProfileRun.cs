using LoadTests.Books;
using LoadTests.Booking;
using LoadTests.Measuring;
using LoadTests.Results;
using LoadTests.Scenarios;
using LoadTests.Server;
using NBomber.Contracts;
using NBomber.Contracts.Stats;
using NBomber.CSharp;
using Npgsql;
using StackExchange.Redis;

namespace LoadTests.Profiles;

/// <summary>Runs one profile against the running system, keeps what was measured, and says whether its targets were met.</summary>
internal sealed class ProfileRun(Profile profile, ScenarioCatalogue.Entry scenario, Profile.Size size, RunOptions options)
{
    private const int Passed = 0;
    private const int Failed = 1;
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SettleAfterInterruptWithin = TimeSpan.FromSeconds(10);

    private readonly Demand[] demands = Demand.Of(profile.Targets, scenario.Name);
    private ServerSampler? sampler;
    private IReadOnlyDictionary<string, ProcessTree.Usage> usageBefore = new Dictionary<string, ProcessTree.Usage>(StringComparer.Ordinal);
    private int started;

    public async Task<int> RunAsync(CancellationToken cancel)
    {
        using var api = new BookingApi(options.System);
        if (await Readiness.FirstMissingAsync(options.System, cancel) is { } missing)
        {
            await Console.Error.WriteLineAsync($"The system is not running ({missing} does not answer). Start it with: dotnet run --project AppHost");
            return Failed;
        }
        var data = await Catalogue.DiscoverAsync(api, cancel);
        Console.WriteLine($"data set: {data}; signing users in");
        var crowd = await Crowd.SignInAsync(api, data, Math.Max(profile.Customers, size.Users), options.Seed, cancel);
        await crowd.FillWalletsAsync(api, cancel);
        var timeline = new Timeline();
        var startedAt = TimeProvider.System.GetUtcNow();
        var folder = Path.Combine(options.Reports.FullName, $"{startedAt:yyyy-MM-dd_HH.mm.ss}_{profile.Name}");

        await using var sampling = new ServerSampler(options.System, timeline);
        sampler = sampling;
        await sampling.StartAsync();
        var stats = NBomberRunner.RegisterScenarios(Describe(new RunContext(api, crowd, data, timeline, profile.TracedShare)))
            .WithTestSuite("concert").WithTestName(profile.Name).WithReportFolder(folder)
            .Run();

        var result = ResultOf.Run(profile, scenario, size, data, startedAt, stats, [.. demands.Select(d => d.Text)], timeline) with
        {
            Server = sampling.Samples,
            Costs = Costs.Between(usageBefore, sampling.Usage(), sampling.Samples, stats.AllOkCount),
            SaturatedFirst = Saturation.First(sampling.Samples, Environment.ProcessorCount),
            Books = await CheckBooksAsync(interrupted: cancel.IsCancellationRequested),
        };
        ResultFile.Write(folder, result);
        RunReport.Write(folder, result, profile.Name == AllProfiles.Original ? CommissionedRun.Reported : null);
        Console.WriteLine(Verdict.Describe(result, folder));
        return result.Passed ? Passed : Failed;
    }

    private async Task<BooksResult?> CheckBooksAsync(bool interrupted)
    {
        if (options.System.Stores is null) return null;
        try
        {
            await Settling.WaitAsync(options.System, interrupted ? SettleAfterInterruptWithin : SettleWithin, CancellationToken.None);
            await using var books = new BooksCheck(options.System);
            return await books.RunAsync(CancellationToken.None);
        }
        catch (Exception away) when (away is NpgsqlException or HttpRequestException or RedisException or TaskCanceledException)
        {
            // What was measured is worth its report, and books that nobody could read are not clean.
            return new BooksResult([$"the books could not be read: {away.Message}"], []);
        }
    }

    private ScenarioProps Describe(RunContext run)
    {
        var described = Scenario.Create(scenario.Name, context => RunOneAsync(run, context))
            .WithStatsBasedOnIterations(true)
            .WithMaxFailCount(int.MaxValue)
            .WithLoadSimulations(profile.Load(size))
            .WithThresholds([.. demands.Select(d => d.Threshold)]);
        return options.WarmUp > TimeSpan.Zero ? described.WithWarmUpDuration(options.WarmUp) : described.WithoutWarmUp();
    }

    /// <summary>The first visit that counts starts the clocks: warm-up is neither on the timeline nor in the costs.</summary>
    private Task<IResponse> RunOneAsync(RunContext run, IScenarioContext context)
    {
        if (context.ScenarioInfo.ScenarioOperation == ScenarioOperation.Bombing && Interlocked.Exchange(ref started, 1) == 0)
        {
            run.Timeline.Start();
            usageBefore = sampler!.Usage();
            sampler.Keep();
        }
        return scenario.RunAsync(run, context, profile.Manner, size.Duration);
    }
}
