using Local.Dashboard.Telemetry;

namespace Local.Dashboard.Metrics;

public enum InstrumentKind : byte
{
    /// <summary>A value that goes up and down; also a sum that may fall.</summary>
    Gauge,

    /// <summary>A sum that only grows: shown as its rate.</summary>
    Counter,

    /// <summary>Counts in buckets: shown as percentiles.</summary>
    Histogram,
}

/// <summary>One instrument of one resource, as it describes itself.</summary>
public sealed record InstrumentId(string Resource, string Meter, string Name);

/// <summary>One data point as it arrived.</summary>
internal readonly ref struct MetricPoint
{
    internal required TelemetryResource Resource { get; init; }
    internal required string Meter { get; init; }
    internal required string Name { get; init; }
    internal required string Unit { get; init; }
    internal required string Description { get; init; }
    internal required InstrumentKind Kind { get; init; }

    /// <summary>The value says what came since the last point, not since the start.</summary>
    internal bool IsDelta { get; init; }

    /// <summary>Packed attributes: which of the instrument's series.</summary>
    internal required byte[] Dimensions { get; init; }

    /// <summary>.NET's ticks, UTC.</summary>
    internal required long At { get; init; }

    /// <summary>When the sum began to be counted; 0 where that is not said.</summary>
    internal long CountedSince { get; init; }

    /// <summary>The gauge's or counter's value, the histogram's sum.</summary>
    internal double Value { get; init; }

    internal ReadOnlySpan<ulong> Buckets { get; init; }

    internal ReadOnlySpan<double> Bounds { get; init; }

    internal IReadOnlyList<Exemplar> Exemplars { get; init; }
}

/// <summary>One measurement that stands for others, and the span in which it was taken.</summary>
public readonly record struct Exemplar(long At, double Value, TraceId TraceId, SpanId SpanId);
