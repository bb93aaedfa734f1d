using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using ServiceDefaults.Problems;

namespace ServiceDefaults.Idempotency;

/// <summary>Endpoint metadata: refused without an Idempotency-Key.</summary>
internal sealed record IdempotencyKeyRequired
{
    public static readonly IdempotencyKeyRequired Instance = new();
}

public static class IdempotencyConventions
{
    /// <summary>400 <c>invalid-request</c> naming the header where it is missing or malformed.</summary>
    public static TBuilder RequireIdempotencyKey<TBuilder>(this TBuilder builder) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(IdempotencyKeyRequired.Instance));
        return builder.ProducesProblems(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status422UnprocessableEntity);
    }
}

internal sealed class IdempotencyMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
        => context.GetEndpoint()?.Metadata.GetMetadata<IdempotencyKeyRequired>() is not null && IdempotencyKey.Read(context.Request) is null
            ? Problem.Invalid(IdempotencyKey.Header, "The header is required.").ExecuteAsync(context)
            : next(context);
}
