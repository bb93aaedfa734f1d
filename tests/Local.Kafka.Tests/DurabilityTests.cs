using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Local.Kafka.Tests;

public sealed class DurabilityTests
{
    private const string Topic = "durable";

    [Fact]
    public async Task Killing_the_broker_amid_produce_loses_no_acknowledged_record_and_doubles_none()
    {
        using var directory = new TemporaryDirectory();
        var broker = await BrokerProcess.StartAsync(directory.Path);
        var acknowledged = new ConcurrentBag<string>();
        using (var producer = KafkaClients.Producer(broker.Servers, config => config.ReconnectBackoffMaxMs = 200))
        {
            using var stop = new CancellationTokenSource();
            var producing = Task.Factory.StartNew(() => ProduceUntil(producer, acknowledged, stop.Token), TaskCreationOptions.LongRunning);
            for (var kill = 1; kill <= 3; kill++)
            {
                var enough = acknowledged.Count + 3_000;
                await UntilAsync(() => acknowledged.Count > enough);
                await broker.KillAsync();
                broker = await BrokerProcess.StartAsync(directory.Path, broker.Port);
            }
            await stop.CancelAsync();
            await producing;
        }
        var stored = KafkaClients.ReadAll(broker.Servers, Topic, 12).Select(record => record.Message.Value).ToList();
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Empty(acknowledged.Except(stored));
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task Records_and_committed_offsets_outlive_a_restart_of_any_kind()
    {
        using var directory = new TemporaryDirectory();
        await using (var broker = await BrokerProcess.StartAsync(directory.Path))
        {
            await KafkaClients.ProduceAsync(broker.Servers, Topic, Enumerable.Range(0, 100).Select(i => $"{i}"));
            ConsumeAndCommit(broker.Servers, 100);
            await KafkaClients.ProduceAsync(broker.Servers, Topic, Enumerable.Range(100, 20).Select(i => $"{i}"));
            await broker.KillAsync();
        }
        await using (var server = new KafkaServer(BrokerFixture.Options(directory.Path)))
        {
            await server.StartAsync();
            Assert.Equal(Enumerable.Range(100, 20), ConsumeAndCommit(server.BootstrapServers, 20).Select(int.Parse).Order());
            await server.StopAsync();
        }
        await using var again = new KafkaServer(BrokerFixture.Options(directory.Path) with { Flush = FlushPolicy.Each });
        await again.StartAsync();
        await KafkaClients.ProduceAsync(again.BootstrapServers, Topic, ["last"]);
        Assert.Equal(["last"], ConsumeAndCommit(again.BootstrapServers, 1));
    }

    [Fact]
    public async Task A_torn_tail_is_cut_off_at_the_last_whole_batch()
    {
        using var directory = new TemporaryDirectory();
        await using (var server = new KafkaServer(BrokerFixture.Options(directory.Path) with { DefaultPartitions = 1 }))
        {
            await server.StartAsync();
            for (var i = 0; i < 10; i++) await KafkaClients.ProduceAsync(server.BootstrapServers, Topic, [$"{i}"]);
        }
        var log = Assert.Single(Directory.GetFiles(Path.Combine(directory.Path, "topics", Topic, "0"), "*.log"));
        await using (var file = File.Open(log, FileMode.Open))
        {
            file.SetLength(file.Length - 5); // the last batch is not whole
        }
        await using (var server = new KafkaServer(BrokerFixture.Options(directory.Path) with { DefaultPartitions = 1 }))
        {
            await server.StartAsync();
            Assert.Equal(9, KafkaClients.ReadAll(server.BootstrapServers, Topic, 1).Count);
            await KafkaClients.ProduceAsync(server.BootstrapServers, Topic, ["new"]);
            Assert.Equal((9, "new"), KafkaClients.ReadAll(server.BootstrapServers, Topic, 1).Select(record => (record.Offset.Value, record.Message.Value)).Last());
        }
        var bytes = await File.ReadAllBytesAsync(log);
        bytes[^1] ^= 1; // whole, but not what was written
        await File.WriteAllBytesAsync(log, [.. bytes, 1, 2, 3]);
        await using var last = new KafkaServer(BrokerFixture.Options(directory.Path) with { DefaultPartitions = 1 });
        await last.StartAsync();
        Assert.Equal(9, KafkaClients.ReadAll(last.BootstrapServers, Topic, 1).Count);
    }

    [Fact]
    public async Task A_second_broker_on_the_same_folder_does_not_start()
    {
        using var directory = new TemporaryDirectory();
        await using var first = new KafkaServer(BrokerFixture.Options(directory.Path));
        await first.StartAsync();
        await using var second = new KafkaServer(BrokerFixture.Options(directory.Path));
        await Assert.ThrowsAsync<IOException>(() => second.StartAsync());
    }

    private static void ProduceUntil(IProducer<string, string> producer, ConcurrentBag<string> acknowledged, CancellationToken stop)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            if (i - acknowledged.Count > 5_000) producer.Poll(TimeSpan.FromMilliseconds(1));
            producer.Produce(Topic, new Message<string, string> { Key = $"{i}", Value = $"{i}" }, report =>
            {
                if (report.Status == PersistenceStatus.Persisted) acknowledged.Add(report.Message.Value);
            });
            while (i - acknowledged.Count > 5_000 && !stop.IsCancellationRequested) producer.Poll(TimeSpan.FromMilliseconds(1));
        }
        producer.Flush(KafkaClients.Patience);
    }

    private static List<string> ConsumeAndCommit(string servers, int count)
    {
        using var consumer = KafkaClients.Consumer(servers, "survivor").Build();
        consumer.Subscribe(Topic);
        var values = KafkaClients.ConsumeUntil(consumer, records => records.Count == count).ConvertAll(record => record.Message.Value);
        consumer.Commit();
        consumer.Close();
        return values;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
    }
}
