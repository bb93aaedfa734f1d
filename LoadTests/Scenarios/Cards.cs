using LoadTests.Booking;

namespace LoadTests.Scenarios;

/// <summary>Card numbers whose outcome at the gateway is known beforehand.</summary>
internal static class Cards
{
    public static readonly CardDetails Good = new("4242424242424242", "12/34", "LOAD TEST");
}
