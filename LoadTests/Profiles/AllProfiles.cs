using LoadTests.Scenarios;
using NBomber.CSharp;

namespace LoadTests.Profiles;

/// <summary>The profiles, each with the targets that docs/load-test/plan.md explains.</summary>
internal static class AllProfiles
{
    private static readonly BookingFlow.Manner Eager = new();

    public static readonly Profile[] List =
    [
        new("smoke", "does every step work at all",
            Eager, size => [Simulation.KeepConstant(size.Users, size.Duration)],
            new Targets(BookingsPerSecond: 1, P99Ms: 500, MeanMs: 100, MostFailedPercent: 0), new Profile.Size(2, TimeSpan.FromSeconds(10))),

        new("load", "the load of a busy sale, without think time",
            Eager, size => [Simulation.KeepConstant(size.Users, size.Duration)],
            new Targets(BookingsPerSecond: 500, P99Ms: 150, MeanMs: 50, MostFailedPercent: 0), new Profile.Size(150, TimeSpan.FromSeconds(60))),

        new("stress", "more and more users until the system no longer gets faster",
            Eager, size => [Simulation.RampingConstant(size.Users, size.Duration)],
            new Targets(BookingsPerSecond: 200, P99Ms: 2_000, MeanMs: 1_000, MostFailedPercent: 1), new Profile.Size(600, TimeSpan.FromSeconds(120))),

        new("endurance", "the same load for a long time: leaks and slow growth show",
            Eager, size => [Simulation.KeepConstant(size.Users, size.Duration)],
            new Targets(BookingsPerSecond: 200, P99Ms: 150, MeanMs: 50, MostFailedPercent: 0), new Profile.Size(50, TimeSpan.FromMinutes(60))),

        new("original", "the commissioning report's own run: 0 → 50 → 150 → 50 → 0 users, a poll every 10 s, 1 s pause after paying",
            new BookingFlow.Manner(PollEvery: TimeSpan.FromSeconds(10), PauseAfterPaying: TimeSpan.FromSeconds(1)),
            size => [.. new[] { size.Users / 3, size.Users, size.Users / 3, 0 }.Select(users => Simulation.RampingConstant(users, size.Duration / 4))],
            new Targets(BookingsPerSecond: 1.4, P99Ms: 200, MeanMs: 50, MostFailedPercent: 2), new Profile.Size(150, TimeSpan.FromSeconds(120))),
    ];
}
