using LoadTests.Booking;
using NBomber.Contracts;
using NBomber.CSharp;

namespace LoadTests.Scenarios;

/// <summary>A customer who comes to buy: the seven steps from the line to the paid seat.</summary>
internal sealed class BookingFlow(BookingApi api, Crowd crowd, DataSet data, BookingFlow.Manner manner)
{
    public const string Name = "booking";
    private const int MostPolls = 10_000;
    private const int MostSeatChoices = 5;

    /// <summary>How customers behave. <paramref name="PollEvery"/> null: as often as the server asks for.</summary>
    internal sealed record Manner(TimeSpan? PollEvery = null, TimeSpan PauseAfterPaying = default, bool PayByCard = false);

    public async Task<IResponse> RunAsync(IScenarioContext context)
    {
        var cancel = context.ScenarioCancellationToken;
        var user = crowd.Next();
        var concertId = context.Random.NextInt64(1, data.Concerts + 1);

        var token = await Step.Run(Steps.IssueToken, context, () => api.IssueTokenAsync(user, concertId, cancel));
        var pass = await AwaitAdmissionAsync(context, token.Payload.Value);
        if (pass is null) return Response.Fail(statusCode: "NotAdmitted", message: "the place in line was lost");

        var page = context.Random.Next(1, Math.Max(2, data.Concerts / 20 + 1));
        await Step.Run(Steps.ListConcerts, context, () => api.ListConcertsAsync(page, cancel));
        var schedules = await Step.Run(Steps.ListSchedules, context, () => api.ListSchedulesAsync(concertId, cancel));
        var open = schedules.Payload.Value.Items.Where(s => s.SeatsAvailable > 0).ToArray();
        if (open.Length == 0) return Response.Fail(statusCode: "SoldOut", message: "no schedule of this concert has seats left");

        var scheduleId = open[context.Random.Next(open.Length)].Id;
        var held = await HoldAsync(context, user, pass, scheduleId);
        if (held is null) return Response.Fail(statusCode: "SoldOut", message: "every seat that was tried went to somebody else");

        var card = manner.PayByCard ? Cards.Good : null;
        await Step.Run(Steps.Pay, context, () => api.PayAsync(user, held, card, cancel));
        if (manner.PauseAfterPaying > TimeSpan.Zero) await Task.Delay(manner.PauseAfterPaying, TimeProvider.System, cancel);
        return Response.Ok();
    }

    /// <summary>Polls as the server asks for. A customer who was admitted at once polls once, as the flow's second step says.</summary>
    private async Task<string?> AwaitAdmissionAsync(IScenarioContext context, TokenAnswer answer)
    {
        for (var polls = 0; polls < MostPolls; polls++)
        {
            if (polls > 0 || answer.Status != "admitted")
                await Task.Delay(manner.PollEvery ?? TimeSpan.FromMilliseconds(answer.PollAfterMs), TimeProvider.System, context.ScenarioCancellationToken);
            var token = answer.Token;
            answer = (await Step.Run(Steps.AwaitAdmission, context, () => api.PollAsync(token, context.ScenarioCancellationToken))).Payload.Value;
            if (answer.Status == "admitted") return answer.Pass;
            if (answer.Status != "waiting") return null;
        }
        return null;
    }

    /// <summary>Chooses a free seat and holds it; somebody who was quicker is normal, so the customer looks at the map again.</summary>
    private async Task<ReservationAnswer?> HoldAsync(IScenarioContext context, User user, string pass, long scheduleId)
    {
        for (var choice = 0; choice < MostSeatChoices; choice++)
        {
            var map = await Step.Run(Steps.ListSeats, context, () => api.ListSeatsAsync(scheduleId, pass, context.ScenarioCancellationToken));
            var available = SeatMap.AvailableSeats(map.Payload.Value);
            if (available.Count == 0) return null;
            long[] seats = [available[context.Random.Next(available.Count)]];
            var held = await Step.Run(Steps.Reserve, context, async () =>
                LostRace.AsOutcome(await api.ReserveAsync(user, pass, scheduleId, seats, context.ScenarioCancellationToken)));
            if (held.Payload.IsSome()) return held.Payload.Value;
        }
        return null;
    }
}
