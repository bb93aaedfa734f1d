using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace ServiceDefaults.Metrics;

/// <summary>The meter of what all services share, and the process's own figures under OpenTelemetry's names.</summary>
internal sealed class ServiceMetrics
{
    public const string MeterName = "ServiceDefaults";

    public ServiceMetrics(IMeterFactory meters)
    {
        Meter = meters.Create(MeterName);
        Meter.CreateObservableCounter("process.cpu.time", CpuTimes, "s", "CPU time that the process has used.");
        Meter.CreateObservableUpDownCounter("process.memory.usage", () => Environment.WorkingSet, "By", "Physical memory that the process holds.");
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
