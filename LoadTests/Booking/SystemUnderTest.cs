using Contracts;

namespace LoadTests.Booking;

/// <summary>Where the running system is: its services, and, where it runs on this machine, its stores and processes.</summary>
internal sealed record SystemUnderTest(Uri Queue, Uri Concert, Uri Reservation, Uri Payment)
{
    /// <summary>Null when the stores cannot be reached from here: then there is no look into the books.</summary>
    public Stores? Stores { get; init; }

    public IReadOnlyList<Uri> Gateways { get; init; } = [];

    /// <summary>Resource name → processes.</summary>
    public IReadOnlyDictionary<string, int[]> Processes { get; init; } = new Dictionary<string, int[]>(StringComparer.Ordinal);

    /// <summary>The system that an endpoints file describes; null when a service has no address there.</summary>
    public static SystemUnderTest? From(EndpointsFile file) =>
        file.UrlOf(ResourceNames.Queue) is { } queue && file.UrlOf(ResourceNames.Concert) is { } concert
        && file.UrlOf(ResourceNames.Reservation) is { } reservation && file.UrlOf(ResourceNames.Payment) is { } payment
            ? new SystemUnderTest(queue, concert, reservation, payment).With(file)
            : null;

    public SystemUnderTest With(EndpointsFile file) => this with
    {
        Stores = file.Stores,
        Gateways = [.. new[] { ResourceNames.PrimaryGateway, ResourceNames.BackupGateway }.Select(file.UrlOf).OfType<Uri>()],
        Processes = file.Processes,
    };

    public IEnumerable<(string Name, Uri Address)> Services => [("queue", Queue), ("concert", Concert), ("reservation", Reservation), ("payment", Payment)];
}

internal sealed record Stores(string ConcertDb, string ReservationDb, string PaymentDb, string? Redis);
