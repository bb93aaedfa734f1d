using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace Aspire;

internal static class NpgsqlTelemetry
{
    // The name of Npgsql's own activity source and meter.
    private const string Name = "Npgsql";

    public static void Add(IServiceCollection services, bool tracing, bool metrics)
    {
        if (tracing)
            services.ConfigureOpenTelemetryTracerProvider(t => t.AddSource(Name));
        if (metrics)
            services.ConfigureOpenTelemetryMeterProvider(m => m.AddMeter(Name));
    }
}
