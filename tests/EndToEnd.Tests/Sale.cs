using LoadTests.Booking;
using LoadTests.Books;
using LoadTests.Drills;

namespace EndToEnd.Tests;

/// <summary>A sale on the running system, with what is needed to disturb it and to judge it.</summary>
public sealed class Sale(RunningSystem system) : IAsyncLifetime
{
    private const int Customers = 400;
    private const double ArrivingPerSecond = 8;
    // Far above what starting everything again takes where little of the processor is left.
    private static readonly TimeSpan HealedWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    private BookingApi? _api;
    private HttpClient? _payments;
    private Crowd? _crowd;

    internal RunningParts Parts { get; } = new(system.State, TimeProvider.System);

    internal SystemUnderTest Addresses => SystemUnderTest.From(Parts.Now)!;

    public async ValueTask InitializeAsync()
    {
        _api = new BookingApi(Addresses);
        _payments = system.Client(Contracts.ResourceNames.Payment);
        _crowd = await Crowd.SignInAsync(_api, DataSet.Demo, Customers, seed: 1, CancellationToken.None);
    }

    public ValueTask DisposeAsync()
    {
        _api?.Dispose();
        _payments?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Customers come from now on; returns when the first bookings are made.</summary>
    internal async Task<SteadyLoad> OpenAsync()
    {
        var load = new SteadyLoad(_api!, _crowd!, DataSet.Demo, ArrivingPerSecond, TimeProvider.System);
        await SellsAsync(load);
        return load;
    }

    /// <summary>Somebody who has been admitted to <see cref="Buyer.Concert"/>.</summary>
    internal async Task<Buyer> BuyerAsync()
    {
        var user = _crowd!.Next();
        var ticket = (await _api!.IssueTokenAsync(user, Buyer.Concert, CancellationToken.None)).Payload.Value;
        await EventuallyAsync(
            async () => (ticket = (await _api.PollAsync(user, ticket.Token, CancellationToken.None)).Payload.Value).Pass is not null,
            () => "Nobody is admitted.");
        return new Buyer(_api, _payments!, user, ticket.Pass!);
    }

    /// <summary>Waits until people who arrived after this moment book, one after the other.</summary>
    internal static Task SellsAsync(SteadyLoad load)
    {
        const int bookings = 8;
        var since = TimeProvider.System.GetUtcNow();
        return EventuallyAsync(
            () => Task.FromResult(load.Diary.Visits.Count(v => v.At >= since && v.End == VisitEnd.Booked) >= bookings),
            () => $"People cannot book:\n{string.Join('\n', load.Diary.Calls.TakeLast(12))}\n{string.Join('\n', load.Diary.Visits.TakeLast(8))}");
    }

    /// <summary>Waits until seats, money, messages and gateways agree.</summary>
    internal async Task BooksAgreeAsync()
    {
        string[] findings = [];
        await EventuallyAsync(
            async () => (findings = await FindingsAsync()).Length == 0,
            () => $"The books do not agree:\n{string.Join('\n', findings)}");
    }

    internal static async Task EventuallyAsync(Func<Task<bool>> condition, Func<string> otherwise)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await HoldsAsync(condition))
        {
            if (TimeProvider.System.GetElapsedTime(began) > HealedWithin)
                throw new InvalidOperationException(otherwise());
            await Task.Delay(LookEvery, TimeProvider.System);
        }
    }

    // What is down at this look may be up at the next.
    private static async Task<bool> HoldsAsync(Func<Task<bool>> condition)
    {
        try
        {
            return await condition();
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<string[]> FindingsAsync()
    {
        await using var books = new BooksCheck(Addresses);
        try
        {
            return (await books.RunAsync(CancellationToken.None)).Findings;
        }
        catch (Exception e) when (e is HttpRequestException or Npgsql.NpgsqlException or OperationCanceledException)
        {
            return [$"They cannot be read: {e.Message}"];
        }
    }
}
