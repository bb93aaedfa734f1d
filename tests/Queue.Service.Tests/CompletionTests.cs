using System.Text;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Contracts;
using Testing;

namespace QueueService.Tests;

/// <summary>Reservation.Service tells that seats are sold; two replicas hear it from a real broker.</summary>
public sealed class CompletionTests(Infrastructure stores)
{
    [Fact]
    public async Task A_confirmed_reservation_frees_its_place_once_however_often_it_is_told()
    {
        var redis = (await stores.RedisAsync()).ConnectionString;
        var kafka = (await stores.CreateKafkaAsync()).BootstrapServers;
        await using var queue = new Replica(redis, kafka);
        await using var other = new Replica(redis, kafka);
        _ = other.Http;
        var concert = Replica.NewConcert();
        await queue.LimitAsync(concert, new { maxActive = 1, admitPerSecond = 1_000, paused = false });
        var first = await queue.JoinedAsync(concert, 1);
        var second = await queue.JoinedAsync(concert, 2);
        var third = await queue.JoinedAsync(concert, 3);
        Assert.Equal(["admitted", "waiting", "waiting"], new[] { first, second, third }.Select(Status));

        var booked = new ReservationConfirmed(Guid.CreateVersion7(), Guid.CreateVersion7(), 1, concert, 1, [1], (long)first["ticket"]!, 50_000);
        var message = Guid.CreateVersion7();
        await PublishAsync(queue, message, booked);
        await PublishAsync(queue, message, booked);
        await UntilAsync(other, second, "admitted");
        Assert.Equal("completed", Status(await queue.CheckAsync(first)));

        // The next booking, of the same key and so behind the doubles, frees the third's place, and only the third's.
        await PublishAsync(queue, Guid.CreateVersion7(), booked with { ReservationId = Guid.CreateVersion7(), UserId = 2, Ticket = (long)second["ticket"]! });
        await UntilAsync(queue, third, "admitted");
        var line = await Replica.JsonAsync(await queue.SendAsync(HttpMethod.Get, $"/queue/lines/{concert}"));
        Assert.Equal(1, (long)line["active"]!);
    }

    private static string Status(JsonNode place) => (string)place["status"]!;

    private static async Task UntilAsync(Replica queue, JsonNode place, string status)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Status(await queue.CheckAsync(place)) != status)
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }

    private static Task<DeliveryResult<byte[], byte[]>> PublishAsync(Replica queue, Guid message, ReservationConfirmed booked) =>
        queue.Get<IProducer<byte[], byte[]>>().ProduceAsync(Topics.Reservations, new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(booked.ScheduleId.ToString()),
            Value = IntegrationEvents.Serialize(booked),
            Headers =
            [
                new Header(MessageHeaders.MessageId, Encoding.ASCII.GetBytes(message.ToString())),
                new Header(MessageHeaders.MessageType, Encoding.ASCII.GetBytes(nameof(ReservationConfirmed))),
            ],
        });
}
