using LoadTests.Scenarios;

namespace LoadTests.Drills;

/// <summary>Nothing breaks; more people come.</summary>
internal static class TrafficDrills
{
    private const int Times = 10;

    public static IEnumerable<Drill> All =>
    [
        new("traffic-surge", "Ten times as many people come from one moment to the next.",
            "All of them are served, or told to come back in a moment.",
            async site =>
            {
                var usual = site.Load.PerSecond;
                site.Load.PerSecond = usual * Times;
                await site.LastAsync();
                site.Load.PerSecond = usual;
            })
        {
            Unharmed = Steps.Booking,
            Whys = ["Why did more people come? For people to answer.", "Why did it hold? The line admits what the services can take."],
            Actions = new("None while answers are quick; otherwise admit fewer a second.", "Announce the openings of sales to whoever is on call.", "Scale out before a sale opens, by the length of its line."),
        },
    ];
}
