using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Local.Kafka.Tests;

public sealed class ConsumerGroupTests(BrokerFixture broker) : IClassFixture<BrokerFixture>
{
    private const int Partitions = 6;

    [Theory]
    [InlineData(PartitionAssignmentStrategy.Range)]
    [InlineData(PartitionAssignmentStrategy.RoundRobin)]
    [InlineData(PartitionAssignmentStrategy.CooperativeSticky)]
    public async Task Two_then_three_members_share_all_partitions(PartitionAssignmentStrategy strategy)
    {
        var topic = $"shared-{strategy}".ToLowerInvariant();
        await CreateTopicAsync(topic);
        await using var first = new Worker(broker.Servers, topic, topic, strategy);
        await using var second = new Worker(broker.Servers, topic, topic, strategy);
        await UntilBalancedAsync(first, second);
        await KafkaClients.ProduceAsync(broker.Servers, topic, Values(0, 200));
        await UntilAsync(() => first.Seen.Concat(second.Seen).Distinct().Count() == 200);

        await using var third = new Worker(broker.Servers, topic, topic, strategy);
        await UntilBalancedAsync(first, second, third);
        await KafkaClients.ProduceAsync(broker.Servers, topic, Values(200, 200));
        await UntilAsync(() => first.Seen.Concat(second.Seen).Concat(third.Seen).Distinct().Count() == 400);

        await second.DisposeAsync();
        await UntilBalancedAsync(first, third);
    }

    [Fact]
    public async Task A_member_that_dies_silently_loses_its_partitions_when_its_session_ends()
    {
        await CreateTopicAsync("silent");
        await using var live = new Worker(broker.Servers, "silent", "silent", PartitionAssignmentStrategy.Range);
        using (var client = new RawClient(broker.Servers))
        {
            var ghost = await RawMember.JoinAsync(client, "silent-ghost", sessionTimeout: TimeSpan.FromMilliseconds(300));
            Assert.Equal(Protocol.ErrorCode.None, await ghost.HeartbeatAsync());
            using var other = new RawClient(broker.Servers);
            var heir = RawMember.JoinAsync(other, "silent-ghost", sessionTimeout: TimeSpan.FromSeconds(10));
            Assert.Equal(2, (await heir).Generation); // only possible once the ghost, which never joins again, is out
            Assert.Equal(Protocol.ErrorCode.UnknownMemberId, await ghost.HeartbeatAsync());
        }
        await UntilBalancedAsync(live);
    }

    [Fact]
    public async Task A_static_member_that_comes_back_in_time_disturbs_nobody()
    {
        await CreateTopicAsync("static");
        await using var steady = new Worker(broker.Servers, "static", "static", PartitionAssignmentStrategy.Range, instance: "one");
        var restarted = new Worker(broker.Servers, "static", "static", PartitionAssignmentStrategy.Range, instance: "two");
        await UntilBalancedAsync(steady, restarted);
        var (rebalances, partitions) = (steady.Rebalances, restarted.Assigned);
        await restarted.DisposeAsync();
        await using var back = new Worker(broker.Servers, "static", "static", PartitionAssignmentStrategy.Range, instance: "two");
        await UntilAsync(() => back.Assigned.SetEquals(partitions));
        Assert.Equal(rebalances, steady.Rebalances);
    }

    [Fact]
    public async Task Lag_is_what_was_produced_less_what_was_committed()
    {
        await CreateTopicAsync("lag");
        await KafkaClients.ProduceAsync(broker.Servers, "lag", Values(0, 60));
        using var consumer = KafkaClients.Consumer(broker.Servers, "lag").Build();
        consumer.Subscribe("lag");
        KafkaClients.ConsumeUntil(consumer, records => records.Count == 60);
        consumer.Commit();
        await KafkaClients.ProduceAsync(broker.Servers, "lag", Values(60, 25));
        var partitions = Enumerable.Range(0, Partitions).Select(index => new TopicPartition("lag", index)).ToList();
        var committed = consumer.Committed(partitions, KafkaClients.Patience).Sum(offset => Math.Max(0, offset.Offset.Value));
        var produced = partitions.Sum(partition => consumer.QueryWatermarkOffsets(partition, KafkaClients.Patience).High.Value);
        Assert.Equal(25, produced - committed);
        consumer.Close();
    }

    private static IEnumerable<string> Values(int from, int count) => Enumerable.Range(from, count).Select(i => i.ToString());

    private static Task UntilBalancedAsync(params Worker[] workers) => UntilAsync(() =>
    {
        var assigned = workers.Select(worker => worker.Assigned).ToList();
        return assigned.Sum(partitions => partitions.Count) == Partitions
            && assigned.SelectMany(partitions => partitions).Distinct().Count() == Partitions
            && assigned.TrueForAll(partitions => partitions.Count == Partitions / workers.Length);
    });

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(KafkaClients.Patience);
        while (!condition()) await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
    }

    private async Task CreateTopicAsync(string name)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.Servers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = Partitions, ReplicationFactor = 1 }]);
    }

    /// <summary>A consumer that runs until it is disposed.</summary>
    private sealed class Worker : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task running;
        private volatile HashSet<int> assigned = [];

        public Worker(string servers, string group, string topic, PartitionAssignmentStrategy strategy, string? instance = null)
        {
            var consumer = KafkaClients.Consumer(servers, group, config =>
            {
                config.PartitionAssignmentStrategy = strategy;
                config.GroupInstanceId = instance;
            }).SetPartitionsAssignedHandler((_, added) => Assign([.. assigned, .. added.Select(partition => partition.Partition.Value)]))
              .SetPartitionsRevokedHandler((_, gone) => assigned = [.. assigned.Except(gone.Select(partition => partition.Partition.Value))])
              .SetPartitionsLostHandler((_, _) => assigned = [])
              .Build();
            running = Task.Factory.StartNew(() => Run(consumer, topic), TaskCreationOptions.LongRunning);
        }

        public ConcurrentBag<string> Seen { get; } = [];

        public HashSet<int> Assigned => assigned;

        public int Rebalances { get; private set; }

        public async ValueTask DisposeAsync()
        {
            if (!stop.IsCancellationRequested) await stop.CancelAsync();
            await running;
        }

        private void Assign(HashSet<int> partitions)
        {
            Rebalances++;
            assigned = partitions;
        }

        private void Run(IConsumer<string, string> consumer, string topic)
        {
            consumer.Subscribe(topic);
            while (!stop.IsCancellationRequested)
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(50)) is { } record) Seen.Add(record.Message.Value);
            }
            consumer.Close();
            consumer.Dispose();
        }
    }
}
