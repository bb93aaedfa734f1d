using Confluent.Kafka;

namespace Messaging;

/// <summary>A record that was given up.</summary>
internal sealed class DeadLetter(Subscription subscription, ConsumeResult<byte[], byte[]> record)
{
    /// <summary>How operators name it.</summary>
    public string Id => $"{subscription.Topic}:{Offset}";

    /// <summary>Among the dead letters, not in its topic.</summary>
    public long Offset => record.Offset.Value;

    public int Size => (record.Message.Value?.Length ?? 0) + 1024;

    public byte[]? Key => record.Message.Key;

    public byte[]? Value => record.Message.Value;

    public string? Header(string name) => ReceivedMessage.Header(record, name);

    /// <summary>The record as it once came: same place, same bytes, same headers.</summary>
    public ConsumeResult<byte[], byte[]> Original()
    {
        var headers = new Headers();
        foreach (var header in record.Message.Headers)
        {
            if (!DeadLetterHeaders.All.Contains(header.Key))
                headers.Add(header.Key, header.GetValueBytes());
        }
        return new()
        {
            Topic = subscription.Topic,
            Partition = int.TryParse(Header(DeadLetterHeaders.Partition), out var partition) ? partition : Partition.Any,
            Offset = long.TryParse(Header(DeadLetterHeaders.Offset), out var offset) ? offset : Confluent.Kafka.Offset.Unset,
            Message = new() { Key = record.Message.Key, Value = record.Message.Value, Timestamp = record.Message.Timestamp, Headers = headers },
        };
    }
}
