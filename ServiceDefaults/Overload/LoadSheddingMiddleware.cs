using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ServiceDefaults.Metrics;
using ServiceDefaults.Problems;

namespace ServiceDefaults.Overload;

/// <summary>Takes only as many requests as can be served well; the others hear at once that they should come back.</summary>
internal sealed class LoadSheddingMiddleware : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly RequestDelegate _next;
    private readonly ConcurrencyLimiter _limiter;

    public LoadSheddingMiddleware(RequestDelegate next, IOptions<OverloadOptions> options, ServiceMetrics metrics)
    {
        _next = next;
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.Value.MaxConcurrentRequests,
            QueueLimit = options.Value.MaxQueued,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        metrics.Meter.CreateObservableUpDownCounter("overload.queued", () => _limiter.GetStatistics()!.CurrentQueuedCount, "{request}", "Requests that wait to be served.");
        metrics.Meter.CreateObservableCounter("overload.refused", () => _limiter.GetStatistics()!.TotalFailedLeases, "{request}", "Requests sent away because too many were here.");
    }

    public Task InvokeAsync(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<NotShed>() is null ? LimitedAsync(context) : _next(context);

    private async Task LimitedAsync(HttpContext context)
    {
        using var lease = await _limiter.AcquireAsync(1, context.RequestAborted);
        if (lease.IsAcquired)
            await _next(context);
        else
            await Problem.Overloaded("Too many requests at once.", RetryAfter).ExecuteAsync(context);
    }

    public void Dispose() => _limiter.Dispose();
}
