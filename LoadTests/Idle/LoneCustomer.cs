using LoadTests.Booking;
using NBomber.Contracts;

namespace LoadTests.Idle;

/// <summary>Books one seat after the other, nobody else being there, and looks when Concert.Service shows the seat as taken.</summary>
internal sealed class LoneCustomer(BookingApi api, DataSet data, TimeProvider time)
{
    /// <summary>Until .NET has compiled a second time, on both sides, what is called often.</summary>
    private const int WarmUp = 100;
    private const long PutOnWallet = 500_000;

    /// <summary>What follows a payment and a charge in the other services is over by then: the system is at rest when it is asked.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan EffectWithin = TimeSpan.FromSeconds(10);

    private readonly Wait token = new("token", 2);
    private readonly Wait seats = new("seats", 3);
    private readonly Wait hold = new("hold", 5);
    private readonly Wait pay = new("points payment", 5);
    private readonly Wait effect = new("commit to consumer effect", 20);

    public async Task<IReadOnlyList<Wait>> BookAsync(int bookings, CancellationToken cancel)
    {
        var crowd = await Crowd.SignInAsync(api, data, WarmUp + bookings, seed: Random.Shared.Next(), cancel);
        for (var i = 0; i < WarmUp + bookings; i++)
            await BookAsync(crowd.Next(), concert: 1 + (i % data.Concerts), counts: i >= WarmUp, cancel);
        return [token, seats, hold, pay, effect];
    }

    private async Task BookAsync(User user, long concert, bool counts, CancellationToken cancel)
    {
        await api.ChargeAsync(user, PutOnWallet, cancel);
        if (counts)
            await Task.Delay(Rest, time, cancel);
        var place = await AskAsync(token, counts, () => api.IssueTokenAsync(user, concert, cancel));
        while (place.Pass is null)
            place = Answer(await api.PollAsync(user, place.Token, cancel));

        var schedule = await OpenScheduleAsync(user, concert, cancel);
        var free = SeatMap.AvailableSeats(await AskAsync(seats, counts, () => api.ListSeatsAsync(user, schedule, place.Pass, cancel)));
        var seat = free[Random.Shared.Next(free.Count)];
        var held = await AskAsync(hold, counts, () => api.ReserveAsync(user, place.Pass, schedule, [seat], cancel));
        var committed = time.GetTimestamp();
        // The answer comes after the commit, so the wait is seen a little too short; each look makes it up by what it takes itself.
        while (SeatMap.AvailableSeats(Answer(await api.ListSeatsAsync(user, schedule, place.Pass, cancel))).Contains(seat))
        {
            if (time.GetElapsedTime(committed) > EffectWithin)
                throw new RefusedException($"Concert.Service has not heard of the hold of seat {seat} for {EffectWithin}.");
        }
        if (counts)
            effect.Add(time.GetElapsedTime(committed));
        await AskAsync(pay, counts, () => api.PayAsync(user, held, card: null, cancel));
    }

    private async Task<long> OpenScheduleAsync(User user, long concert, CancellationToken cancel)
    {
        var open = ScheduleListing.WithFreeSeats(Answer(await api.ListSchedulesAsync(user, concert, cancel)));
        return open.Count > 0 ? open[0] : throw new RefusedException($"Concert {concert} is sold out: start the AppHost with --reset.");
    }

    private async Task<T> AskAsync<T>(Wait wait, bool counts, Func<Task<Response<T>>> ask)
    {
        var asked = time.GetTimestamp();
        var answer = await ask();
        if (counts)
            wait.Add(time.GetElapsedTime(asked));
        return Answer(answer);
    }

    private static T Answer<T>(Response<T> answer) =>
        answer.IsError ? throw new RefusedException($"The system refuses: {answer.StatusCode} {answer.Message}. Start the AppHost with --reset for a fresh one.") : answer.Payload.Value;
}
