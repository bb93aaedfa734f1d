using System.Diagnostics;
using System.Text.Json;
using LoadTests.Booking;
using LoadTests.Scenarios;
using NBomber.Contracts;

namespace LoadTests.Drills;

/// <summary>
/// One customer's visit, all seven steps, without a second try: what the system does not answer well is lost, so that nothing of a
/// fault is hidden behind patience.
/// </summary>
internal sealed class Visitor(BookingApi api, Diary diary, TimeProvider time)
{
    private const int MostSeatChoices = 5;

    /// <summary>Longer than a line that lost its memory takes to form again.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    public async Task BookAsync(User user, long concert, CardDetails? card, CancellationToken cancel)
    {
        var (at, started) = (time.GetUtcNow(), Stopwatch.GetTimestamp());
        var (end, amount) = await VisitAsync(user, concert, card, cancel);
        if (!cancel.IsCancellationRequested) diary.Add(new Visit(at, Stopwatch.GetElapsedTime(started), end, amount));
    }

    private async Task<(VisitEnd End, long Amount)> VisitAsync(User user, long concert, CardDetails? card, CancellationToken cancel)
    {
        if (await AdmittedAsync(user, concert, cancel) is not { } pass) return (VisitEnd.Lost, 0);
        if (await AskAsync(Steps.ListConcerts, () => api.ListConcertsAsync(user, 1, cancel), cancel) is null) return (VisitEnd.Lost, 0);
        if (await AskAsync(Steps.ListSchedules, () => api.ListSchedulesAsync(user, concert, cancel), cancel) is not { } schedules) return (VisitEnd.Lost, 0);
        var open = ScheduleListing.WithFreeSeats(schedules.Payload.Value);
        if (open.Count == 0) return (VisitEnd.SoldOut, 0);

        var (held, soldOut) = await HoldAsync(user, pass, open[Random.Shared.Next(open.Count)], cancel);
        if (held is null) return (soldOut ? VisitEnd.SoldOut : VisitEnd.Lost, 0);
        var paid = await AskAsync(Steps.Pay, () => api.PayAsync(user, held, card, cancel), cancel, byCard: card is not null);
        return (paid?.StatusCode switch { null => VisitEnd.Lost, "Accepted" => VisitEnd.Pending, _ => VisitEnd.Booked }, held.Amount);
    }

    private async Task<string?> AdmittedAsync(User user, long concert, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = (await AskAsync(Steps.IssueToken, () => api.IssueTokenAsync(user, concert, cancel), cancel))?.Payload.Value;
        // Who is admitted claims the place with a first poll: that is what brings the pass.
        while (answer is { Pass: null, Status: "waiting" or "admitted" } place)
        {
            if (place.Status == "waiting")
            {
                var pause = TimeSpan.FromMilliseconds(place.PollAfterMs);
                if (Stopwatch.GetElapsedTime(started) + pause > LongestWait) return null;
                await Task.Delay(pause, time, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (cancel.IsCancellationRequested) return null;
            }
            answer = (await AskAsync(Steps.PollPosition, () => api.PollAsync(user, place.Token, cancel), cancel))?.Payload.Value;
        }
        return answer?.Pass;
    }

    private async Task<(ReservationAnswer? Held, bool SoldOut)> HoldAsync(User user, string pass, long schedule, CancellationToken cancel)
    {
        for (var choice = 0; choice < MostSeatChoices; choice++)
        {
            if (await AskAsync(Steps.ListSeats, () => api.ListSeatsAsync(user, schedule, pass, cancel), cancel) is not { } map) return (null, false);
            var free = SeatMap.AvailableSeats(map.Payload.Value);
            if (free.Count == 0) return (null, true);
            var seat = free[Random.Shared.Next(free.Count)];
            var held = await AskAsync(Steps.Reserve, async () => LostRace.AsOutcome(await api.ReserveAsync(user, pass, schedule, [seat], cancel)), cancel);
            if (held is null) return (null, false);
            if (held.Payload.IsSome()) return (held.Payload.Value, false);
        }
        return (null, false);
    }

    /// <summary>The answer, or null when it was an error or did not come.</summary>
    private async Task<Response<T>?> AskAsync<T>(string step, Func<Task<Response<T>>> ask, CancellationToken cancel, bool byCard = false)
    {
        var (at, started) = (time.GetUtcNow(), Stopwatch.GetTimestamp());
        try
        {
            var response = await ask();
            diary.Add(new Call(at, step, response.StatusCode, response.Message, Stopwatch.GetElapsedTime(started), response.IsError) { ByCard = byCard });
            return response.IsError ? null : response;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or JsonException)
        {
            if (!cancel.IsCancellationRequested) diary.Add(new Call(at, step, Call.None, error.Message, Stopwatch.GetElapsedTime(started), Failed: true) { ByCard = byCard });
            return null;
        }
    }
}
