using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Messaging;

/// <summary>Puts a record that cannot take effect aside, as it came and with the reason.</summary>
internal sealed partial class DeadLetterWriter(
    Subscription subscription, IProducer<byte[], byte[]> producer, MessagingMetrics metrics, TimeProvider time, ILogger<DeadLetterWriter> logger)
{
    private const int LongestError = 8 * 1024;

    // One partition keeps them in one order, however many the broker may have made.
    private readonly TopicPartition target = new(subscription.DeadLetters, 0);

    /// <summary>Returns when Kafka has it, however long that takes.</summary>
    public async Task WriteAsync(ConsumeResult<byte[], byte[]> record, int attempts, Exception failure, CancellationToken cancel)
    {
        var headers = new Headers();
        foreach (var header in record.Message.Headers ?? [])
            headers.Add(header.Key, header.GetValueBytes());
        Add(headers, DeadLetterHeaders.Topic, record.Topic);
        Add(headers, DeadLetterHeaders.Partition, record.Partition.Value);
        Add(headers, DeadLetterHeaders.Offset, record.Offset.Value);
        Add(headers, DeadLetterHeaders.Group, subscription.Group);
        Add(headers, DeadLetterHeaders.Attempts, attempts);
        Add(headers, DeadLetterHeaders.FailedAt, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
        headers.Add(DeadLetterHeaders.Error, Cut(failure.ToString()));
        var letter = new Message<byte[], byte[]> { Key = record.Message.Key, Value = record.Message.Value, Headers = headers, Timestamp = record.Message.Timestamp };

        try
        {
            await producer.ProduceAsync(target, letter, cancel);
        }
        catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.MsgSizeTooLarge)
        {
            // No room for the error beside so large a value: the original stays in its topic, at the place that the letter names.
            letter.Value = null!;
            await producer.ProduceAsync(target, letter, cancel);
        }
        metrics.DeadLettered(subscription);
        GivenUp(logger, failure, record.TopicPartitionOffset.ToString(), attempts);
    }

    /// <summary>Notes durably that the dead letter at this offset is done with.</summary>
    public Task MarkReplayedAsync(long offset, CancellationToken cancel)
    {
        var headers = new Headers();
        Add(headers, DeadLetterHeaders.Replayed, offset);
        return producer.ProduceAsync(target, new Message<byte[], byte[]> { Headers = headers }, cancel);
    }

    private static void Add(Headers headers, string name, IFormattable value) =>
        headers.Add(name, Encoding.UTF8.GetBytes(value.ToString(null, CultureInfo.InvariantCulture)));

    private static void Add(Headers headers, string name, string value) => headers.Add(name, Encoding.UTF8.GetBytes(value));

    internal static byte[] Cut(string error)
    {
        var bytes = Encoding.UTF8.GetBytes(error);
        if (bytes.Length <= LongestError)
            return bytes;
        // Not through the middle of a character: its further bytes begin with the bits 10.
        var end = LongestError;
        while ((bytes[end] & 0xC0) == 0x80)
            end--;
        return bytes[..end];
    }

    [LoggerMessage(LogLevel.Error, "Gave up the message at {Position} after {Attempts} attempts; it waits among the dead letters")]
    private static partial void GivenUp(ILogger logger, Exception exception, string position, int attempts);
}
