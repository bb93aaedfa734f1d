using System.Text;
using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Logs;

/// <summary>One structured log entry.</summary>
public sealed class LogEntry
{
    private const int OwnSize = 112;
    private const int ArraySize = 24;

    /// <summary>Given by the store: grows with every entry that arrives.</summary>
    public long Number { get; set; }

    public required TelemetryResource Resource { get; init; }

    /// <summary>.NET's ticks, UTC.</summary>
    public required long At { get; init; }

    public required LogSeverity Severity { get; init; }

    /// <summary>The logger's name.</summary>
    public required string Category { get; init; }

    public TraceId TraceId { get; init; }
    public SpanId SpanId { get; init; }
    public required byte[] Utf8Message { get; init; }
    public byte[] PackedAttributes { get; init; } = [];

    public string Message => Encoding.UTF8.GetString(Utf8Message);

    public Attributes Attributes => new(PackedAttributes);

    /// <summary>Bytes in memory, near enough for a budget.</summary>
    public int Size => OwnSize + 2 * ArraySize + Utf8Message.Length + PackedAttributes.Length;
}

/// <summary>.NET's levels, in order.</summary>
public enum LogSeverity : byte
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    Critical,
}
