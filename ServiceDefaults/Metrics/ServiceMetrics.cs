using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ServiceDefaults.Metrics;

/// <summary>The meter of what all services share, and the process's own figures under OpenTelemetry's names.</summary>
internal sealed class ServiceMetrics
{
    public const string MeterName = "ServiceDefaults";

    private static readonly long StartedAt = TimeProvider.System.GetTimestamp();

    public ServiceMetrics(IMeterFactory meters)
    {
        Meter = meters.Create(MeterName);
        Meter.CreateObservableCounter("process.cpu.time", CpuTimes, "s", "CPU time that the process has used.");
        Meter.CreateObservableUpDownCounter("process.memory.usage", () => Environment.WorkingSet, "By", "Physical memory that the process holds.");
        Meter.CreateObservableGauge("process.memory.limit", () => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, "By", "Memory that the process may use: its container's limit, or the machine's memory.");
        Meter.CreateObservableGauge("process.uptime", () => TimeProvider.System.GetElapsedTime(StartedAt).TotalSeconds, "s", "Time since the process started.");
        Meter.CreateObservableUpDownCounter("process.thread.count", CountThreads, "{thread}", "Threads of the process.");
    }

    public Meter Meter { get; }

    private static Measurement<double>[] CpuTimes()
    {
        var usage = Environment.CpuUsage;
        return
        [
            new(usage.UserTime.TotalSeconds, new KeyValuePair<string, object?>("cpu.mode", "user")),
            new(usage.PrivilegedTime.TotalSeconds, new KeyValuePair<string, object?>("cpu.mode", "system")),
        ];
    }

    private static int CountThreads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }
}
