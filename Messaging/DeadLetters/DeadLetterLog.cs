using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Messaging;

/// <summary>
/// The dead letters of one subscription: a partition of letters and, behind them, marks of those replayed. It is read from its end
/// backwards as far as its bounds; operators ask for it rarely, so nothing is kept in memory between two questions.
/// </summary>
internal sealed class DeadLetterLog(Subscription subscription, IConfiguration configuration)
{
    /// <summary>Letters and marks older than that many are history.</summary>
    private const int MostRecords = 20_000;
    private const long MostBytes = 32 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public Subscription Subscription => subscription;

    /// <summary>The letters that nobody replayed yet, oldest first.</summary>
    /// <exception cref="TimeoutException">Kafka is away.</exception>
    public Task<List<DeadLetter>> ReadOpenAsync(CancellationToken cancel) =>
        // The client's calls block; they get a thread of their own.
        Task.Factory.StartNew(() => ReadOpen(cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private List<DeadLetter> ReadOpen(CancellationToken cancel)
    {
        var settings = KafkaSettings.Consumer(KafkaSettings.BootstrapServers(configuration), subscription.Group + ".dlq");
        settings.EnableAutoCommit = false;
        settings.EnablePartitionEof = true;
        using var consumer = new ConsumerBuilder<byte[], byte[]>(settings).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        var partition = new TopicPartition(subscription.DeadLetters, 0);
        var open = new SortedDictionary<long, DeadLetter>();
        try
        {
            var ends = consumer.QueryWatermarkOffsets(partition, Patience);
            if (ends.High == ends.Low)
                return [];
            consumer.Assign(new TopicPartitionOffset(partition, Math.Max(ends.Low, ends.High - MostRecords)));
            Collect(consumer, open, ends.High, cancel);
        }
        catch (KafkaException e) when (e.Error.Code is ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition)
        {
            return [];
        }
        catch (KafkaException e)
        {
            throw new TimeoutException($"Kafka does not tell its dead letters: {e.Error.Reason}", e);
        }
        return [.. open.Values];
    }

    private void Collect(IConsumer<byte[], byte[]> consumer, SortedDictionary<long, DeadLetter> open, long end, CancellationToken cancel)
    {
        var bytes = 0L;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var record = consumer.Consume(Patience) ?? throw new TimeoutException("Kafka does not tell its dead letters.");
            if (record.IsPartitionEOF)
                return;
            if (ReceivedMessage.Header(record, DeadLetterHeaders.Replayed) is { } replayed)
            {
                if (long.TryParse(replayed, out var offset) && open.Remove(offset, out var done))
                    bytes -= done.Size;
            }
            else
            {
                var letter = new DeadLetter(subscription, record);
                open.Add(letter.Offset, letter);
                bytes += letter.Size;
            }
            for (; bytes > MostBytes && open.Count > 1; open.Remove(open.First().Key))
                bytes -= open.First().Value.Size;
            if (record.Offset >= end - 1)
                return;
        }
    }
}
