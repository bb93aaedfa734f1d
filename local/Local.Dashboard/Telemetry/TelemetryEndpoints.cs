using Local.Dashboard.Latency;
using Local.Dashboard.Logs;
using Local.Dashboard.Metrics;
using Local.Dashboard.Traces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Local.Dashboard.Telemetry;

/// <summary>What the pages of telemetry can do: forget.</summary>
internal static class TelemetryEndpoints
{
    internal static void MapTelemetry(this IEndpointRouteBuilder app) => app.MapPost("/api/telemetry/clear", Clear);

    private static IResult Clear(string signal, string? resource, TraceStore traces, LogStore logs, MetricStore metrics, OperationStore operations)
    {
        var whose = string.IsNullOrEmpty(resource) ? null : resource;
        switch (signal)
        {
            case "traces":
                traces.Clear(whose);
                break;
            case "logs":
                logs.Clear(whose);
                break;
            case "metrics":
                metrics.Clear(whose);
                break;
            case "latency":
                operations.Clear();
                break;
            default:
                return Results.Text("There are traces, logs, metrics and latency to clear.", statusCode: StatusCodes.Status404NotFound);
        }
        return Results.Text(whose is null ? $"All {signal} are forgotten." : $"The {signal} of {whose} are forgotten.");
    }
}
