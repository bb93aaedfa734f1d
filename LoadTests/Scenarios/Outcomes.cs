namespace LoadTests.Scenarios;

/// <summary>How a customer's visit can end without anything being wrong.</summary>
internal static class Outcomes
{
    public const string Booked = "booked";
    public const string SoldOut = "sold out";
    public const string StillWaiting = "still waiting";
    public const string OnlyLooked = "only looked";
}
