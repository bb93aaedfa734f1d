using System.Diagnostics;
using LoadTests.Booking;
using LoadTests.Measuring;

namespace LoadTests.Scenarios;

/// <summary>What every scenario of a run shares.</summary>
/// <param name="Api">The system's HTTP interface.</param>
/// <param name="Crowd">Who comes.</param>
/// <param name="Data">What there is to buy.</param>
/// <param name="Timeline">Where each step is noted.</param>
/// <param name="TracedShare">Which share of the visits the services record as traces; the others are told not to.</param>
internal sealed record RunContext(BookingApi Api, Crowd Crowd, DataSet Data, Timeline Timeline, double TracedShare)
{
    /// <summary>A customer who begins a visit: all its requests are one trace.</summary>
    public User NextVisitor(Random random)
    {
        var flags = random.NextDouble() < TracedShare ? "01" : "00";
        return Crowd.Next() with { TraceParent = $"00-{ActivityTraceId.CreateRandom()}-{ActivitySpanId.CreateRandom()}-{flags}" };
    }
}
