using Confluent.Kafka;
using Contracts;
using Microsoft.Extensions.Configuration;

namespace Messaging;

/// <summary>How this system talks to Kafka: nothing lost, little memory, and back soon after an outage.</summary>
internal static class KafkaSettings
{
    public static string BootstrapServers(IConfiguration configuration) => configuration.GetConnectionString(ResourceNames.Kafka)
        ?? throw new InvalidOperationException($"ConnectionStrings:{ResourceNames.Kafka} is missing.");

    public static void Configure(ProducerConfig producer)
    {
        Common(producer);
        producer.EnableIdempotence = true;
        producer.Acks = Acks.All;
        // While Kafka is away the client tries on, in order. A time-out would let a later message of a key pass an earlier one.
        producer.MessageTimeoutMs = 0;
        producer.RequestTimeoutMs = 5_000;
        producer.LingerMs = 1;
        // Topics are made before anything is sent to them; one that is unknown after this long is gone, and the relay makes it again.
        producer.TopicMetadataPropagationMaxMs = 5_000;
        producer.QueueBufferingMaxKbytes = 16_384;
        // How often the client's thread wakes up for nothing; what is delivered wakes it at once.
        producer.CancellationDelayMaxMs = 1_000;
        // As Java clients and Debezium do it: whoever sends, a key's partition is the same.
        producer.Partitioner = Partitioner.Murmur2Random;
    }

    public static ConsumerConfig Consumer(string bootstrapServers, string group)
    {
        var consumer = new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            // What took effect is stored by us; the client commits it every second, on a revocation, and at the end.
            EnableAutoOffsetStore = false,
            EnableAutoCommit = true,
            AutoCommitIntervalMs = 1_000,
            SessionTimeoutMs = 10_000,
            HeartbeatIntervalMs = 2_000,
            QueuedMinMessages = 1_000,
            QueuedMaxMessagesKbytes = 4_096,
            FetchMaxBytes = 4 << 20,
            MessageMaxBytes = 1 << 20,
            FetchErrorBackoffMs = 100,
        };
        Common(consumer);
        return consumer;
    }

    private static void Common(ClientConfig client)
    {
        client.SocketTimeoutMs = 10_000;
        client.SocketNagleDisable = true;
        client.SocketKeepaliveEnable = true;
        client.ReconnectBackoffMs = 50;
        client.ReconnectBackoffMaxMs = 1_000;
        client.TopicMetadataRefreshIntervalMs = 30_000;
        // Brokers close idle connections, and come and go; who needs one notices anyway.
        client.LogConnectionClose = false;
    }
}
