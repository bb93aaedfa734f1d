using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Confluent.Kafka;
using Contracts;

namespace Messaging;

/// <summary>A record whose event somebody here cares for.</summary>
internal sealed record ReceivedMessage(ConsumeResult<byte[], byte[]> Record, Guid Id, object Event)
{
    public Type EventType => Event.GetType();

    public string? TraceParent => Header(Record, MessageHeaders.TraceParent);

    public DateTimeOffset OccurredAt =>
        DateTimeOffset.TryParse(Header(Record, MessageHeaders.OccurredAt), CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            ? at
            : new DateTimeOffset(Record.Message.Timestamp.UtcDateTime);

    /// <summary>False when nobody here cares for such an event.</summary>
    /// <exception cref="UnreadableMessageException">It will not become readable by trying again.</exception>
    public static bool TryRead(ConsumeResult<byte[], byte[]> record, Subscription subscription, [NotNullWhen(true)] out ReceivedMessage? message)
    {
        message = null;
        if (record.Message.Headers?.TryGetLastBytes(MessageHeaders.MessageType, out var type) is not true || type is null)
            throw new UnreadableMessageException($"The header {MessageHeaders.MessageType} is missing.");
        if (subscription.Find(type) is not { } json)
            return false;
        if (!Guid.TryParse(Header(record, MessageHeaders.MessageId), out var id))
            throw new UnreadableMessageException($"The header {MessageHeaders.MessageId} is missing or no UUID.");
        message = new ReceivedMessage(record, id, Parse(record.Message.Value, json));
        return true;
    }

    public static string? Header(ConsumeResult<byte[], byte[]> record, string name) =>
        record.Message.Headers?.TryGetLastBytes(name, out var value) is true && value is not null ? Encoding.UTF8.GetString(value) : null;

    private static object Parse(byte[]? value, JsonTypeInfo json)
    {
        try
        {
            return JsonSerializer.Deserialize(value, json) ?? throw new UnreadableMessageException("The value is null.");
        }
        catch (JsonException e)
        {
            throw new UnreadableMessageException($"The value is no {json.Type.Name}: {e.Message}", e);
        }
    }
}

/// <summary>The record is broken, and stays so.</summary>
internal sealed class UnreadableMessageException(string message, Exception? inner = null) : Exception(message, inner);
