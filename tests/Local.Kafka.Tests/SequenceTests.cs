using Local.Kafka.Protocol;

namespace Local.Kafka.Tests;

/// <summary>What an idempotent producer hears, also from a broker that was restarted in between.</summary>
public sealed class SequenceTests
{
    private const string Topic = "sequence";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Duplicates_and_gaps_are_known_after_a_restart(bool killed)
    {
        using var directory = new TemporaryDirectory();
        await using (var broker = await BrokerProcess.StartAsync(directory.Path, more: ["--partitions", "1"]))
        {
            using var before = new RawClient(broker.Servers);
            await before.CreateTopicAsync(Topic);
            for (var sequence = 0; sequence < 7; sequence++) Assert.Equal((ErrorCode.None, sequence), await before.ProduceAsync(Topic, Batch(sequence)));
            if (killed) await broker.KillAsync();
            else await broker.StopAsync();
        }
        await using var again = new KafkaServer(BrokerFixture.Options(directory.Path));
        await again.StartAsync();
        using var client = new RawClient(again.BootstrapServers);
        Assert.Equal((ErrorCode.None, 6L), await client.ProduceAsync(Topic, Batch(6)));
        Assert.Equal((ErrorCode.None, 2L), await client.ProduceAsync(Topic, Batch(2))); // the oldest of the last five
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, (await client.ProduceAsync(Topic, Batch(1))).Error);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, (await client.ProduceAsync(Topic, Batch(8))).Error);
        Assert.Equal(ErrorCode.InvalidProducerEpoch, (await client.ProduceAsync(Topic, Batch(7, epoch: 0))).Error);
        Assert.Equal((ErrorCode.None, 7L), await client.ProduceAsync(Topic, Batch(7)));
    }

    [Fact]
    public async Task Every_kind_of_acknowledgement_is_answered_as_it_should_be()
    {
        using var directory = new TemporaryDirectory();
        await using var server = new KafkaServer(BrokerFixture.Options(directory.Path) with { DefaultPartitions = 1 });
        await server.StartAsync();
        using var client = new RawClient(server.BootstrapServers);
        await client.CreateTopicAsync(Topic);
        Assert.Equal((ErrorCode.None, 0L), await client.ProduceAsync(Topic, Batches.Of(1, 10, timestamp: 1), acks: -1));
        Assert.Equal((ErrorCode.None, 1L), await client.ProduceAsync(Topic, Batches.Of(1, 10, timestamp: 1), acks: 1));
        Assert.Equal(ErrorCode.InvalidRequiredAcks, (await client.ProduceAsync(Topic, Batches.Of(1, 10, timestamp: 1), acks: 2)).Error);
        await client.SendAsync(RawProducer.ProduceRequest(Topic, Batches.Of(1, 10, timestamp: 1), acks: 0)); // stored, and not answered:
        Assert.Equal((ErrorCode.None, 3L), await client.ProduceAsync(Topic, Batches.Of(1, 10, timestamp: 1))); // the next answer is the next request's
        await client.SendAsync(RawProducer.ProduceRequest("no-such-topic", Batches.Of(1, 10, timestamp: 1), acks: 0));
        Assert.True(await client.IsClosedByServerAsync()); // the only way to tell
    }

    private static byte[] Batch(int sequence, short epoch = 1) => Batches.Of(1, 10, timestamp: TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), producerId: 5, epoch, sequence);
}
