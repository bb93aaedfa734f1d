using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ServiceDefaults.Authentication;
using ServiceDefaults.Problems;

namespace ServiceDefaults.Overload;

/// <summary>One user cannot use up what is there for all.</summary>
internal sealed class UserLimitMiddleware(RequestDelegate next, IOptions<OverloadOptions> options, TimeProvider time)
{
    private readonly UserBudgets _budgets = new(options.Value.UserRequestsPerSecond, options.Value.UserBurst, time);

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<LimitedPerUser>() is null || context.Features.Get<SignedInUser>() is not { } user)
            return next(context);

        return _budgets.TryTake(user.Id)
            ? next(context)
            : Problem.Of(
                StatusCodes.Status429TooManyRequests, "too-many-requests", "This user asks too often.", retryAfter: TimeSpan.FromSeconds(1)).ExecuteAsync(context);
    }
}
