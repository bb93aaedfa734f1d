using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Messaging;

/// <summary>
/// How many dead letters wait for somebody. They are counted only after their log has grown; to see that costs one small question
/// now and then on a connection that is there anyway.
/// </summary>
internal sealed partial class DeadLetterDepth
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Subscription, Log> logs;
    private readonly TimeProvider time;
    private readonly ILogger<DeadLetterDepth> logger;

    public DeadLetterDepth(IEnumerable<DeadLetterLog> logs, MessagingMetrics metrics, TimeProvider time, ILogger<DeadLetterDepth> logger)
    {
        this.logs = new(logs.Select(l => KeyValuePair.Create(l.Subscription, new Log(l))));
        (this.time, this.logger) = (time, logger);
        // Every replica sees the whole log: take the maximum over replicas, not the sum.
        metrics.Meter.CreateObservableGauge(
            "dead_letters.waiting", () => this.logs.Select(l => new Measurement<int>(l.Value.Waiting, l.Key.Tags)), "{message}",
            "Messages that were given up and that nobody has replayed.");
    }

    /// <summary>On the consumer's own thread, as <see cref="ConsumerLag.Update"/>.</summary>
    public void Update(Subscription subscription, IConsumer<byte[], byte[]> consumer)
    {
        var log = logs[subscription];
        if (log.LookedAt is { } before && time.GetElapsedTime(before) < Every)
            return;
        log.LookedAt = time.GetTimestamp();
        try
        {
            var end = consumer.QueryWatermarkOffsets(new TopicPartition(subscription.DeadLetters, 0), Patience).High.Value;
            if (end == log.CountedTo || !log.Counting.IsCompleted)
                return;
            log.Counting = end == 0 ? Task.CompletedTask : CountAsync(log, end);
        }
        catch (KafkaException)
        {
            // Away, or the topic is just being made: the last figure stands.
        }
    }

    private async Task CountAsync(Log log, long end)
    {
        try
        {
            log.Waiting = (await log.Letters.ReadOpenAsync(CancellationToken.None)).Count;
            log.CountedTo = end;
        }
        catch (Exception e) when (e is TimeoutException or KafkaException)
        {
            NotCounted(logger, log.Letters.Subscription.DeadLetters, e.Message);
        }
    }

    private sealed class Log(DeadLetterLog letters)
    {
        public DeadLetterLog Letters => letters;

        public long? LookedAt { get; set; }

        public long CountedTo { get; set; }

        public Task Counting { get; set; } = Task.CompletedTask;

        public volatile int Waiting;
    }

    [LoggerMessage(LogLevel.Warning, "The dead letters of {Topic} are counted later: {Reason}")]
    private static partial void NotCounted(ILogger logger, string topic, string reason);
}
