namespace LoadTests.Results;

/// <summary>What the commissioning report measured in its own run.</summary>
internal sealed record CommissionedRun(int Requests, int Bookings, double MeanMs, double P95Ms, double P99Ms)
{
    public static readonly CommissionedRun Reported = new(Requests: 2_071, Bookings: 172, MeanMs: 388, P95Ms: 1_930, P99Ms: 2_770);
}
