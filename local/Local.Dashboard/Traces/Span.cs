using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Traces;

/// <summary>One span as it was sent, in some two hundred bytes.</summary>
public sealed class Span
{
    private const int OwnSize = 144;
    private const int ArraySize = 24;

    public required TelemetryResource Resource { get; init; }
    public required TraceId TraceId { get; init; }
    public required SpanId Id { get; init; }
    public SpanId Parent { get; init; }
    public required string Name { get; init; }
    public required string Scope { get; init; }

    /// <summary>.NET's ticks, UTC.</summary>
    public required long Start { get; init; }

    /// <summary>Ticks.</summary>
    public required long Duration { get; init; }

    public SpanKind Kind { get; init; }
    public SpanType Type { get; init; }
    public SpanStatus Status { get; init; }
    public string? StatusMessage { get; init; }
    public byte[] PackedAttributes { get; init; } = [];

    /// <summary>Events and links, rare, as OTLP's own bytes; read when somebody looks.</summary>
    public byte[] Extras { get; init; } = [];

    public long End => Start + Duration;

    public bool IsError => Status == SpanStatus.Error;

    public Attributes Attributes => new(PackedAttributes);

    /// <summary>Bytes in memory, near enough for a budget.</summary>
    public int Size => OwnSize + ArraySize + PackedAttributes.Length + (Extras.Length == 0 ? 0 : ArraySize + Extras.Length) + 2 * (StatusMessage?.Length ?? 0);
}

public sealed record SpanEvent(string Name, long At, IReadOnlyList<KeyValuePair<string, string>> Attributes);

public sealed record SpanLink(TraceId TraceId, SpanId SpanId, IReadOnlyList<KeyValuePair<string, string>> Attributes);

/// <summary>The numbers are OTLP's.</summary>
public enum SpanKind : byte
{
    Unspecified = 0,
    Internal = 1,
    Server = 2,
    Client = 3,
    Producer = 4,
    Consumer = 5,
}

/// <summary>The numbers are OTLP's.</summary>
public enum SpanStatus : byte
{
    Unset = 0,
    Ok = 1,
    Error = 2,
}

/// <summary>What a span is about, after OpenTelemetry's conventions for attributes.</summary>
public enum SpanType : byte
{
    Other = 0,
    Http = 1,
    Database = 2,
    Messaging = 3,
}
