using LoadTests.Scenarios;
using NBomber.Contracts;

namespace LoadTests.Profiles;

/// <summary>A kind of load test: its load over time, how its customers behave, and what it has to reach.</summary>
internal sealed record Profile(string Name, string Purpose, Func<Profile.Size, LoadSimulation[]> Load, Targets Targets, Profile.Size DefaultSize)
{
    public string Scenario { get; init; } = ScenarioCatalogue.Booking;

    public BookingFlow.Manner Manner { get; init; } = BookingFlow.Manner.Eager;

    /// <summary>A run that ramps looks for the point where more users stop bringing more bookings.</summary>
    public bool LooksForKnee { get; init; }

    /// <summary>Not counted: services that just started compile and fill their caches first. Zero: the first visit counts.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Which share of the visits leaves traces.</summary>
    public double TracedShare { get; init; } = 0.01;

    /// <summary>How many people take turns.</summary>
    public int Customers { get; init; } = 10_000;

    /// <summary>What the command line may change.</summary>
    internal sealed record Size(int Users, TimeSpan Duration);
}

/// <summary>The expected values; a run that misses one fails.</summary>
internal sealed record Targets(double IterationsPerSecond, double P99Ms, double MeanMs, double MostFailedPercent);
