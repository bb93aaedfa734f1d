using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace ServiceDefaults.Telemetry;

/// <summary>Gives the server's span its name and OpenTelemetry's HTTP attributes; probes leave no span. Costs nothing for a request that is not sampled.</summary>
internal static class TracedRequests
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
        => context.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span ? DescribeAsync(context, next, span) : next(context);

    private static async Task DescribeAsync(HttpContext context, RequestDelegate next, Activity span)
    {
        var request = context.Request;
        if (IsProbe(request.Path))
        {
            // Nor does what happens inside, whatever the sampler says of a parent that is not recorded: nothing is its cause.
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            span.IsAllDataRequested = false;
            Activity.Current = null;
            await next(context);
            return;
        }

        span.SetTag("http.request.method", request.Method);
        span.SetTag("url.scheme", request.Scheme);
        span.SetTag("url.path", request.Path.Value);
        await next(context);

        var status = context.Response.StatusCode;
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        span.DisplayName = route is null ? request.Method : $"{request.Method} {route}";
        span.SetTag("http.route", route);
        span.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag("error.type", status.ToString());
            span.SetStatus(ActivityStatusCode.Error, span.StatusDescription);
        }
    }

    private static bool IsProbe(PathString path) => path.Value is "/health" or "/alive" or "/metrics";
}
