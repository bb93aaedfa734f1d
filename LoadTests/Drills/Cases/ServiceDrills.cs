using Contracts;
using LoadTests.Scenarios;

namespace LoadTests.Drills;

/// <summary>One of our own services dies, grows, or is replaced by a version that does not work.</summary>
internal static class ServiceDrills
{
    private const string Single = "Why did nobody stand in? It ran once; `Parameters:replicas=2` and the deployment run it twice.";

    private static readonly (string Service, string[] Steps)[] Services =
    [
        (ResourceNames.Queue, Steps.Booking[..2]),
        (ResourceNames.Concert, Steps.Booking[2..5]),
        (ResourceNames.Reservation, [Steps.Reserve]),
        (ResourceNames.Payment, [Steps.Pay]),
    ];

    public static IEnumerable<Drill> All =>
    [
        .. Services.Select(s => Crash(s.Service, s.Steps)),
        new("memory-leak", "Concert's memory grows until its limit, and it is killed for it.",
            "It is replaced within seconds, and bookings go on.", LeakAsync)
        {
            Unharmed = [Steps.IssueToken, Steps.PollPosition, Steps.Pay],
            Whys = ["Why was Concert killed? It passed its memory limit.", "Why did it grow? The drill made it (`POST /dev/leak`).", Single],
            Actions = new("None: it was replaced.", "Compare two heap dumps (dotnet-gcdump).", "None."),
        },
        new("bad-deploy", "A new version of Reservation is started that never becomes ready, and is taken back.",
            "The old version serves on: customers notice nothing, the new one takes neither calls nor messages, and whoever deploys is told.", DeployAsync)
        {
            Unharmed = Steps.Booking,
            Whys = ["Why was the new version taken back? It did not become ready.", "Why not? It was given the address of a database that is not there.", "Why was that not found before? For people to answer."],
            Actions = new("Roll back (the drill has).", "Check the configuration in the pipeline before the rollout.", "Let a canary with a tenth of the requests go first, and the rollout take itself back."),
        },
    ];

    private static Drill Crash(string service, string[] its) => new($"service-crash-{service}", $"The {service} service is killed.",
        "It is back within seconds, and every seat and every payment is where it was.",
        async site =>
        {
            site.Parts.Kill(service);
            await Task.Delay(TimeSpan.FromSeconds(1), site.Time, site.Cancel);
        })
    {
        Unharmed = [.. Steps.Booking.Except(its, StringComparer.Ordinal)],
        Whys = [$"Why did calls fail? The {service} service had died.", "Why? The drill killed it (SIGKILL).", Single],
        Actions = new("None: it was restarted.", "Two of each service.", "None."),
    };

    private static async Task LeakAsync(FaultSite site)
    {
        await using var leak = await Leak.BeginAsync(site.Parts, ResourceNames.Concert, site.System.Concert, site.Cancel);
        await leak.UntilKilledAsync(site.Time, site.Length, site.Cancel);
    }

    private static async Task DeployAsync(FaultSite site)
    {
        await using var version = BadVersion.Start(site.Parts, ResourceNames.Reservation, ResourceNames.ReservationDb);
        // Nobody takes a version back before hearing of it.
        await site.LastAsync(atLeast: Judgement.NoticedWithin);
        if (await version.IsReadyAsync(site.Cancel)) throw new InvalidOperationException("The bad version became ready: it is not bad enough for this drill.");
    }
}
