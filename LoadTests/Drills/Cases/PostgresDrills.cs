using Contracts;
using LoadTests.Scenarios;

namespace LoadTests.Drills;

/// <summary>PostgreSQL is the truth: without it nothing is sold, and that must be said quickly.</summary>
internal static class PostgresDrills
{
    private const string Truth = "Why can nothing be sold without it? It alone decides who owns a seat and whose money it is.";
    private const string Single = "Why is there one? On one machine there is one; the deployment has a standby.";
    private static readonly string[] InFront = [Steps.IssueToken, Steps.PollPosition];
    private static readonly string[] BeforePaying = Steps.Booking[..^1];

    public static IEnumerable<Drill> All =>
    [
        new("postgres-restart", "PostgreSQL is restarted.",
            "Holds and payments answer 503 for a few seconds; the line moves on; nothing that was answered is lost.",
            async site =>
            {
                site.Parts.Restart(ResourceNames.Postgres, Signal.Interrupt);
                await Task.Delay(TimeSpan.FromSeconds(1), site.Time, site.Cancel);
            })
        {
            Unharmed = InFront,
            Whys = ["Why did bookings fail? PostgreSQL was restarted.", Truth, Single],
            Actions = new("None.", "Restart in the quiet hours, after a switch to the standby.", "None."),
        },
        new("postgres-freeze", "PostgreSQL keeps its connections and answers nothing.",
            "Every call is answered within its time-out; the line moves on; nothing that was answered is lost.",
            async site => { using (site.Parts.Freeze(ResourceNames.Postgres)) await site.LastAsync(); })
        {
            Unharmed = InFront,
            Whys = ["Why did bookings fail? PostgreSQL took connections and never answered.", Truth, Single],
            Actions = new("Switch to the standby.", "Let the standby take over by itself.", "None."),
        },
        new("db-pool-exhausted", "Statements of Payment wait for a table lock, until its pool has no connection left.",
            "Payments answer 503 within seconds instead of piling up; all other steps go on.",
            async site => { await using (await DatabaseLock.TakeAsync(site.Stores.PaymentDb, "LOCK TABLE payments IN ACCESS EXCLUSIVE MODE", site.Cancel)) await site.LastAsync(); })
        {
            Unharmed = BeforePaying,
            Whys = ["Why did payments fail? All connections of the pool were in use.", "Why? Each waited for a table that somebody had locked.", "Why could somebody lock it for so long? For people to answer."],
            Actions = new("End the session that holds the lock.", "lock_timeout for whoever changes the schema.", "None."),
        },
        new("slow-query-lock", "A long transaction holds the wallets of one customer in ten.",
            "Their payments answer 503 within seconds; everybody else pays.",
            async site => { await using (await DatabaseLock.TakeAsync(site.Stores.PaymentDb, "SELECT 1 FROM wallets WHERE user_id % 10 = 0 FOR UPDATE", site.Cancel)) await site.LastAsync(); })
        {
            Unharmed = BeforePaying,
            Whys = ["Why did some payments fail? They waited for wallets that were locked.", "Why were they locked? A long transaction had touched them.", "Why was it so long? For people to answer."],
            Actions = new("End the long transaction.", "Bound every maintenance job's transactions.", "None."),
        },
    ];
}
