using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServiceDefaults.Problems;

namespace ServiceDefaults.Overload;

/// <summary>Endpoint metadata: not counted among the requests served at once.</summary>
internal sealed record NotShed
{
    public static readonly NotShed Instance = new();
}

/// <summary>Endpoint metadata: each user has a budget.</summary>
internal sealed record LimitedPerUser
{
    public static readonly LimitedPerUser Instance = new();
}

public static class OverloadConventions
{
    /// <summary>For streams that stay open (server-sent events) and for probes: takes no place among the requests served at once.</summary>
    public static TBuilder WithoutLoadShedding<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(NotShed.Instance));
        return builder;
    }

    /// <summary>429 <c>too-many-requests</c> with Retry-After for a user beyond the budget of the section <c>Overload</c>. Needs <c>RequireUser()</c>.</summary>
    public static TBuilder LimitPerUser<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(LimitedPerUser.Instance));
        return builder.ProducesProblems(StatusCodes.Status429TooManyRequests);
    }
}
