namespace LoadTests.Booking;

/// <summary>Where the running system is: its services, and, where it runs on this machine, its stores and processes.</summary>
internal sealed record SystemUnderTest(Uri Queue, Uri Concert, Uri Reservation, Uri Payment)
{
    /// <summary>Null when the stores cannot be reached from here: then there is no look into the books.</summary>
    public Stores? Stores { get; init; }

    public IReadOnlyList<Uri> Gateways { get; init; } = [];

    /// <summary>Resource name → processes.</summary>
    public IReadOnlyDictionary<string, int[]> Processes { get; init; } = new Dictionary<string, int[]>(StringComparer.Ordinal);

    public IEnumerable<(string Name, Uri Address)> Services => [("queue", Queue), ("concert", Concert), ("reservation", Reservation), ("payment", Payment)];
}

internal sealed record Stores(string ConcertDb, string ReservationDb, string PaymentDb, string? Redis);
