using LoadTests.Booking;
using LoadTests.Scenarios;
using NBomber.Contracts;

namespace LoadTests.Profiles;

/// <summary>A kind of load test: its load over time, how its customers behave, and what it has to reach.</summary>
internal sealed record Profile(string Name, string Purpose, BookingFlow.Manner Manner, Func<Profile.Size, LoadSimulation[]> Load, Targets Targets, Profile.Size DefaultSize)
{
    /// <summary>What the command line may change.</summary>
    internal sealed record Size(int Users, TimeSpan Duration);
}

/// <summary>The expected values; a run that misses one fails.</summary>
internal sealed record Targets(double BookingsPerSecond, double P99Ms, double MeanMs, double MostFailedPercent);
