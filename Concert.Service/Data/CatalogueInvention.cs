namespace ConcertService;

/// <summary>Invents concerts, dates and halls; all of it follows from the seed.</summary>
public sealed class CatalogueInvention(CatalogueSpec spec, DateOnly firstDay)
{
    private static readonly TimeSpan Korea = TimeSpan.FromHours(9);

    private static readonly string[] Artists =
    [
        "Mina Seo", "The Paper Lanterns", "Hwan & The Tides", "Night Ferry", "Yoon Ha-rin", "Glass Orchard", "Kite Season", "Baek Trio",
        "Lumen Choir", "Han River Strings", "Seven Foxes", "Dain Moon", "Slow Comet", "Jeju Brass Company", "The Velvet Abacus",
        "Park Ji-an Quartet", "Saltwater Radio", "Coral Parade", "Eun & Oak", "Quiet Machines", "Northern Persimmon", "Blue Hour Society",
    ];

    private static readonly string[] Titles =
    [
        "Letters to Autumn", "One Night, No Encore", "The Long Way Home", "Electric Garden", "Songs for a Small Planet", "Midnight Ferry",
        "First Snow", "A Thousand Lanterns", "Unplugged by the River", "Ten Years Loud", "Tidal", "Echoes of Spring", "The Homecoming Tour",
        "Afterglow", "Between Two Rains", "Paper Moon Sessions", "Golden Hour", "Northbound",
    ];

    private static readonly string[] Venues =
    [
        "Hangang Dome, Seoul", "Seonyudo Hall, Seoul", "Namsan Amphitheatre, Seoul", "Haeundae Arena, Busan", "Gwangalli Opera House, Busan",
        "Mudeung Hall, Gwangju", "Expo Concert Hall, Daejeon", "Songdo Convensia Stage, Incheon", "Suseong Lakeside Theatre, Daegu",
    ];

    private static readonly (string Section, string Grade, int Share, int Price)[] Blocks =
    [
        ("Floor", "VIP", 10, 187_000), ("1F", "R", 20, 154_000), ("2F", "S", 30, 121_000), ("3F", "A", 40, 88_000),
    ];

    public string Title(long concert) => Pick(Titles, concert, 7);

    public string Artist(long concert) => Pick(Artists, concert, 5);

    public string Venue(long concert) => Pick(Venues, concert, 4);

    /// <summary>A matinee and an evening each day of the run.</summary>
    public DateTimeOffset StartsAt(long schedule)
    {
        var concert = spec.ConcertOf(schedule);
        var nth = (int)(schedule - FirstScheduleOf(concert));
        var day = firstDay.AddDays((int)((concert + spec.Seed) * 3 % 90) + (nth / 2));
        return new DateTimeOffset(day, nth % 2 == 0 ? new TimeOnly(14, 0) : new TimeOnly(19, 30), Korea).ToUniversalTime();
    }

    public long FirstScheduleOf(long concert) => (((concert - 1) * spec.Schedules) + spec.Concerts - 1) / spec.Concerts + 1;

    /// <summary>The seats of a schedule of that concert, in the order of their ids: VIP on the floor, the cheapest at the top.</summary>
    public SeatFace[] Seats(long concert)
    {
        var dearer = (concert + spec.Seed) % 5 * 11_000;
        var width = Math.Max(15, (int)Math.Sqrt(spec.SeatsPerSchedule));
        var seats = new SeatFace[spec.SeatsPerSchedule];
        var (from, share) = (0, 0);
        foreach (var (section, grade, percent, price) in Blocks)
        {
            share += percent;
            var to = (int)((long)spec.SeatsPerSchedule * share / 100);
            for (var n = from; n < to; n++)
                seats[n] = new(section, (short)(((n - from) / width) + 1), (short)(((n - from) % width) + 1), grade, price + dearer);
            from = to;
        }

        return seats;
    }

    private string Pick(string[] from, long concert, int stride) => from[(int)((concert + spec.Seed) * stride % from.Length)];
}
