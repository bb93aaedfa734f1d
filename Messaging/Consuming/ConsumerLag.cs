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
    /// <param name="polled">What was polled and has not taken effect: it waits too.</param>
    public void Update(Subscription subscription, IConsumer<byte[], byte[]> consumer, IEnumerable<ConsumeResult<byte[], byte[]>> polled)
    {
        if (lags.TryGetValue(subscription, out var before) && time.GetElapsedTime(before.At) < Every)
            return;
        var waiting = polled.CountBy(r => r.TopicPartition).ToDictionary();
        try
        {
            lags[subscription] = (time.GetTimestamp(), [.. consumer.Assignment.Select(p => Measure(subscription, consumer, p, waiting.GetValueOrDefault(p)))]);
        }
        catch (KafkaException)
        {
            // Asked in the middle of a batch, too: a figure that cannot be had must not end the consumer while its batch goes on.
        }
    }

    public void Forget(Subscription subscription) => lags.TryRemove(subscription, out _);

    private static Measurement<long> Measure(Subscription subscription, IConsumer<byte[], byte[]> consumer, TopicPartition partition, int polled)
    {
        var end = consumer.GetWatermarkOffsets(partition).High;
        var position = consumer.Position(partition);
        // Before anything was fetched neither is known, and nothing is known to wait.
        var behind = end.IsSpecial || position.IsSpecial ? polled : Math.Max(0, end - position) + polled;
        return new(behind, [.. subscription.Tags, new("partition", partition.Partition.Value)]);
    }
}
