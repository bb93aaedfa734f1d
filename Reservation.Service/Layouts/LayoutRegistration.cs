using Contracts;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace ReservationService.Layouts;

internal static class LayoutRegistration
{
    public static void AddLayouts(this IServiceCollection services)
    {
        // Measured and traced anyway; log scopes around each call would only cost.
        services.AddHttpClient(ResourceNames.Concert, http => http.BaseAddress = new Uri($"http://{ResourceNames.Concert}/")).RemoveAllLoggers();
        services.AddSingleton(provider => new LayoutCache(new LayoutClient(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(ResourceNames.Concert),
            Pipeline(provider.GetRequiredService<TimeProvider>())), provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>
    /// Reading is safe to repeat, but not where Concert is slow: a machine that is short of time would answer even later.
    /// All of it together stays well below what a customer waits for.
    /// </summary>
    private static ResiliencePipeline Pipeline(TimeProvider time) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(50),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>(),
        })
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromSeconds(5),
            BreakDuration = TimeSpan.FromSeconds(2),
            ShouldHandle = new PredicateBuilder().Handle<HttpRequestException>().Handle<TimeoutRejectedException>(),
        })
        .AddTimeout(TimeSpan.FromSeconds(2))
        .Build();
}
