using LoadTests.Scenarios;

namespace LoadTests.Drills;

/// <summary>The outside world's card gateway misbehaves; there is a second one.</summary>
internal static class GatewayDrills
{
    private const int TenSeconds = 10_000;
    private const string WeDependOnIt = "Why does that reach customers? One payment in three is by card, and somebody else decides about it.";
    private const string WeAsked = "Why do we wait for it? An approval whose answer is missing may have taken the money: asking elsewhere could charge twice.";

    public static IEnumerable<Drill> All =>
    [
        new("gateway-slow", "The primary card gateway takes 10 s for every call.",
            "Payments with points go on as before; the circuit opens, cards go to the backup, and what is undecided stays pending with its seat.",
            site => MisbehaveAsync(site, new GatewayFaults(LatencyMs: TenSeconds)))
        {
            Unharmed = Steps.Booking,
            LeavesPointsAlone = true,
            Whys = ["Why were card payments slow? The primary gateway answered after 10 s.", WeDependOnIt, WeAsked],
            Actions = new("Watch the pending payments until the reconciler has settled them.", "Agree with the gateway on a time-out that both sides keep.", "Route by the gateways' measured speed, not only by their failure."),
        },
        new("gateway-down", "The primary card gateway refuses every call.",
            "Cards are paid through the backup; hardly anybody notices.",
            site => MisbehaveAsync(site, new GatewayFaults(Down: true)))
        {
            Unharmed = Steps.Booking,
            LeavesPointsAlone = true,
            Whys = ["Why did the circuit open? The primary gateway refused every call.", WeDependOnIt],
            Actions = new("None: the backup served.", "Check that the backup's contract covers the whole load.", "A third gateway, when one of two is down for long."),
        },
        new("gateway-drops-after-approval", "The primary card gateway takes the money and hangs up before it answers.",
            "No card is charged twice: the outcome is asked for by our key, and every payment ends completed or failed within a minute.",
            site => MisbehaveAsync(site, new GatewayFaults(DropAfterApprovalRate: 1)))
        {
            Unharmed = Steps.Booking,
            LeavesPointsAlone = true,
            Whys = ["Why were payments pending? The gateway approved and the connection broke before the answer.", WeDependOnIt, WeAsked],
            Actions = new("Compare the gateway's books with ours (the drill has).", "Ask the gateway for a webhook about its approvals.", "None."),
        },
    ];

    private static async Task MisbehaveAsync(FaultSite site, GatewayFaults faults)
    {
        await faults.ApplyAsync(site.PrimaryGateway, site.Cancel);
        try
        {
            await site.LastAsync();
        }
        finally
        {
            await GatewayFaults.None.ApplyAsync(site.PrimaryGateway, CancellationToken.None);
        }
    }
}
