using Local.Dashboard.Latency;
using Local.Dashboard.Logs;
using Local.Dashboard.Metrics;
using Local.Dashboard.Traces;
using Microsoft.Extensions.DependencyInjection;

namespace Local.Dashboard.Telemetry;

internal static class TelemetrySetup
{
    internal static IServiceCollection AddTelemetry(this IServiceCollection services) => services
        .AddSingleton<TelemetryLimits>()
        .AddSingleton<TelemetryResources>()
        .AddSingleton<TraceStore>()
        .AddSingleton<LogStore>()
        .AddSingleton<MetricStore>()
        .AddSingleton<OperationStore>()
        .AddSingleton<TelemetryIntake>();
}
