using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServiceDefaults.Authentication;
using ServiceDefaults.Development;
using ServiceDefaults.Health;
using ServiceDefaults.Idempotency;
using ServiceDefaults.Metrics;
using ServiceDefaults.OpenApi;
using ServiceDefaults.Overload;
using ServiceDefaults.Problems;
using ServiceDefaults.Redis;
using ServiceDefaults.Shutdown;
using ServiceDefaults.Telemetry;
using ServiceDefaults.Tokens;

namespace Microsoft.Extensions.Hosting;

/// <summary>What every service of the system shares at run time.</summary>
public static class Extensions
{
    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder) where TBuilder : IHostApplicationBuilder
    {
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        builder.AddTelemetry();
        builder.AddTokens();
        builder.AddOverload();
        if (builder.Environment.IsDevelopment())
            services.AddSingleton<LeakMemory>().AddHostedService(s => s.GetRequiredService<LeakMemory>());
        services.AddHealth();
        Drain.Add(builder);
        services.AddServiceDiscovery();
        services.ConfigureHttpClientDefaults(http => http.AddServiceDiscovery());
        services.AddOptions<RedisGateOptions>().BindConfiguration(RedisGateOptions.Section)
            .Validate(o => o.Timeout > TimeSpan.Zero, "Redis:Timeout must be positive.")
            .Validate(o => o.FailuresToClose > 0, "Redis:FailuresToClose must be positive.")
            .Validate(o => o.ClosedFor > TimeSpan.Zero, "Redis:ClosedFor must be positive.")
            .ValidateOnStart();
        // By a factory, because a service without Redis has nothing to build it from, and need not.
        services.TryAddSingleton(s => ActivatorUtilities.CreateInstance<RedisGate>(s));
        services.AddOpenApi(options =>
        {
            var security = new SecurityTransformer();
            options.AddDocumentTransformer(security).AddOperationTransformer(security);
        });
        services.Configure<JsonOptions>(options => ConfigureJson(options.SerializerOptions));
        // A parameter that cannot be bound reaches the problem middleware as an exception, which names it.
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        return builder;
    }

    /// <summary>The pipeline and the operators' endpoints. Call it right after <c>Build()</c>.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.UseTelemetry();
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseMiddleware<LoadSheddingMiddleware>();
        app.UseMiddleware<BodyLimitMiddleware>();
        app.UseMiddleware<AccessMiddleware>();
        app.UseMiddleware<UserLimitMiddleware>();
        app.UseMiddleware<IdempotencyMiddleware>();
        app.MapHealth();
        app.MapGet("/metrics", app.Services.GetRequiredService<PrometheusScrape>().WriteAsync).WithoutLoadShedding().ExcludeFromDescription();
        app.MapOpenApi();
        if (app.Environment.IsDevelopment())
            LeakMemory.Map(app);
        return app;
    }

    // Strict: a number in quotes, a member given twice, or a missing one is the caller's mistake and not ours to guess about.
    private static void ConfigureJson(JsonSerializerOptions json)
    {
        json.NumberHandling = JsonNumberHandling.Strict;
        json.AllowDuplicateProperties = false;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }
}
