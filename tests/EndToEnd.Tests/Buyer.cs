using System.Net.Http.Json;
using System.Text.Json;
using LoadTests.Booking;
using LoadTests.Scenarios;

namespace EndToEnd.Tests;

/// <summary>One person who has been admitted, and what becomes of their seat and money.</summary>
internal sealed class Buyer(BookingApi api, HttpClient payments, User user, string pass)
{
    public const long Concert = 20;
    private const long Schedule = Concert * 10;

    public long UserId => user.Id;

    public string Pass => pass;

    /// <summary>Null when somebody else has the seat.</summary>
    public async Task<ReservationAnswer?> HoldAsync(long seat)
    {
        var answer = LostRace.AsOutcome(await api.ReserveAsync(user, pass, Schedule, [seat], CancellationToken.None));
        Assert.False(answer.IsError, answer.Message);
        return answer.Payload.IsSome() ? answer.Payload.Value : null;
    }

    public async Task<ReservationAnswer> HoldAnyAsync()
    {
        var map = await api.ListSeatsAsync(user, Schedule, pass, CancellationToken.None);
        foreach (var seat in SeatMap.AvailableSeats(map.Payload.Value))
        {
            if (await HoldAsync(seat) is { } held)
            {
                Seat = seat;
                return held;
            }
        }
        throw new InvalidOperationException("The schedule is sold out.");
    }

    /// <summary>The seat that <see cref="HoldAnyAsync"/> found.</summary>
    public long Seat { get; private set; }

    public async Task<Payment> PayAsync(ReservationAnswer held, CardDetails? card = null)
    {
        var answer = await api.PayAsync(user, held, card, CancellationToken.None);
        Assert.False(answer.IsError, answer.Message);
        return JsonSerializer.Deserialize<Payment>(answer.Payload.Value, JsonSerializerOptions.Web)!;
    }

    public Task<Payment> LookUpAsync(Payment payment) => GetAsync<Payment>($"api/v1/payments/{payment.Id}");

    public async Task<long> BalanceAsync() => (await GetAsync<Wallet>("api/v1/wallet")).Balance;

    private async Task<T> GetAsync<T>(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", user.Authorization);
        using var answer = await payments.SendAsync(request);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<T>())!;
    }

    internal sealed record Payment(Guid Id, string Status);

    private sealed record Wallet(long Balance);
}
