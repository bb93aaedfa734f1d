namespace LoadTests.Booking;

/// <summary>A signed-in customer.</summary>
internal sealed record User(long Id, string Authorization);
