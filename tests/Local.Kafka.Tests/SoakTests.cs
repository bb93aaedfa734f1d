using Confluent.Kafka;
using FsCheck;
using FsCheck.Fluent;
using Testing;

namespace Local.Kafka.Tests;

/// <summary>Random work of real clients, which live through restarts of the broker, against a model: lists of values, and a position for each group.</summary>
public sealed class SoakTests(ITestOutputHelper output)
{
    private const string Topic = "soak";
    private const int Partitions = 3;
    private const int Groups = 2;
    private const int Runs = 3;
    private const int StepsOfARun = 25;

    private enum Step
    {
        Produce,
        ProduceCompressed,
        Consume,
        Restart,
        DeleteRecords,
    }

    [Fact]
    public async Task Records_and_positions_are_what_the_model_says()
    {
        var step = Gen.Frequency([(4, Gen.Constant(Step.Produce)), (3, Gen.Constant(Step.ProduceCompressed)), (6, Gen.Constant(Step.Consume)), (1, Gen.Constant(Step.Restart)), (1, Gen.Constant(Step.DeleteRecords))]);
        var runs = Histories.Some(Gen.Zip(step, Gen.Choose(0, 99)).ListOf(StepsOfARun), Runs, size: 10);
        foreach (var steps in runs)
        {
            output.WriteLine(string.Join(", ", steps)); // what to repeat by hand if it fails
            await using var run = await Run.StartAsync();
            foreach (var (what, number) in steps) await run.ApplyAsync(what, number);
            run.CheckAll();
        }
    }

    private sealed class Run : IAsyncDisposable
    {
        private readonly TemporaryDirectory directory;
        private readonly List<string>[] stored = [.. Enumerable.Range(0, Partitions).Select(_ => new List<string>())];
        private readonly int[] starts = new int[Partitions];
        private readonly int[,] positions = new int[Groups, Partitions];

        private readonly Dictionary<CompressionType, IProducer<string, string>> producers = [];
        private readonly IConsumer<string, string>[] consumers;
        private KafkaServer server;

        private Run(TemporaryDirectory directory, KafkaServer server)
        {
            (this.directory, this.server) = (directory, server);
            foreach (var codec in new[] { CompressionType.None, CompressionType.Gzip, CompressionType.Lz4 })
                producers[codec] = KafkaClients.Producer(server.BootstrapServers, config => (config.CompressionType, config.ReconnectBackoffMaxMs) = (codec, 100));
            consumers = [.. Enumerable.Range(0, Groups).Select(group => KafkaClients.Consumer(server.BootstrapServers, $"group-{group}", config => config.ReconnectBackoffMaxMs = 100).Build())];
        }

        public static async Task<Run> StartAsync()
        {
            var folder = new TemporaryDirectory();
            var first = NewServer(folder, port: 0);
            await first.StartAsync();
            return new Run(folder, first);
        }

        public async Task ApplyAsync(Step step, int number)
        {
            var partition = number % Partitions;
            switch (step)
            {
                case Step.Produce:
                    await ProduceAsync(partition, number * 5, CompressionType.None);
                    break;
                case Step.ProduceCompressed:
                    await ProduceAsync(partition, number * 5, number % 2 == 0 ? CompressionType.Lz4 : CompressionType.Gzip);
                    break;
                case Step.Consume:
                    Consume(number % Groups, partition, number);
                    break;
                case Step.Restart:
                    await server.DisposeAsync();
                    server = NewServer(directory, server.Port);
                    await server.StartAsync();
                    break;
                case Step.DeleteRecords:
                    await DeleteRecordsAsync(partition, number);
                    break;
            }
        }

        public void CheckAll()
        {
            var records = KafkaClients.ReadAll(server.BootstrapServers, Topic, Partitions);
            for (var partition = 0; partition < Partitions; partition++)
                Assert.Equal(stored[partition].Skip(starts[partition]), records.Where(record => record.Partition.Value == partition).Select(record => record.Message.Value));
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var producer in producers.Values) producer.Dispose();
            foreach (var consumer in consumers) consumer.Dispose();
            await server.DisposeAsync();
            directory.Dispose();
        }

        private static KafkaServer NewServer(TemporaryDirectory directory, int port) =>
            new(BrokerFixture.Options(directory.Path) with { Port = port, DefaultPartitions = Partitions, SegmentBytes = 20_000 });

        private async Task ProduceAsync(int partition, int count, CompressionType codec)
        {
            var values = Enumerable.Range(stored[partition].Count, count).Select(i => $"{partition}/{i}").ToList();
            await Task.WhenAll(values.Select(value => producers[codec].ProduceAsync(new TopicPartition(Topic, partition), new Message<string, string> { Value = value })));
            stored[partition].AddRange(values);
        }

        private void Consume(int group, int partition, int atMost)
        {
            var from = Math.Max(positions[group, partition], starts[partition]);
            var expected = stored[partition].Skip(from).Take(atMost).ToList();
            if (expected.Count == 0) return;
            var consumer = consumers[group];
            consumer.Assign(new TopicPartitionOffset(Topic, partition, Offset.Stored));
            Assert.Equal(expected, KafkaClients.ConsumeUntil(consumer, records => records.Count == expected.Count).Select(record => record.Message.Value));
            positions[group, partition] = from + expected.Count;
            consumer.Unassign();
            consumer.Commit([new TopicPartitionOffset(Topic, partition, positions[group, partition])]);
        }

        private async Task DeleteRecordsAsync(int partition, int percent)
        {
            if (stored[partition].Count == 0) return;
            starts[partition] = Math.Max(starts[partition], stored[partition].Count * percent / 200);
            using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = server.BootstrapServers }).Build();
            await admin.DeleteRecordsAsync([new TopicPartitionOffset(Topic, partition, starts[partition])]);
        }
    }
}
