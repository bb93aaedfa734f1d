using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using ServiceDefaults.Database;
using ServiceDefaults.Health;
using ServiceDefaults.Metrics;

namespace ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs of OpenTelemetry, over OTLP where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says so; sampling is the environment's as well.</summary>
internal static class TelemetryRegistration
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // Several times what any instrument here has. The library sets this much aside for each of them and each reader beforehand: with its
    // own 2,000 that is a third of a service's heap. What goes beyond is counted together, under otel.metric.overflow.
    private const int MostSeriesOfOneInstrument = 100;

    // .NET, ASP.NET Core and Npgsql report themselves; there is nothing to instrument.
    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime", "Npgsql",
        "Messaging", ServiceMetrics.MeterName,
    ];

    private static readonly string[] Sources = ["Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "Messaging", GroupCommits.Source.Name];

    public static void AddTelemetry(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<ServiceMetrics>();
        services.AddSingleton<PrometheusScrape>();
        // Requests and commands are measured and traced; a log line for each would say it a third time.
        // A failed check is in /health; its stack trace once a second would bury everything else.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning).AddFilter("System.Net.Http.HttpClient", LogLevel.Warning)
            .AddFilter("Npgsql", LogLevel.Warning).AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical);

        var application = builder.Environment.ApplicationName;
        var telemetry = services.AddOpenTelemetry();
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_SERVICE_NAME"]))
            telemetry.ConfigureResource(resource => resource.AddService(application));
        telemetry.WithMetrics(metrics => metrics
            .AddMeter(application)
            .AddMeter(Meters)
            .AddView(_ => new MetricStreamConfiguration { CardinalityLimit = MostSeriesOfOneInstrument })
            .AddInstrumentation(s => s.GetRequiredService<ServiceMetrics>())
            .AddInstrumentation(s => s.GetRequiredService<HealthMetrics>())
            .AddReader(s => s.GetRequiredService<PrometheusScrape>().Reader));

        if (!ExportsOtlp(builder.Configuration))
            return;
        telemetry.WithTracing(traces => traces.AddSource(application).AddSource(Sources));
        telemetry.UseOtlpExporter();
        services.Configure<OpenTelemetryLoggerOptions>(logs =>
        {
            logs.IncludeFormattedMessage = true;
            logs.IncludeScopes = true;
        });
    }

    public static void UseTelemetry(this WebApplication app)
    {
        // Listening before anything measures: counters begin with a zero, and it must not be lost.
        app.Services.GetRequiredService<MeterProvider>();
        // Without an exporter nobody reads a span.
        if (ExportsOtlp(app.Configuration))
            app.Use(TracedRequests.InvokeAsync);
    }

    private static bool ExportsOtlp(IConfiguration configuration) => !string.IsNullOrWhiteSpace(configuration[OtlpEndpoint]);
}
