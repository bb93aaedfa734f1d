using Contracts;
using Polly;
using Polly.CircuitBreaker;
using Polly.Hedging;
using Polly.Timeout;

namespace ReservationService.Layouts;

internal static class LayoutRegistration
{
    public static void AddLayouts(this IServiceCollection services)
    {
        // Measured and traced anyway; log scopes around each call would only cost.
        services.AddHttpClient(ResourceNames.Concert, http => http.BaseAddress = new Uri($"http://{ResourceNames.Concert}/")).RemoveAllLoggers();
        services.AddSingleton(provider => new LayoutClient(
            provider.GetRequiredService<IHttpClientFactory>().CreateClient(ResourceNames.Concert), Pipeline(provider.GetRequiredService<TimeProvider>())));
        services.AddSingleton<LayoutCache>();
        services.AddHostedService<LayoutRehearsal>();
    }

    /// <summary>
    /// Reading is safe to repeat: a second question goes out beside one that takes long, for one replica may hang, and the first answer counts.
    /// All of it together stays well below what a customer waits for.
    /// </summary>
    private static ResiliencePipeline<Layout?> Pipeline(TimeProvider time) => new ResiliencePipelineBuilder<Layout?> { TimeProvider = time }
        .AddCircuitBreaker(new CircuitBreakerStrategyOptions<Layout?>
        {
            FailureRatio = 0.5,
            MinimumThroughput = 10,
            SamplingDuration = TimeSpan.FromSeconds(5),
            BreakDuration = TimeSpan.FromSeconds(2),
            ShouldHandle = new PredicateBuilder<Layout?>().Handle<HttpRequestException>().Handle<TimeoutRejectedException>(),
        })
        .AddTimeout(TimeSpan.FromSeconds(2))
        .AddHedging(new HedgingStrategyOptions<Layout?>
        {
            MaxHedgedAttempts = 2,
            Delay = TimeSpan.FromMilliseconds(800),
            ShouldHandle = new PredicateBuilder<Layout?>().Handle<HttpRequestException>(),
        })
        .Build();
}
