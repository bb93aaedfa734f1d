namespace ConcertService;

/// <summary>How large a data set is, and which one of that size: the same numbers give the same catalogue.</summary>
public sealed record CatalogueSpec(int Concerts, int Schedules, int SeatsPerSchedule, int Seed = 1)
{
    /// <summary>20 concerts, 200 schedules, 30,000 seats.</summary>
    public static readonly CatalogueSpec Demo = new(20, 200, 150);

    /// <summary>100 concerts, 10,000 schedules, 1,500,000 seats.</summary>
    public static readonly CatalogueSpec Production = new(100, 10_000, 150);

    /// <summary>Schedules are dealt to concerts in order, as evenly as it goes.</summary>
    public long ConcertOf(long schedule) => ((schedule - 1) * Concerts / Schedules) + 1;

    public long SeatId(long schedule, int seat) => ((schedule - 1) * SeatsPerSchedule) + seat;
}
