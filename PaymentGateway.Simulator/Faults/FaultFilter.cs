using ServiceDefaults.Problems;

namespace PaymentGatewaySimulator.Faults;

/// <summary>Lets the faults in force hit the calls of merchants.</summary>
internal sealed class FaultFilter(FaultSwitch faults, TimeProvider time, IHostApplicationLifetime lifetime) : IEndpointFilter
{
    private const double Even = 0.5;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var settings = faults.Settings;
        if (settings.Down)
            return Problem.Overloaded("The gateway is down for maintenance; nothing was done.", TimeSpan.FromSeconds(5));
        // A real gateway goes on when its client has hung up: that is how an approval comes late.
        if (faults.DrawLatency() is { Ticks: > 0 } latency)
            await Task.Delay(latency, time, lifetime.ApplicationStopping);
        if (faults.Hits(settings.ErrorRate))
            return Problem.Of(StatusCodes.Status500InternalServerError, "internal-error", "The gateway has failed.");
        if (faults.Hits(settings.HangRate))
            return await HangAsync(context, next);

        var answer = await next(context);
        if (context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<TakesMoney>() is not null && faults.Hits(settings.DropAfterApprovalRate))
            context.HttpContext.Abort();
        return answer;
    }

    private async Task<object?> HangAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        if (faults.Hits(Even))
            await next(context);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.HttpContext.RequestAborted, lifetime.ApplicationStopping);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (end.Token.Register(ended.SetResult))
            await ended.Task;
        context.HttpContext.Abort();
        return Results.Empty;
    }
}

/// <summary>Endpoint metadata: an approval.</summary>
internal sealed record TakesMoney;
