using Local.Kafka.Log;
using Local.Kafka.Protocol;
using Testing;

namespace Local.Kafka.Tests;

/// <summary>How long a fetch waits, and how much it brings.</summary>
public sealed class FetchTests
{
    private const string Topic = "fetched";
    private const int Much = 1 << 20;

    /// <summary>Of the batches that these tests send.</summary>
    private const int BatchSize = RecordBatch.HeaderSize + 939;

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_fetch_waits_until_enough_has_come_to_any_of_its_partitions()
    {
        await using var broker = await Broker.StartAsync(TimeProvider.System);
        using var reader = new RawClient(broker.Servers);
        var answer = FetchAsync(reader, minBytes: 2 * BatchSize, Much, [Much, Much]);
        await broker.ProduceAsync(0);
        await broker.ProduceAsync(0); // not before the second one
        Assert.Equal(new[] { 2, 0 }, await answer);
        var other = FetchAsync(reader, minBytes: 2 * BatchSize + 1, Much, [Much, Much]);
        await broker.ProduceAsync(1);
        Assert.Equal(new[] { 2, 1 }, await other);
    }

    [Fact]
    public async Task A_fetch_that_waits_in_vain_is_answered_with_what_there_is()
    {
        var time = new ManualTime();
        await using var broker = await Broker.StartAsync(time);
        await broker.ProduceAsync(0);
        using var reader = new RawClient(broker.Servers);
        using var bystander = new RawClient(broker.Servers);
        await reader.SendAsync(FetchRequest(minBytes: Much, Much, [Much, Much]));
        for (var asked = 0; asked < 100; asked++) await bystander.AskAsync(ApiKey.ApiVersions, 0, _ => { });
        Assert.False(reader.HasAnswer);
        while (!reader.HasAnswer)
        {
            time.Advance(Wait); // again, should the fetch not have begun to wait
            await bystander.AskAsync(ApiKey.ApiVersions, 0, _ => { });
        }
        var received = await reader.ReceiveAsync();
        Assert.Equal([1, 0], Batches(received, skip: sizeof(int)));
    }

    [Theory]
    [InlineData(Much, Much, 3, 3)]
    [InlineData(4 * BatchSize, Much, 3, 1)] // of all together
    [InlineData(Much, 2 * BatchSize, 2, 2)] // of each
    [InlineData(1, 1, 1, 0)] // one batch always, or the reader would not get on
    public async Task A_fetch_brings_no_more_than_it_may(int maxBytes, int partitionMaxBytes, int first, int second)
    {
        await using var broker = await Broker.StartAsync(TimeProvider.System);
        for (var i = 0; i < 6; i++) await broker.ProduceAsync(i % 2);
        using var reader = new RawClient(broker.Servers);
        Assert.Equal(new[] { first, second }, await FetchAsync(reader, minBytes: 1, maxBytes, [partitionMaxBytes, partitionMaxBytes]));
    }

    private static async Task<int[]> FetchAsync(RawClient client, int minBytes, int maxBytes, int[] partitionMaxBytes)
    {
        await client.SendAsync(FetchRequest(minBytes, maxBytes, partitionMaxBytes));
        return Batches(await client.ReceiveAsync(), skip: sizeof(int));
    }

    private static byte[] FetchRequest(int minBytes, int maxBytes, int[] partitionMaxBytes) => RawClient.Request(ApiKey.Fetch, 4, correlation: 0, w =>
    {
        w.Int32(-1); // no replica
        w.Int32((int)Wait.TotalMilliseconds);
        w.Int32(minBytes);
        w.Int32(maxBytes);
        w.Int8(0);
        w.Structs([Topic], (w, topic) =>
        {
            w.String(topic);
            w.Structs([.. partitionMaxBytes.Index()], static (w, partition) =>
            {
                w.Int32(partition.Index);
                w.Int64(0); // from the start
                w.Int32(partition.Item);
            });
        });
    });

    /// <summary>How many whole batches came of each partition.</summary>
    private static int[] Batches(byte[] answer, int skip)
    {
        var reader = new WireReader(answer.AsMemory(skip));
        reader.Int32(); // throttle time
        return reader.Array(static (ref WireReader topic) =>
        {
            topic.String();
            return topic.Array(static (ref WireReader p) =>
            {
                p.Int32();
                Assert.Equal(ErrorCode.None, (ErrorCode)p.Int16());
                p.Int64();
                p.Int64();
                p.NullableArray(static (ref WireReader _) => 0);
                return (p.NullableBytes()?.Length ?? 0) / BatchSize;
            });
        })[0];
    }

    private sealed class Broker(KafkaServer server, TemporaryDirectory directory, RawClient producer) : IAsyncDisposable
    {
        public string Servers => server.BootstrapServers;

        public static async Task<Broker> StartAsync(TimeProvider time)
        {
            var directory = new TemporaryDirectory();
            var server = new KafkaServer(BrokerFixture.UnhurriedOptions(directory.Path) with { DefaultPartitions = 2 }, time: time);
            await server.StartAsync();
            var producer = new RawClient(server.BootstrapServers);
            await producer.CreateTopicAsync(Topic);
            return new Broker(server, directory, producer);
        }

        public async Task ProduceAsync(int partition)
        {
            var batch = Tests.Batches.Of(1, BatchSize - RecordBatch.HeaderSize, timestamp: 1);
            Assert.Equal(ErrorCode.None, (await producer.ProduceAsync(Topic, batch, partition: partition)).Error);
        }

        public async ValueTask DisposeAsync()
        {
            producer.Dispose();
            await server.DisposeAsync();
            directory.Dispose();
        }
    }
}
