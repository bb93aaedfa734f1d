using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Contracts;

namespace Messaging;

/// <summary>An event that waits to be sent.</summary>
internal sealed record OutboxRow(OutboxMessage Message, DateTime CreatedAt, int Attempts)
{
    /// <summary>The row as Kafka carries it; the span of its sending becomes the parent of what consumers do.</summary>
    public Message<byte[], byte[]> ToKafka(Activity? sending) => new()
    {
        Key = Encoding.UTF8.GetBytes(Message.AggregateId),
        Value = Message.Payload,
        Timestamp = new Timestamp(CreatedAt, TimestampType.CreateTime),
        Headers = Headers(sending?.Id ?? Message.TraceParent),
    };

    private Headers Headers(string? traceParent)
    {
        var headers = new Headers
        {
            { MessageHeaders.MessageId, Encoding.ASCII.GetBytes(Message.Id.ToString()) },
            { MessageHeaders.MessageType, Encoding.UTF8.GetBytes(Message.Type) },
            { MessageHeaders.OccurredAt, Encoding.ASCII.GetBytes(CreatedAt.ToString("O", CultureInfo.InvariantCulture)) },
        };
        if (traceParent is not null)
            headers.Add(MessageHeaders.TraceParent, Encoding.ASCII.GetBytes(traceParent));
        return headers;
    }
}
