using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;

namespace ServiceDefaults.Overload;

/// <summary>One user cannot use up what is there for all.</summary>
internal sealed class UserLimitMiddleware(RequestDelegate next, IOptions<OverloadOptions> options) : IDisposable
{
    private readonly PartitionedRateLimiter<long> _limiter = PartitionedRateLimiter.Create<long, long>(user =>
        RateLimitPartition.GetTokenBucketLimiter(user, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = options.Value.UserBurst,
            TokensPerPeriod = options.Value.UserRequestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            AutoReplenishment = false,
        }));

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<LimitedPerUser>() is null || context.Features.Get<SignedInUser>() is not { } user)
            return next(context);

        return TryTake(user.Id)
            ? next(context)
            : Problem.Of(
                StatusCodes.Status429TooManyRequests, "too-many-requests", "This user asks too often.", retryAfter: TimeSpan.FromSeconds(1)).ExecuteAsync(context);
    }

    private bool TryTake(long user)
    {
        using var lease = _limiter.AttemptAcquire(user);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
