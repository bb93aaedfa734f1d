using System.Globalization;
using System.Text;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace ServiceDefaults.Metrics;

/// <summary>Writes metrics in Prometheus's text format 0.0.4, or in OpenMetrics 1.0.</summary>
internal sealed class PrometheusText(bool openMetrics)
{
    private readonly StringBuilder _text = new();

    public StringBuilder.ChunkEnumerator Pieces => _text.GetChunks();

    /// <summary>One block per family: instruments of several meters may share a name, and are told apart by <c>otel_scope_name</c>.</summary>
    public void Write(Resource resource, IEnumerable<Metric> metrics)
    {
        WriteTarget(resource);
        foreach (var family in metrics.GroupBy(m => PrometheusNames.Family(m.Name, m.Unit, IsGauge(m)), StringComparer.Ordinal))
        {
            var first = family.First();
            var kind = Kind(first);
            WriteHeader(family.Key, kind, first);
            foreach (var metric in family.Where(m => Kind(m) == kind))
                WritePoints(family.Key, metric);
        }
        if (openMetrics)
            _text.Append("# EOF\n");
    }

    private static string Kind(Metric metric) => metric.MetricType switch
    {
        MetricType.LongSum or MetricType.DoubleSum => "counter",
        MetricType.Histogram => "histogram",
        MetricType.ExponentialHistogram => "unknown",
        _ => "gauge",
    };

    private static bool IsGauge(Metric metric) => Kind(metric) == "gauge";

    private void WriteTarget(Resource resource)
    {
        _text.Append(openMetrics ? "# TYPE target info\n" : "# TYPE target_info gauge\n");
        WriteSample("target_info", Labels(resource.Attributes.Select(a => new KeyValuePair<string, object?>(a.Key, a.Value))), "1");
    }

    private void WriteHeader(string name, string kind, Metric metric)
    {
        var shown = kind == "counter" && !openMetrics ? name + "_total" : name;
        _text.Append("# TYPE ").Append(shown).Append(' ').Append(kind).Append('\n');
        if (openMetrics && PrometheusNames.Unit(metric.Unit) is { Length: > 0 } unit && name.EndsWith("_" + unit, StringComparison.Ordinal))
            _text.Append("# UNIT ").Append(shown).Append(' ').Append(unit).Append('\n');
        if (metric.Description.Length > 0)
            _text.Append("# HELP ").Append(shown).Append(' ').Append(Escape(metric.Description, quotes: openMetrics)).Append('\n');
    }

    private void WritePoints(string name, Metric metric)
    {
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            List<KeyValuePair<string, object?>> tags = [new("otel_scope_name", metric.MeterName)];
            foreach (var tag in point.Tags)
                tags.Add(tag);
            var labels = Labels(tags);
            switch (metric.MetricType)
            {
                case MetricType.LongSum:
                    WriteSample(name + "_total", labels, Number(point.GetSumLong()));
                    break;
                case MetricType.DoubleSum:
                    WriteSample(name + "_total", labels, Number(point.GetSumDouble()));
                    break;
                case MetricType.LongSumNonMonotonic:
                    WriteSample(name, labels, Number(point.GetSumLong()));
                    break;
                case MetricType.DoubleSumNonMonotonic:
                    WriteSample(name, labels, Number(point.GetSumDouble()));
                    break;
                case MetricType.LongGauge:
                    WriteSample(name, labels, Number(point.GetGaugeLastValueLong()));
                    break;
                case MetricType.DoubleGauge:
                    WriteSample(name, labels, Number(point.GetGaugeLastValueDouble()));
                    break;
                case MetricType.Histogram:
                    WriteHistogram(name, labels, point);
                    break;
                default:
                    break;
            }
        }
    }

    private void WriteHistogram(string name, string labels, in MetricPoint point)
    {
        var cumulative = 0L;
        var from = double.NegativeInfinity;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            cumulative += bucket.BucketCount;
            WriteSample(
                name + "_bucket", $"{labels},le=\"{Number(bucket.ExplicitBound)}\"", Number(cumulative),
                openMetrics ? Exemplar(point, from, bucket.ExplicitBound) : null);
            from = bucket.ExplicitBound;
        }
        WriteSample(name + "_sum", labels, Number(point.GetHistogramSum()));
        WriteSample(name + "_count", labels, Number(point.GetHistogramCount()));
    }

    /// <summary>A trace that fell into this bucket.</summary>
    private static string? Exemplar(in MetricPoint point, double from, double to)
    {
        if (!point.TryGetExemplars(out var exemplars))
            return null;
        foreach (ref readonly var exemplar in exemplars)
        {
            if (exemplar.TraceId != default && exemplar.DoubleValue > from && exemplar.DoubleValue <= to)
                return $" # {{trace_id=\"{exemplar.TraceId}\",span_id=\"{exemplar.SpanId}\"}} {Number(exemplar.DoubleValue)} {Number(exemplar.Timestamp.ToUnixTimeMilliseconds() / 1000d)}";
        }
        return null;
    }

    private void WriteSample(string name, string labels, string value, string? exemplar = null)
        => _text.Append(name).Append('{').Append(labels).Append("} ").Append(value).Append(exemplar).Append('\n');

    /// <summary>Two attributes that differ in illegal characters only would be one label: their values are joined.</summary>
    private static string Labels(IEnumerable<KeyValuePair<string, object?>> tags)
        => string.Join(',', tags.GroupBy(t => PrometheusNames.Label(t.Key), StringComparer.Ordinal)
            .Select(label => $"{label.Key}=\"{Escape(string.Join(';', label.Select(l => Text(l.Value))), quotes: true)}\""));

    private static string Text(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString(CultureInfo.InvariantCulture),
    };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Escape(string text, bool quotes)
    {
        text = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? text.Replace("\"", "\\\"", StringComparison.Ordinal) : text;
    }
}
