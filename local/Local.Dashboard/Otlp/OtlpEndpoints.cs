using System.Buffers;
using System.Net.Mime;
using Local.Dashboard.Latency;
using Local.Dashboard.Logs;
using Local.Dashboard.Metrics;
using Local.Dashboard.Telemetry;
using Local.Dashboard.Traces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace Local.Dashboard.Otlp;

/// <summary>OTLP over HTTP, binary (https://opentelemetry.io/docs/specs/otlp): each signal has a path; an answer says what was refused.</summary>
internal static class OtlpEndpoints
{
    internal static IEndpointRouteBuilder MapOtlp(this IEndpointRouteBuilder app)
    {
        app.MapPost("/v1/traces", (HttpContext context, TelemetryIntake intake) => TakeAsync(context, intake.TakeTraces));
        app.MapPost("/v1/logs", (HttpContext context, TelemetryIntake intake) => TakeAsync(context, intake.TakeLogs));
        app.MapPost("/v1/metrics", (HttpContext context, TelemetryIntake intake) => TakeAsync(context, intake.TakeMetrics));
        return app;
    }

    private static async Task TakeAsync(HttpContext context, Func<ReadOnlyMemory<byte>, int> take)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            limit.MaxRequestBodySize = OtlpBody.MostBytes;
        try
        {
            OtlpBody.Check(context.Request);
            using var body = await OtlpBody.ReadAsync(context.Request, context.RequestAborted);
            await OtlpAnswer.WriteAcceptedAsync(context.Response, take(body.Bytes), context.RequestAborted);
        }
        catch (OtlpRefusal refusal)
        {
            await OtlpAnswer.WriteRefusedAsync(context.Response, refusal.Status, refusal.Message, context.RequestAborted);
        }
        catch (BadHttpRequestException broken)
        {
            await OtlpAnswer.WriteRefusedAsync(context.Response, broken.StatusCode, broken.Message, context.RequestAborted);
        }
        catch (MalformedTelemetryException malformed)
        {
            await OtlpAnswer.WriteRefusedAsync(context.Response, StatusCodes.Status400BadRequest, malformed.Message, context.RequestAborted);
        }
    }
}
