using Confluent.Kafka;
using Contracts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Messaging;

/// <summary>
/// Sends what the outbox holds: reads unsent rows in order of position, waits for Kafka's report of each, marks them, and only then
/// reads on. While it waits, new rows gather for the next batch: the more there is to do, the larger the batches.
/// A row that Kafka refuses for its own sake is tried again later and does not hold up those behind it, not even of its key.
/// </summary>
internal sealed partial class OutboxRelay(
    OutboxTable outbox, RelayLease lease, OutboxBell bell, IProducer<byte[], byte[]> producer, KafkaTopics topics, MessagingMetrics metrics,
    IOptions<MessagingOptions> options, IHostApplicationLifetime application, TimeProvider time, ILogger<OutboxRelay> logger)
    : BackgroundService
{
    private static readonly TimeSpan MeasureEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FinishWithin = TimeSpan.FromSeconds(5);

    private long measuredAt = long.MinValue;
    private long sentAt;
    private int lastSent;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await topics.EnsureAsync([Topics.Reservations, Topics.Payments], stoppingToken);
        try
        {
            for (var failures = 0; ;)
            {
                try
                {
                    await RelayAsync(stoppingToken);
                    failures = 0;
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    var pause = options.Value.Retry.After(++failures);
                    Interrupted(logger, e, pause);
                    await Task.Delay(pause, time, stoppingToken);
                }
            }
        }
        finally
        {
            // So that another replica need not wait for the lease to run out.
            await lease.GiveUpAsync(CancellationToken.None);
        }
    }

    // One round: until there is nothing left to send, then the wait for the next wake-up.
    private async Task RelayAsync(CancellationToken stopping)
    {
        if (await lease.HoldAsync(stopping))
        {
            await MeasureAsync(stopping);
            while (await SendBatchAsync(stopping) == options.Value.RelayBatch)
                await KeepUpAsync(stopping);
        }
        else
        {
            metrics.Backlog = null;
        }
        if (!await bell.WaitAsync(stopping))
            return;
        if (lease.IsHeld)
            await GatherAsync(stopping);
        else
            await bell.RingOthersAsync(stopping);
    }

    private async Task<int> SendBatchAsync(CancellationToken stopping)
    {
        var rows = await outbox.ReadUnsentAsync(options.Value.RelayBatch, stopping);
        // Frozen meanwhile? Then another replica sends by now.
        if (rows.Count == 0 || !lease.IsHeld)
            return 0;
        var delivery = new KafkaDelivery(rows);
        delivery.Start(producer);
        (sentAt, lastSent) = (time.GetTimestamp(), rows.Count);
        await WaitAsync(delivery, stopping);
        // What is reported is marked even when it is time to stop: it spares the doubles.
        await MarkAsync(delivery.Reports(), stopping);
        return rows.Count;
    }

    // A batch costs much the same whatever its size, so one that would follow hard upon another waits for company. Where the last had none
    // there is no load, and somebody may be waiting.
    private async Task GatherAsync(CancellationToken stopping)
    {
        if (options.Value.GatherAfter(lastSent) - time.GetElapsedTime(sentAt) is { Ticks: > 0 } rest)
            await Task.Delay(rest, time, stopping);
    }

    // Kafka may be away for long; the producer tries on by itself, and the lease must not run out meanwhile.
    private async Task WaitAsync(KafkaDelivery delivery, CancellationToken stopping)
    {
        var stopped = false;
        while (!delivery.Completion.IsCompleted && !stopped)
        {
            stopped = stopping.IsCancellationRequested;
            await delivery.Completion.WaitAsync(stopped ? FinishWithin : options.Value.PollInterval, time, stopped ? CancellationToken.None : stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!delivery.Completion.IsCompleted && !stopping.IsCancellationRequested)
                await KeepUpAsync(stopping);
        }
    }

    private async Task MarkAsync(IEnumerable<(OutboxRow Row, Error? Report)> reports, CancellationToken stopping)
    {
        var sent = new List<Guid>();
        var gone = new HashSet<string>(StringComparer.Ordinal);
        Error? away = null;
        foreach (var (row, report) in reports)
        {
            if (report is { IsError: false })
                sent.Add(row.Message.Id);
            else if (report is not null && IsRefusal(report))
                await RefuseAsync(row, report);
            else if (report is not null)
            {
                away = report;
                if (IsTopicGone(report))
                    gone.Add(row.Message.AggregateType);
            }
        }
        if (sent.Count > 0)
        {
            await outbox.MarkSentAsync([.. sent], CancellationToken.None);
            metrics.Sent(sent.Count);
        }
        if (away is null)
            return;
        if (away.IsFatal)
        {
            // librdkafka's word for: this producer is of no use any more. A new process has a new one.
            Fatal(logger, away.Reason);
            application.StopApplication();
        }
        // Somebody deleted it, or the cluster lost it: a broker in production makes none by itself.
        await topics.EnsureAsync(gone, stopping);
        throw new KafkaException(away);
    }

    private async Task RefuseAsync(OutboxRow row, Error report)
    {
        var dead = row.Attempts + 1 >= options.Value.Attempts;
        Refused(logger, row.Message.Id, row.Message.Type, row.Attempts + 1, dead, report.Reason);
        await outbox.MarkRefusedAsync(row, report.ToString(), options.Value.Retry.After(row.Attempts + 1), dead, CancellationToken.None);
    }

    private async Task KeepUpAsync(CancellationToken cancel)
    {
        await lease.HoldAsync(cancel);
        await MeasureAsync(cancel);
    }

    private async Task MeasureAsync(CancellationToken cancel)
    {
        if (measuredAt != long.MinValue && time.GetElapsedTime(measuredAt) < MeasureEvery)
            return;
        measuredAt = time.GetTimestamp();
        metrics.Backlog = await outbox.MeasureAsync(cancel);
    }

    private static bool IsTopicGone(Error report) =>
        report.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition;

    // The row's own fault, and not Kafka's state: anything else is tried until it works.
    private static bool IsRefusal(Error report) => report.Code is
        ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsg or ErrorCode.InvalidMsgSize or ErrorCode.InvalidRecord
        or ErrorCode.PolicyViolation or ErrorCode.TopicException or ErrorCode.Local_InvalidArg;

    [LoggerMessage(LogLevel.Warning, "The outbox is not relayed for {Pause}")]
    private static partial void Interrupted(ILogger logger, Exception exception, TimeSpan pause);

    [LoggerMessage(LogLevel.Error, "Kafka refuses outbox row {Id} ({Type}), attempt {Attempt}, given up: {Dead}: {Reason}")]
    private static partial void Refused(ILogger logger, Guid id, string type, int attempt, bool dead, string reason);

    [LoggerMessage(LogLevel.Critical, "The Kafka producer is broken for good, this process has to be replaced: {Reason}")]
    private static partial void Fatal(ILogger logger, string reason);
}
