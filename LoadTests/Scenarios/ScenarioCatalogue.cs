using NBomber.Contracts;
using NBomber.CSharp;

namespace LoadTests.Scenarios;

/// <summary>Every scenario by its name on the command line.</summary>
internal static class ScenarioCatalogue
{
    public const string Booking = "booking";
    public const string Stampede = "stampede";

    /// <summary>Ticket prices go up to a few hundred thousand won; this is what people put on their wallets.</summary>
    private const long ChargedAmount = 10_000;

    /// <param name="Name">The name on the command line.</param>
    /// <param name="Purpose">What it shows.</param>
    /// <param name="RunAsync">One customer's visit.</param>
    internal sealed record Entry(string Name, string Purpose, Func<RunContext, IScenarioContext, BookingFlow.Manner, TimeSpan, Task<IResponse>> RunAsync);

    public static readonly Entry[] All =
    [
        new(Booking, "the seven steps, from the line to the paid seat", (run, context, manner, _) => BookingFlow.RunAsync(run, context, manner)),
        new("mixed", "mostly people who only look, some who pay with points or by card", (run, context, manner, _) => MixedAsync(run, context, manner)),
        new(Stampede, "everybody comes for one concert at once; who is admitted in time books", StampedeAsync),
        new("tokens", "tokens alone, for all concerts", (run, context, _, _) => TokensAsync(run, context, mostConcerts: int.MaxValue)),
        new("rush", "tokens alone, all of them for one concert", (run, context, _, _) => TokensAsync(run, context, mostConcerts: 1)),
        new("seat-map", "seat maps alone", (run, context, _, _) => SeatMapsAsync(run, context)),
        new("hot-seats", "everybody wants the same ten seats", (run, context, _, _) => HotSeatsAsync(run, context)),
        new("wallet", "wallets alone: charge and read", (run, context, _, _) => WalletAsync(run, context)),
        new("card", "bookings paid by card", (run, context, manner, _) => BookingFlow.RunAsync(run, context, manner with { PayByCard = 1 })),
    ];

    private static async Task<IResponse> MixedAsync(RunContext run, IScenarioContext context, BookingFlow.Manner manner)
    {
        const double onlyLook = 0.7;
        return context.Random.NextDouble() < onlyLook
            ? await LookAroundAsync(run, context)
            : await BookingFlow.RunAsync(run, context, manner with { PayByCard = 0.3 });
    }

    private static async Task<IResponse> LookAroundAsync(RunContext run, IScenarioContext context)
    {
        var customer = new Customer(run, context);
        var concertId = customer.Random.NextInt64(1, run.Data.Concerts + 1);
        var token = await customer.IssueTokenAsync(concertId);
        var pass = await customer.AwaitAdmissionAsync(token);
        await customer.ListConcertsAsync();
        if (pass is not null && await customer.ChooseScheduleAsync(concertId) is { } schedule) await customer.LookAtSeatsAsync(schedule, pass);
        await customer.LeaveLineAsync(token.Token);
        return Response.Ok(statusCode: Outcomes.OnlyLooked);
    }

    private static async Task<IResponse> StampedeAsync(RunContext run, IScenarioContext context, BookingFlow.Manner manner, TimeSpan duration)
    {
        const long theConcert = 1;
        var customer = new Customer(run, context);
        var token = await customer.IssueTokenAsync(theConcert);
        return await customer.AwaitAdmissionAsync(token, giveUpAfter: duration) is { } pass
            ? await BookingFlow.BookAsync(customer, theConcert, pass, manner, context)
            : Response.Ok(statusCode: Outcomes.StillWaiting);
    }

    private static async Task<IResponse> TokensAsync(RunContext run, IScenarioContext context, int mostConcerts)
    {
        var customer = new Customer(run, context);
        await customer.IssueTokenAsync(customer.Random.NextInt64(1, Math.Min(run.Data.Concerts, mostConcerts) + 1));
        return Response.Ok();
    }

    /// <summary>Each copy stands in line once and then reads maps until its pass ends.</summary>
    private static async Task<IResponse> SeatMapsAsync(RunContext run, IScenarioContext context)
    {
        const string admitted = "admitted";
        var customer = new Customer(run, context);
        if (!context.ScenarioInstanceData.TryGetValue(admitted, out var known))
        {
            var concertId = customer.Random.NextInt64(1, run.Data.Concerts + 1);
            var pass = await customer.AwaitAdmissionAsync(await customer.IssueTokenAsync(concertId));
            var schedule = await customer.ChooseScheduleAsync(concertId);
            if (pass is null || schedule is null) return Response.Fail(statusCode: "NotAdmitted");
            context.ScenarioInstanceData[admitted] = known = (pass, schedule.Value);
        }
        var (heldPass, scheduleId) = ((string, long))known;
        await customer.LookAtSeatsAsync(scheduleId, heldPass);
        return Response.Ok();
    }

    private static async Task<IResponse> HotSeatsAsync(RunContext run, IScenarioContext context)
    {
        const int hotSeats = 10;
        const long schedule = 1;
        const long concert = 1;
        var customer = new Customer(run, context);
        var token = await customer.IssueTokenAsync(concert);
        if (await customer.AwaitAdmissionAsync(token) is not { } pass) return Response.Fail(statusCode: "NotAdmitted");
        if (await customer.HoldAsync(schedule, pass, context.Random.NextInt64(1, hotSeats + 1)) is { } held) await customer.CancelAsync(held);
        await customer.LeaveLineAsync(token.Token);
        return Response.Ok();
    }

    private static async Task<IResponse> WalletAsync(RunContext run, IScenarioContext context)
    {
        var customer = new Customer(run, context);
        await customer.ChargeWalletAsync(ChargedAmount);
        await customer.ReadWalletAsync();
        return Response.Ok();
    }
}
