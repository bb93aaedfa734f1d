using Local.Dashboard.Latency;
using Local.Dashboard.Live;
using Local.Dashboard.Logs;
using Local.Dashboard.Metrics;
using Local.Dashboard.Telemetry;
using Local.Dashboard.Traces;

namespace Local.Dashboard.Tests.Telemetry;

/// <summary>The stores as the dashboard has them, without its web server.</summary>
internal sealed class Stores
{
    public Stores(TelemetryLimits? limits = null)
    {
        var (changes, most) = (new LiveChanges(), limits ?? new TelemetryLimits());
        (Traces, Logs, Metrics) = (new TraceStore(changes, most), new LogStore(changes, most), new MetricStore(changes, most, TimeProvider.System));
        Intake = new TelemetryIntake(new TelemetryResources(), Traces, Logs, Metrics, Operations);
    }

    public TraceStore Traces { get; }

    public LogStore Logs { get; }

    public MetricStore Metrics { get; }

    public OperationStore Operations { get; } = new();

    public TelemetryIntake Intake { get; }

    public int Send(string service, params SpanToSend[] spans) => Intake.TakeTraces(OtlpBytes.Request(service, spans.Select(s => s.Write())));

    public Trace Trace(UInt128 id) => Traces.Find(new TraceId(id))!;
}
