using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ServiceDefaults.Problems;

namespace ServiceDefaults.Overload;

/// <summary>Takes only as many requests as can be served well; the others hear at once that they should come back.</summary>
internal sealed class LoadSheddingMiddleware(RequestDelegate next, IOptions<OverloadOptions> options) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.MaxConcurrentRequests,
        QueueLimit = options.Value.MaxQueued,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public Task InvokeAsync(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<NotShed>() is null ? LimitedAsync(context) : next(context);

    private async Task LimitedAsync(HttpContext context)
    {
        using var lease = await _limiter.AcquireAsync(1, context.RequestAborted);
        if (lease.IsAcquired)
            await next(context);
        else
            await Problem.Overloaded("Too many requests at once.", RetryAfter).ExecuteAsync(context);
    }

    public void Dispose() => _limiter.Dispose();
}
