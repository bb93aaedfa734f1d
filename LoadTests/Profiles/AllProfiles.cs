using LoadTests.Scenarios;
using NBomber.CSharp;

namespace LoadTests.Profiles;

/// <summary>The profiles, each with the targets that docs/load-test/plan.md explains.</summary>
internal static class AllProfiles
{
    public const string Original = "original";

    public static readonly Profile[] List =
    [
        new("smoke", "does every step work at all",
            size => [Simulation.KeepConstant(size.Users, size.Duration)],
            new Targets(IterationsPerSecond: 1, P99Ms: 500, MeanMs: 100, MostFailedPercent: 0), new Profile.Size(2, TimeSpan.FromSeconds(10))) { WarmUp = TimeSpan.FromSeconds(3), TracedShare = 1 },

        new("load", "the load of a busy sale, without think time",
            size => [Simulation.KeepConstant(size.Users, size.Duration)],
            new Targets(IterationsPerSecond: 500, P99Ms: 150, MeanMs: 50, MostFailedPercent: 0), new Profile.Size(150, TimeSpan.FromSeconds(60))),

        new("stress", "more and more users until the system no longer gets faster",
            size => [Simulation.RampingConstant(size.Users, size.Duration)],
            new Targets(IterationsPerSecond: 200, P99Ms: 2_000, MeanMs: 1_000, MostFailedPercent: 1), new Profile.Size(600, TimeSpan.FromSeconds(120))) { LooksForKnee = true },

        new("peak", "so many people at the same second, for one concert",
            size => [Simulation.IterationsForInject(size.Users, TimeSpan.FromSeconds(1), size.Users), Simulation.Pause(size.Duration)],
            new Targets(IterationsPerSecond: 0, P99Ms: 10_000, MeanMs: 10_000, MostFailedPercent: 0), new Profile.Size(100_000, TimeSpan.FromSeconds(60)))
        {
            // The point is that everybody comes at once, to a system at rest.
            WarmUp = TimeSpan.Zero,
            Scenario = ScenarioCatalogue.Stampede,
        },

        new("endurance", "so many people a second for a long time: leaks and slow growth show",
            size => [Simulation.Inject(size.Users, TimeSpan.FromSeconds(1), size.Duration)],
            new Targets(IterationsPerSecond: 199, P99Ms: 150, MeanMs: 50, MostFailedPercent: 0), new Profile.Size(200, TimeSpan.FromMinutes(60)))
        {
            // Half the seats are sold in an hour: fewer customers would run out of money.
            Customers = 100_000,
        },

        new(Original, "the commissioning report's own run: 0 → 50 → 150 → 50 → 0 users, a poll every 10 s, 1 s pause after paying",
            size => [.. new[] { size.Users / 3, size.Users, size.Users / 3, 0 }.Select(users => Simulation.RampingConstant(users, size.Duration / 4))],
            new Targets(IterationsPerSecond: 1.4, P99Ms: 200, MeanMs: 50, MostFailedPercent: 2), new Profile.Size(150, TimeSpan.FromSeconds(120)))
        {
            WarmUp = TimeSpan.FromSeconds(5),
            Manner = new BookingFlow.Manner(PollEvery: TimeSpan.FromSeconds(10), PauseAfterPaying: TimeSpan.FromSeconds(1)),
        },
    ];
}
