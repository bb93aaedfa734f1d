using System.Text;
using Confluent.Kafka;
using Contracts;
using Testing;
using Xunit;

namespace ConcertService.Tests;

/// <summary>Events as Reservation sends them, through the broker, into the answers of two replicas.</summary>
public sealed class TrackAvailabilityTests(Infrastructure infrastructure) : IAsyncLifetime
{
    private Replica _one = null!;
    private Replica _other = null!;
    private IProducer<string, byte[]> _producer = null!;

    public async ValueTask InitializeAsync()
    {
        var kafka = await infrastructure.CreateKafkaAsync();
        var database = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        _one = new(database, kafka.BootstrapServers);
        _other = new(database, kafka.BootstrapServers);
        await Task.WhenAll(Task.Run(() => _one.SeatMapAsync(1)), Task.Run(() => _other.SeatMapAsync(1)));
        _producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = kafka.BootstrapServers, LingerMs = 2 }).Build();
    }

    public async ValueTask DisposeAsync()
    {
        _producer.Dispose();
        await Task.WhenAll(_one.DisposeAsync().AsTask(), _other.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task A_seat_is_held_released_held_again_and_sold_as_the_events_say()
    {
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await SendAsync(Held(1, first, 10, 11));
        await UntilAsync(1, 11, "held");
        Assert.Equal(148, await _one.SeatsAvailableAsync(1));
        await SendAsync(Released(1, first, 10, 11));
        await UntilAsync(1, 11, "available");
        await SendAsync(Held(1, second, 11), Confirmed(1, second, 11));
        await UntilAsync(1, 11, "sold");
        Assert.Equal((149, 149), (await _one.SeatsAvailableAsync(1), await _other.SeatsAvailableAsync(1)));
    }

    [Fact]
    public async Task A_hold_told_of_when_it_is_long_over_takes_nothing()
    {
        var marker = Guid.CreateVersion7();
        await SendAsync(Held(1, Guid.CreateVersion7(), 10) with { HeldUntil = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(13) }, Confirmed(1, marker, 12));
        await UntilAsync(1, 12, "sold");

        Assert.Equal("available", (await _one.SeatMapAsync(1)).Seats[9].Status);
    }

    [Fact]
    public async Task Histories_in_any_order_and_with_doubles_end_in_what_happened_on_both_replicas()
    {
        var histories = Enumerable.Range(1, 60).ToDictionary(schedule => (long)schedule, schedule => History.Invent(new Random(schedule), steps: 20, seats: 3));
        var repeat = new Random(2);
        var events = histories.SelectMany(history => history.Value.Claims.Select(claim => Event(history.Key, claim)))
            .SelectMany(message => Enumerable.Repeat(message, repeat.Next(3) == 0 ? 2 : 1))
            .ToArray();
        new Random(1).Shuffle(events);
        // Half of the maps are read before and so patched; the others are read from the tables at the end.
        await Task.WhenAll(Enumerable.Range(1, 30).Select(schedule => _other.SeatMapAsync(schedule, CatalogueSpec.Demo.ConcertOf(schedule))));

        await SendAsync(events);

        foreach (var (schedule, history) in histories)
            foreach (var replica in new[] { _one, _other })
            {
                var expected = history.Statuses.ToArray();
                while (!expected.SequenceEqual((await replica.SeatMapAsync(schedule, CatalogueSpec.Demo.ConcertOf(schedule))).Seats.Take(3).Select(seat => seat.Status)))
                    await Task.Delay(5, TestContext.Current.CancellationToken);
            }
    }

    private Task UntilAsync(long schedule, long seat, string status) =>
        Task.WhenAll(_one.UntilAsync(schedule, seat, status), _other.UntilAsync(schedule, seat, status));

    private static object Event(long schedule, (int Seat, Guid Reservation, ClaimState State) claim)
    {
        var seat = CatalogueSpec.Demo.SeatId(schedule, claim.Seat + 1);
        return claim.State switch
        {
            ClaimState.Held => Held(schedule, claim.Reservation, seat),
            ClaimState.Released => Released(schedule, claim.Reservation, seat),
            _ => Confirmed(schedule, claim.Reservation, seat),
        };
    }

    private static ReservationHeld Held(long schedule, Guid reservation, params long[] seats) =>
        new(reservation, 7, CatalogueSpec.Demo.ConcertOf(schedule), schedule, seats, 1, 1000, TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(5));

    private static ReservationReleased Released(long schedule, Guid reservation, params long[] seats) =>
        new(reservation, 7, CatalogueSpec.Demo.ConcertOf(schedule), schedule, seats, 1, ReleaseReason.Expired);

    private static ReservationConfirmed Confirmed(long schedule, Guid reservation, params long[] seats) =>
        new(reservation, Guid.CreateVersion7(), 7, CatalogueSpec.Demo.ConcertOf(schedule), schedule, seats, 1, 1000);

    // The same object twice is the same message told twice.
    private async Task SendAsync(params object[] events)
    {
        var ids = new Dictionary<object, Guid>(ReferenceEqualityComparer.Instance);
        await Task.WhenAll(events.Select(message =>
        {
            if (!ids.TryGetValue(message, out var id))
                ids[message] = id = Guid.CreateVersion7();
            var (schedule, value) = message switch
            {
                ReservationHeld held => (held.ScheduleId, IntegrationEvents.Serialize(held)),
                ReservationReleased released => (released.ScheduleId, IntegrationEvents.Serialize(released)),
                ReservationConfirmed confirmed => (confirmed.ScheduleId, IntegrationEvents.Serialize(confirmed)),
                _ => throw new ArgumentException(message.GetType().Name, nameof(events)),
            };
            return _producer.ProduceAsync(Topics.Reservations, new()
            {
                Key = schedule.ToString(),
                Value = value,
                Headers =
                [
                    new Header(MessageHeaders.MessageId, Encoding.ASCII.GetBytes(id.ToString())),
                    new Header(MessageHeaders.MessageType, Encoding.ASCII.GetBytes(message.GetType().Name)),
                ],
            });
        }));
    }
}
