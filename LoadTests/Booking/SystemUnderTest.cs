namespace LoadTests.Booking;

/// <summary>Where the running system is.</summary>
internal sealed record SystemUnderTest(Uri Queue, Uri Concert, Uri Reservation, Uri Payment);
