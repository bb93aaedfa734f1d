namespace Local.Dashboard.Sale;

/// <summary>All lines and seats at one moment, and how the last minutes went.</summary>
internal sealed record SaleSnapshot(IReadOnlyList<ConcertRow> Concerts, SalePace? Pace, IReadOnlyList<SalePace> History, IReadOnlyList<string> Troubles);

/// <summary>Null parts: the service that knows did not tell.</summary>
internal sealed record ConcertRow(long Id, string Title, string Artist, LineNumbers? Line, SeatNumbers? Seats)
{
    /// <summary>Something happens there.</summary>
    public bool IsBusy => Line is { Waiting: > 0 } or { Active: > 0 };
}

internal sealed record LineNumbers(long Issued, long Serving, long Waiting, long Active, long MaxActive, double AdmittedPerSecond);

internal sealed record SeatNumbers(long Left, long Total);

/// <summary>Per second, over the time between two looks.</summary>
internal sealed record SalePace(DateTimeOffset At, double Tickets, double Admissions, double Holds, double Bookings, double FailedPayments, long Waiting);
