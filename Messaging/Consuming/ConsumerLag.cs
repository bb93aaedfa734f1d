using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Confluent.Kafka;

namespace Messaging;

/// <summary>How many records each partition is behind, from what the client knows anyway.</summary>
internal sealed class ConsumerLag
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Subscription, (long At, Measurement<long>[] Lags)> lags = new();
    private readonly TimeProvider time;

    public ConsumerLag(MessagingMetrics metrics, TimeProvider time)
    {
        this.time = time;
        metrics.Meter.CreateObservableGauge("consumer.lag", () => lags.Values.SelectMany(l => l.Lags), "{message}", "Records that wait to be consumed.");
    }

    /// <summary>On the consumer's own thread: its calls are not for others once it is closed.</summary>
    public void Update(Subscription subscription, IConsumer<byte[], byte[]> consumer)
    {
        if (lags.TryGetValue(subscription, out var before) && time.GetElapsedTime(before.At) < Every)
            return;
        lags[subscription] = (time.GetTimestamp(), [.. consumer.Assignment.Select(p => Measure(subscription, consumer, p))]);
    }

    public void Forget(Subscription subscription) => lags.TryRemove(subscription, out _);

    private static Measurement<long> Measure(Subscription subscription, IConsumer<byte[], byte[]> consumer, TopicPartition partition)
    {
        var end = consumer.GetWatermarkOffsets(partition).High;
        var position = consumer.Position(partition);
        // Before anything was fetched neither is known, and nothing is known to wait.
        var behind = end.IsSpecial || position.IsSpecial ? 0 : Math.Max(0, end - position);
        return new(behind, [.. subscription.Tags, new("partition", partition.Partition.Value)]);
    }
}
