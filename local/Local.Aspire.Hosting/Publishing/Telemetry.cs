namespace Local.Publishing;

/// <summary>Where a deployed service sends its telemetry: to the collector, which is named alike everywhere.</summary>
internal static class Telemetry
{
    internal const string Collector = "otel-collector";
    internal const int OtlpGrpcPort = 4317;

    internal static IEnumerable<KeyValuePair<string, object>> Of(string service, string host) =>
    [
        new("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://{host}:{OtlpGrpcPort}"),
        new("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
        new("OTEL_SERVICE_NAME", service),
    ];
}
