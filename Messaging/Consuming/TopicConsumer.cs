using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Messaging;

/// <summary>
/// Polls one topic on a thread of its own (the client's calls block) and hands what a poll brings to the processor. An offset is
/// stored only when everything before it has taken effect. While the processor takes long, polling goes on for the next batch, so that
/// the group can give partitions to others meanwhile. Who is left without partitions for no reason starts over with a new client.
/// </summary>
internal sealed partial class TopicConsumer(
    Subscription subscription, BatchProcessor processor, KafkaTopics topics, ConsumerLag lag, DeadLetterDepth deadLetters, MessagingMetrics metrics,
    IConfiguration configuration, IOptions<MessagingOptions> options, TimeProvider time, ILogger<TopicConsumer> logger) : BackgroundService
{
    private static readonly TimeSpan PollFor = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BusyFor = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan CloseWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StrandedAfter = TimeSpan.FromSeconds(5);

    private readonly ManualResetEventSlim done = new();
    // Polled while the processor was busy: the beginning of the next batch.
    private readonly List<ConsumeResult<byte[], byte[]>> early = [];
    private long polledAt;
    private int lastPolled;
    private long assignedAt;
    private long lookedAt;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        metrics.Begin(subscription);
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            await topics.EnsureAsync([subscription.Topic, subscription.DeadLetters], stoppingToken);
            var consumer = Build();
            try
            {
                await OnOwnThread(() => Run(consumer, stoppingToken));
                failures = 0;
            }
            catch (KafkaException e) when (!stoppingToken.IsCancellationRequested)
            {
                // Thrown on, it would end the whole service, which has better things to do than to consume.
                var pause = options.Value.Retry.After(++failures);
                Failed(logger, e, subscription.Topic, pause);
                await Task.Delay(pause, time, stoppingToken);
            }
            finally
            {
                // Commits what is stored and leaves the group, so that the partitions go to others at once.
                // Where the topic was gone for a while a client may hang in this for ever (librdkafka issue 4362).
                await OnOwnThread(consumer.Close).WaitAsync(CloseWithin, time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static Task OnOwnThread(Action work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private void Run(IConsumer<byte[], byte[]> consumer, CancellationToken stopping)
    {
        using var aborting = new CancellationTokenSource();
        using var grace = stopping.Register(() => aborting.CancelAfter(FinishWithin));
        early.Clear();
        consumer.Subscribe(subscription.Topic);
        assignedAt = time.GetTimestamp();
        try
        {
            while (!stopping.IsCancellationRequested && !IsStranded(consumer))
            {
                var records = Poll(consumer);
                if (records.Count > 0 && Process(consumer, records, stopping, aborting.Token))
                    Store(consumer, records);
                lag.Update(subscription, consumer, early);
                deadLetters.Update(subscription, consumer);
            }
        }
        finally
        {
            lag.Forget(subscription);
        }
    }

    private IConsumer<byte[], byte[]> Build() =>
        new ConsumerBuilder<byte[], byte[]>(KafkaSettings.Consumer(KafkaSettings.BootstrapServers(configuration), subscription.Group))
            .SetLogHandler(WriteLog)
            .SetErrorHandler(CountLoss)
            .SetPartitionsRevokedHandler((_, partitions) => Drop(partitions))
            .SetPartitionsLostHandler((_, partitions) => Drop(partitions))
            .Build();

    // The client goes on by itself; what it says of single connections is in its log.
    private void CountLoss(IConsumer<byte[], byte[]> consumer, Error error)
    {
        if (error.Code == ErrorCode.Local_AllBrokersDown)
            metrics.LostBrokers(subscription);
    }

    private void WriteLog(IConsumer<byte[], byte[]> consumer, LogMessage message)
    {
        var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
        Client(logger, level, message.Facility, message.Message);
    }

    // Waits for a first record. What else is there already comes along, and under load, when the last poll brought several, what comes
    // within a moment of that one.
    private List<ConsumeResult<byte[], byte[]>> Poll(IConsumer<byte[], byte[]> consumer)
    {
        List<ConsumeResult<byte[], byte[]>> records = [.. early];
        early.Clear();
        var wait = records.Count == 0 ? PollFor : TimeSpan.Zero;
        while (records.Count < options.Value.ConsumeBatch && Next(consumer, wait) is { } record)
        {
            records.Add(record);
            wait = options.Value.GatherAfter(lastPolled) - time.GetElapsedTime(polledAt) is { Ticks: > 0 } rest ? rest : TimeSpan.Zero;
        }
        if (records.Count > 0)
            (polledAt, lastPolled) = (time.GetTimestamp(), records.Count);
        return records;
    }

    private ConsumeResult<byte[], byte[]>? Next(IConsumer<byte[], byte[]> consumer, TimeSpan wait)
    {
        try
        {
            return consumer.Consume(wait);
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            // The client goes on by itself; a topic may just be in the making.
            Trouble(logger, subscription.Topic, e.Error.Reason);
            return null;
        }
    }

    // False when it is time to stop: the records stay unconsumed.
    private bool Process(
        IConsumer<byte[], byte[]> consumer, List<ConsumeResult<byte[], byte[]>> records, CancellationToken stopping, CancellationToken aborting)
    {
        done.Reset();
        var work = Task.Run(() => ProcessAsync(records, stopping, aborting), CancellationToken.None);
        _ = work.ContinueWith(_ => done.Set(), TaskScheduler.Default);
        // Partitions are not paused meanwhile: of a pause and an assignment that cross, the client may lose the assignment, and a partition
        // stands still (librdkafka issues 2190 and 5591).
        while (!done.Wait(BusyFor, CancellationToken.None))
        {
            if (early.Count < options.Value.ConsumeBatch && Next(consumer, TimeSpan.Zero) is { } record)
                early.Add(record);
            lag.Update(subscription, consumer, records.Concat(early));
        }
        return work.IsCompletedSuccessfully;
    }

    // To go on behind records that are not done would lose them, so whatever goes wrong, they are tried again.
    private async Task ProcessAsync(List<ConsumeResult<byte[], byte[]>> records, CancellationToken stopping, CancellationToken aborting)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await processor.ProcessAsync(records, stopping, aborting);
                return;
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                var pause = options.Value.Retry.After(failures);
                Unexpected(logger, e, subscription.Topic, pause);
                await Task.Delay(pause, time, stopping);
            }
        }
    }

    private static void Store(IConsumer<byte[], byte[]> consumer, List<ConsumeResult<byte[], byte[]>> records)
    {
        foreach (var last in records.GroupBy(r => r.TopicPartition).Select(g => g.Last()))
        {
            try
            {
                consumer.StoreOffset(last);
            }
            catch (KafkaException)
            {
                // Another member's by now: it gets these records again, and its inbox knows them.
            }
        }
    }

    // A cluster may come back without its data. A client that joins the group before the topic is made again is given no partitions, and
    // may never ask again: librdkafka compares their number with what it was before (confluent-kafka-javascript issue 274).
    private bool IsStranded(IConsumer<byte[], byte[]> consumer)
    {
        if (time.GetElapsedTime(lookedAt) < LookEvery)
            return false;
        lookedAt = time.GetTimestamp();
        if (consumer.Assignment.Count > 0)
            assignedAt = time.GetTimestamp();
        if (time.GetElapsedTime(assignedAt) < StrandedAfter)
            return false;
        assignedAt = time.GetTimestamp();
        try
        {
            if (!KafkaTopics.IsGoneOrEnoughForAll(consumer.Handle, subscription))
                return false;
        }
        catch (KafkaException e)
        {
            // Away: the client waits for it by itself.
            Trouble(logger, subscription.Topic, e.Error.Reason);
            return false;
        }
        Stranded(logger, subscription.Group, subscription.Topic);
        return true;
    }

    private void Drop(List<TopicPartitionOffset> revoked) => early.RemoveAll(r => revoked.Exists(p => p.TopicPartition == r.TopicPartition));

    public override void Dispose()
    {
        done.Dispose();
        base.Dispose();
    }

    [LoggerMessage("{Facility}: {Message}")]
    private static partial void Client(ILogger logger, LogLevel level, string facility, string message);

    [LoggerMessage(LogLevel.Warning, "Kafka, {Topic}: {Reason}")]
    private static partial void Trouble(ILogger logger, string topic, string reason);

    [LoggerMessage(LogLevel.Warning, "{Group} has no partitions of {Topic} here, though there should be some; starting over")]
    private static partial void Stranded(ILogger logger, string group, string topic);

    [LoggerMessage(LogLevel.Error, "The consumer of {Topic} failed; a new one begins in {Pause}")]
    private static partial void Failed(ILogger logger, Exception exception, string topic, TimeSpan pause);

    [LoggerMessage(LogLevel.Error, "Records of {Topic} could not be processed, next try in {Pause}")]
    private static partial void Unexpected(ILogger logger, Exception exception, string topic, TimeSpan pause);
}
