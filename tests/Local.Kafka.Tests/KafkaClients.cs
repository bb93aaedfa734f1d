using System.Runtime.CompilerServices;
using System.Text;
using Aspire.Confluent.Kafka;
using Confluent.Kafka;

namespace Local.Kafka.Tests;

/// <summary>Real clients: Confluent.Kafka over the system's librdkafka.</summary>
internal static class KafkaClients
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [ModuleInitializer]
    internal static void FindNativeLibrary() => RuntimeHelpers.RunModuleConstructor(typeof(KafkaProducerSettings).Module.ModuleHandle);

    public static IProducer<string, string> Producer(string servers, Action<ProducerConfig>? configure = null)
    {
        var config = new ProducerConfig { BootstrapServers = servers, EnableIdempotence = true, Acks = Acks.All, LingerMs = 2 };
        configure?.Invoke(config);
        return new ProducerBuilder<string, string>(config).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
    }

    public static ConsumerBuilder<string, string> Consumer(string servers, string group, Action<ConsumerConfig>? configure = null)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = servers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 6_000,
            HeartbeatIntervalMs = 200,
            FetchWaitMaxMs = 100,
        };
        configure?.Invoke(config);
        return new ConsumerBuilder<string, string>(config).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { });
    }

    public static async Task ProduceAsync(string servers, string topic, IEnumerable<string> values, Action<ProducerConfig>? configure = null)
    {
        using var producer = Producer(servers, configure);
        await Task.WhenAll(values.Select(value => producer.ProduceAsync(topic, new Message<string, string> { Key = value, Value = value })));
    }

    /// <summary>Consumes until the condition holds; fails when it does not within the patience.</summary>
    public static List<ConsumeResult<string, string>> ConsumeUntil(IConsumer<string, string> consumer, Func<List<ConsumeResult<string, string>>, bool> enough)
    {
        var received = new List<ConsumeResult<string, string>>();
        using var patience = new CancellationTokenSource(Patience);
        while (!enough(received)) received.Add(consumer.Consume(patience.Token));
        return received;
    }

    /// <summary>All records of a topic as they are stored now, without a group.</summary>
    public static List<ConsumeResult<string, string>> ReadAll(string servers, string topic, int partitions)
    {
        using var consumer = Consumer(servers, "reader").Build();
        var received = new List<ConsumeResult<string, string>>();
        foreach (var partition in Enumerable.Range(0, partitions).Select(index => new TopicPartition(topic, index)))
        {
            var bounds = consumer.QueryWatermarkOffsets(partition, Patience);
            if (bounds.High <= bounds.Low) continue;
            consumer.Assign(new TopicPartitionOffset(partition, bounds.Low));
            received.AddRange(ConsumeUntil(consumer, some => some.Count > 0 && some[^1].Offset.Value == bounds.High.Value - 1));
        }
        return received;
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
