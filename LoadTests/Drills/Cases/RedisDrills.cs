using Contracts;
using LoadTests.Scenarios;

namespace LoadTests.Drills;

/// <summary>Redis holds the line and the caches; it is not the truth about seats and money.</summary>
internal static class RedisDrills
{
    private const string OnlyStore = "Why can nobody join the line? Its state is in Redis alone: a fair order needs one place that counts.";
    private const string Single = "Why is there no second Redis? On one machine there is one; the deployment has a replica and Sentinel to put in its place.";

    /// <summary>Whoever has been admitted goes on: a pass is checked by its signature, and the database decides about seats.</summary>
    private static readonly string[] BehindTheLine = [Steps.ListConcerts, Steps.ListSchedules, Steps.ListSeats, Steps.Reserve, Steps.Pay];

    public static IEnumerable<Drill> All =>
    [
        new("redis-kill", "Redis is killed, and killed again whenever it is back.",
            "The line answers 503 with Retry-After at once; who is past the line books on.",
            site => site.WhileAsync(over => site.Parts.KeepDownAsync(ResourceNames.Redis, over)))
        {
            Unharmed = BehindTheLine,
            Whys = ["Why could nobody join the line? Redis crashed again and again.", OnlyStore, Single],
            Actions = new("Pages tell people to wait, and ask again when Retry-After says so.", "Run Redis with a replica and Sentinel.", "A line per shard, so that one Redis is one part of the sale."),
        },
        new("redis-flush", "All that Redis knows is gone, while it goes on serving.",
            "Lines form again from the tickets that people show; who is past the line books on.",
            async site => await site.Parts.EmptyRedisAsync())
        {
            Unharmed = BehindTheLine,
            Whys = ["Why did the lines start anew? Somebody emptied Redis.", "Why could somebody? The services' own account may.", "Why did nobody lose a place? Tickets are signed, and carry the number."],
            Actions = new("None.", "Take FLUSHALL away from the services' account.", "None."),
        },
        new("redis-freeze", "Redis keeps its connections and answers nothing.",
            "Calls to it end after half a second and then at once; who is past the line books on.",
            async site => { using (site.Parts.Freeze(ResourceNames.Redis)) await site.LastAsync(); })
        {
            Unharmed = BehindTheLine,
            Whys = ["Why could nobody join the line? Redis took connections and never answered.", OnlyStore, Single],
            Actions = new("Fail over to the replica by hand.", "Let Sentinel judge by answers, not by connections.", "A line per shard, so that one Redis is one part of the sale."),
        },
    ];
}
