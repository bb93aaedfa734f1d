using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Logs;

/// <summary>Which log entries somebody wants to see. Everything that is set must hold.</summary>
internal sealed record LogFilter
{
    internal LogSeverity? AtLeast { get; init; }

    /// <summary>In the message or the category.</summary>
    internal string? Text { get; init; }

    internal TraceId? Trace { get; init; }

    internal SpanId? Span { get; init; }

    internal IReadOnlyList<AttributeCondition> Conditions { get; init; } = [];

    /// <summary>Only what was written by then: a paused page stays as it was.</summary>
    internal long? Until { get; init; }

    internal bool Includes(LogEntry entry) =>
        (Until is not { } until || entry.At <= until)
        && (AtLeast is not { } least || entry.Severity >= least)
        && (Trace is not { } trace || entry.TraceId == trace)
        && (Span is not { } span || entry.SpanId == span)
        && (string.IsNullOrEmpty(Text) || entry.Message.Contains(Text, StringComparison.OrdinalIgnoreCase) || entry.Category.Contains(Text, StringComparison.OrdinalIgnoreCase))
        && Conditions.All(c => c.Holds(entry.Attributes));
}
