using Local.Dashboard.Latency;
using Local.Dashboard.Logs;
using Local.Dashboard.Metrics;
using Local.Dashboard.Otlp;
using Local.Dashboard.Traces;

namespace Local.Dashboard.Telemetry;

/// <summary>From a request's bytes into the stores. Each returns how many were refused.</summary>
internal sealed class TelemetryIntake(TelemetryResources resources, TraceStore traces, LogStore logs, MetricStore metrics, OperationStore operations)
{
    /// <exception cref="MalformedTelemetryException">Nothing of it was kept.</exception>
    internal int TakeTraces(ReadOnlyMemory<byte> request)
    {
        var reader = new OtlpTraces(resources);
        var spans = reader.Read(request.Span);
        operations.Add(spans);
        return reader.Refused + traces.Add(spans);
    }

    /// <exception cref="MalformedTelemetryException">Nothing of it was kept.</exception>
    internal int TakeLogs(ReadOnlyMemory<byte> request)
    {
        var reader = new OtlpLogs(resources);
        logs.Add(reader.Read(request.Span));
        return reader.Refused;
    }

    /// <exception cref="MalformedTelemetryException">What stood before the fault was kept: each point is whole.</exception>
    internal int TakeMetrics(ReadOnlyMemory<byte> request)
    {
        var reader = new OtlpMetrics(resources, metrics);
        reader.Read(request.Span);
        metrics.Raise();
        return reader.Refused;
    }
}
