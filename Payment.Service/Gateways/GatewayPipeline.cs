using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace PaymentService.Gateways;

/// <summary>Retry around the circuit breaker around the attempt's time-out. A declined card is an answer like any other, not a failure.</summary>
internal static class GatewayPipeline
{
    public static ResiliencePipeline<GatewayAnswer> Build(GatewayOptions options, TimeProvider time, CircuitBreakerStateProvider circuit)
    {
        var builder = new ResiliencePipelineBuilder<GatewayAnswer> { TimeProvider = time };
        if (options.MaxRetries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions<GatewayAnswer>
            {
                MaxRetryAttempts = options.MaxRetries,
                Delay = options.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                // Safe whatever became of the first attempt: the key is the same.
                ShouldHandle = static attempt => ValueTask.FromResult(IsFailure(attempt.Outcome.Result.Outcome) && attempt.Outcome.Exception is null),
            });
        }
        return builder
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<GatewayAnswer>
            {
                FailureRatio = options.BreakAtFailureRatio,
                SamplingDuration = options.BreakWindow,
                MinimumThroughput = options.BreakMinimumCalls,
                BreakDuration = options.BreakDuration,
                StateProvider = circuit,
                ShouldHandle = static attempt => ValueTask.FromResult(
                    attempt.Outcome.Exception is TimeoutRejectedException or OperationCanceledException
                    || (attempt.Outcome.Exception is null && IsFailure(attempt.Outcome.Result.Outcome))),
            })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.AttemptTimeout })
            .Build();
    }

    private static bool IsFailure(GatewayOutcome outcome) => outcome is GatewayOutcome.Unknown or GatewayOutcome.NotTaken;
}
