using LoadTests.Booking;
using NBomber.Contracts;

namespace LoadTests.Scenarios;

/// <summary>What one customer does, step by step; scenarios are put together from these.</summary>
internal sealed class Customer(RunContext run, IScenarioContext context, TimeSpan? pollEvery = null)
{
    private const int MostSeatChoices = 5;

    private readonly User user = run.NextVisitor(context.Random);
    private readonly CancellationToken cancel = context.ScenarioCancellationToken;

    public Random Random => context.Random;

    public async Task<TokenAnswer> IssueTokenAsync(long concertId) =>
        (await Step(Steps.IssueToken, () => run.Api.IssueTokenAsync(user, concertId, cancel))).Payload.Value;

    /// <summary>Polls when the server says so until admitted; null when the place was lost or <paramref name="giveUpAfter"/> has passed.</summary>
    public async Task<string?> AwaitAdmissionAsync(TokenAnswer answer, TimeSpan? giveUpAfter = null)
    {
        var polled = false;
        while (true)
        {
            // Somebody admitted at once still polls once: the flow has seven steps.
            if (polled || answer.Status != "admitted")
            {
                var pause = pollEvery ?? TimeSpan.FromMilliseconds(answer.PollAfterMs);
                if (run.Timeline.Elapsed + pause > (giveUpAfter ?? TimeSpan.MaxValue)) return null;
                await Task.Delay(pause, TimeProvider.System, cancel);
            }
            var token = answer.Token;
            answer = (await Step(Steps.PollPosition, () => run.Api.PollAsync(user, token, cancel))).Payload.Value;
            polled = true;
            if (answer.Status != "waiting") return answer.Pass;
        }
    }

    public Task LeaveLineAsync(string token) => Step(Steps.LeaveLine, () => run.Api.LeaveLineAsync(user, token, cancel));

    public Task ListConcertsAsync()
    {
        var page = Random.Next(1, run.Data.Concerts / 20 + 1);
        return Step(Steps.ListConcerts, () => run.Api.ListConcertsAsync(user, page, cancel));
    }

    /// <summary>A schedule with free seats, or null when the concert is sold out.</summary>
    public async Task<long?> ChooseScheduleAsync(long concertId)
    {
        var schedules = await Step(Steps.ListSchedules, () => run.Api.ListSchedulesAsync(user, concertId, cancel));
        var open = ScheduleListing.WithFreeSeats(schedules.Payload.Value);
        return open.Count == 0 ? null : open[Random.Next(open.Count)];
    }

    public async Task<List<long>> LookAtSeatsAsync(long scheduleId, string pass) =>
        SeatMap.AvailableSeats((await Step(Steps.ListSeats, () => run.Api.ListSeatsAsync(user, scheduleId, pass, cancel))).Payload.Value);

    /// <summary>Chooses a free seat and holds it; when somebody was quicker, looks at the map again, as people do.</summary>
    public async Task<ReservationAnswer?> HoldAnySeatAsync(long scheduleId, string pass)
    {
        for (var choice = 0; choice < MostSeatChoices; choice++)
        {
            var available = await LookAtSeatsAsync(scheduleId, pass);
            if (available.Count == 0) return null;
            if (await HoldAsync(scheduleId, pass, available[Random.Next(available.Count)]) is { } held) return held;
        }
        return null;
    }

    public async Task<ReservationAnswer?> HoldAsync(long scheduleId, string pass, long seatId)
    {
        var held = await Step(Steps.Reserve, async () => LostRace.AsOutcome(await run.Api.ReserveAsync(user, pass, scheduleId, [seatId], cancel)));
        return held.Payload.IsSome() ? held.Payload.Value : null;
    }

    public Task PayAsync(ReservationAnswer held, CardDetails? card) => Step(Steps.Pay, () => run.Api.PayAsync(user, held, card, cancel));

    public Task CancelAsync(ReservationAnswer held) => Step(Steps.Cancel, () => run.Api.CancelAsync(user, held.Id, cancel));

    public Task ChargeWalletAsync(long amount) => Step(Steps.ChargeWallet, () => run.Api.ChargeAsync(user, amount, cancel));

    public Task ReadWalletAsync() => Step(Steps.ReadWallet, () => run.Api.GetWalletAsync(user, cancel));

    private Task<Response<T>> Step<T>(string name, Func<Task<Response<T>>> call) => run.Timeline.RunStep(name, context, call);
}
