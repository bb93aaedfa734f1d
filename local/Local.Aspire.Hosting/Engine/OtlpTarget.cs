using Local.Dashboard;
using Microsoft.Extensions.Configuration;

namespace Local.Engine;

/// <summary>Where telemetry goes, when somebody takes it.</summary>
internal sealed record OtlpTarget(string Endpoint, string Protocol)
{
    public string? ApiKey { get; init; }

    internal static OtlpTarget? From(IConfiguration configuration) =>
        configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] is { Length: > 0 } grpc ? new(grpc, "grpc")
        : configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] is { Length: > 0 } http ? new(http, "http/protobuf")
        : null;

    /// <summary>Whoever the configuration names, else the dashboard.</summary>
    internal static OtlpTarget? For(EngineOptions options, DashboardOptions? dashboard) =>
        options.Otlp ?? (dashboard is null ? null : new OtlpTarget(dashboard.OtlpUrl, "http/protobuf") { ApiKey = dashboard.OtlpApiKey });

    internal void AddTo(Dictionary<string, object> environment, string resource, string instance)
    {
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = Endpoint;
        environment["OTEL_EXPORTER_OTLP_PROTOCOL"] = Protocol;
        if (ApiKey is not null)
            environment["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={ApiKey}";
        environment["OTEL_SERVICE_NAME"] = resource;
        environment["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance}";
        environment["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        // Development: seen within a second rather than cheap.
        environment["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        environment["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        environment["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        environment["OTEL_TRACES_SAMPLER"] = "always_on";
        environment["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
    }
}
