using Microsoft.Extensions.DependencyInjection;

namespace Local.Dashboard.Telemetry;

internal static class TelemetrySetup
{
    internal static IServiceCollection AddTelemetry(this IServiceCollection services) => services;
}
