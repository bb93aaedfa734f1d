using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Traces;

/// <summary>Which traces somebody wants to see. Everything that is set must hold.</summary>
internal sealed record TraceFilter
{
    /// <summary>It took part.</summary>
    internal string? Resource { get; init; }

    /// <summary>In the name of the root, in the name of any span, or the beginning of the id.</summary>
    internal string? Text { get; init; }

    internal SpanType? Type { get; init; }

    internal bool ErrorsOnly { get; init; }

    internal TimeSpan LongerThan { get; init; }

    /// <summary>Some span has all of them.</summary>
    internal IReadOnlyList<AttributeCondition> Conditions { get; init; } = [];

    /// <summary>Only what began by then: a paused page stays as it was.</summary>
    internal long? Until { get; init; }

    internal bool Includes(Trace trace) =>
        (Until is not { } until || trace.Start <= until)
        && trace.Duration >= LongerThan
        && (!ErrorsOnly || trace.Errors > 0)
        && (string.IsNullOrEmpty(Resource) || trace.PartOf(Resource) is not null)
        && HasText(trace)
        && (Type is not { } type || trace.Spans.Any(s => s.Type == type))
        && (Conditions.Count == 0 || trace.Spans.Any(s => Conditions.All(c => c.Holds(s.Attributes))));

    private bool HasText(Trace trace) =>
        string.IsNullOrEmpty(Text)
        || trace.Root.Name.Contains(Text, StringComparison.OrdinalIgnoreCase)
        || trace.Id.ToString().StartsWith(Text, StringComparison.OrdinalIgnoreCase)
        || trace.Spans.Any(s => s.Name.Contains(Text, StringComparison.OrdinalIgnoreCase));
}
