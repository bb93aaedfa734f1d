using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ServiceDefaults.Problems;

namespace Messaging;

/// <summary>
/// Sees each record of a poll through: to its effect, or to the dead letters. What is together in a poll is tried together; when that
/// fails, each message by itself, so that one that cannot succeed costs only itself. While the infrastructure is away nothing is
/// given up: it is tried until it works.
/// </summary>
internal sealed partial class BatchProcessor(
    Subscription subscription, MessageEffect effect, DeadLetterWriter deadLetters, MessagingMetrics metrics,
    IOptions<MessagingOptions> options, TimeProvider time, ILogger<BatchProcessor> logger)
{
    private readonly int attempts = options.Value.Attempts;
    private readonly RetrySchedule retry = options.Value.Retry;

    /// <param name="stopping">Ends the waiting between attempts; the records then stay unconsumed.</param>
    /// <param name="aborting">Ends an attempt.</param>
    public async Task ProcessAsync(IReadOnlyList<ConsumeResult<byte[], byte[]>> records, CancellationToken stopping, CancellationToken aborting)
    {
        var began = time.GetTimestamp();
        var messages = new List<ReceivedMessage>(records.Count);
        foreach (var record in records)
        {
            try
            {
                if (ReceivedMessage.TryRead(record, subscription, out var message))
                    messages.Add(message);
            }
            catch (UnreadableMessageException e)
            {
                await deadLetters.WriteAsync(record, attempts: 1, e, stopping);
            }
        }
        if (messages.Count == 0)
            return;

        var failure = await TryAsync(messages, stopping, aborting);
        if (failure is not null)
        {
            foreach (var message in messages)
                await ProcessAloneAsync(message, messages.Count == 1 ? failure : null, stopping, aborting);
        }
        metrics.Consumed(subscription, messages.Count, time.GetElapsedTime(began), time.GetUtcNow() - messages[0].OccurredAt);
    }

    // An earlier failure of it alone counts as an attempt.
    private async Task ProcessAloneAsync(ReceivedMessage message, Exception? failure, CancellationToken stopping, CancellationToken aborting)
    {
        for (var failures = failure is null ? 0 : 1; failures < attempts; failures++)
        {
            if (failures > 0)
                await Task.Delay(retry.After(failures), time, stopping);
            failure = await TryAsync([message], stopping, aborting);
            if (failure is null)
                return;
        }
        await deadLetters.WriteAsync(message.Record, attempts, failure!, stopping);
    }

    // Null when it worked. Comes back only when the fault is not the infrastructure's.
    private async Task<Exception?> TryAsync(List<ReceivedMessage> messages, CancellationToken stopping, CancellationToken aborting)
    {
        for (var outages = 1; ; outages++)
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                await effect.ApplyAsync(messages, aborting);
                return null;
            }
            catch (Exception) when (aborting.IsCancellationRequested)
            {
                throw;
            }
            catch (Exception e) when (InfrastructureFailures.IsAway(e))
            {
                metrics.Failed(subscription, infrastructure: true);
                Away(logger, subscription.Topic, e.Message, retry.After(outages));
                await Task.Delay(retry.After(outages), time, stopping);
            }
            catch (Exception e)
            {
                metrics.Failed(subscription, infrastructure: false);
                Failed(logger, e, messages.Count, subscription.Topic, messages[0].Id);
                return e;
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Topic} waits {Pause} for what its consumers need: {Reason}")]
    private static partial void Away(ILogger logger, string topic, string reason, TimeSpan pause);

    [LoggerMessage(LogLevel.Warning, "An attempt at {Count} messages of {Topic} failed, the first of them {Id}")]
    private static partial void Failed(ILogger logger, Exception exception, int count, string topic, Guid id);
}
