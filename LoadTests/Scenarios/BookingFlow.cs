using LoadTests.Booking;
using NBomber.Contracts;
using NBomber.CSharp;

namespace LoadTests.Scenarios;

/// <summary>A customer who comes to buy: the seven steps from the line to the paid seat.</summary>
internal static class BookingFlow
{
    /// <summary>How the customers of a run behave; <paramref name="PollEvery"/> null means as often as the server asks for.</summary>
    internal sealed record Manner(TimeSpan? PollEvery = null, TimeSpan PauseAfterPaying = default, double PayByCard = 0)
    {
        public static readonly Manner Eager = new();
    }

    public static async Task<IResponse> RunAsync(RunContext run, IScenarioContext context, Manner manner)
    {
        var customer = new Customer(run, context, manner.PollEvery);
        var concertId = customer.Random.NextInt64(1, run.Data.Concerts + 1);
        var token = await customer.IssueTokenAsync(concertId);
        return await customer.AwaitAdmissionAsync(token) is { } pass
            ? await BookAsync(customer, concertId, pass, manner, context)
            : Response.Fail(statusCode: "NotAdmitted", message: "the place in line was lost");
    }

    /// <summary>Steps three to seven.</summary>
    public static async Task<IResponse> BookAsync(Customer customer, long concertId, string pass, Manner manner, IScenarioContext context)
    {
        await customer.ListConcertsAsync();
        if (await customer.ChooseScheduleAsync(concertId) is not { } scheduleId || await customer.HoldAnySeatAsync(scheduleId, pass) is not { } held)
            return Response.Ok(statusCode: Outcomes.SoldOut);
        await customer.PayAsync(held, customer.Random.NextDouble() < manner.PayByCard ? Cards.Good : null);
        if (manner.PauseAfterPaying > TimeSpan.Zero) await Task.Delay(manner.PauseAfterPaying, TimeProvider.System, context.ScenarioCancellationToken);
        return Response.Ok(statusCode: Outcomes.Booked);
    }
}
