namespace Contracts;

/// <summary>The headers that every message carries.</summary>
public static class MessageHeaders
{
    /// <summary>UUIDv7; stays the same through every redelivery and replay, so that an inbox can tell a double.</summary>
    public const string MessageId = "message-id";

    /// <summary>The event's name, as in <see cref="IntegrationEvents"/>.</summary>
    public const string MessageType = "message-type";

    public const string OccurredAt = "occurred-at";

    /// <summary>W3C trace context of the request that caused the event.</summary>
    public const string TraceParent = "traceparent";
}
