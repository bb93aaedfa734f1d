using Aspire;
using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects a service to Redis.</summary>
public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    /// <summary>Registers the singleton <see cref="IConnectionMultiplexer"/> of <c>ConnectionStrings:&lt;connectionName&gt;</c>.</summary>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder, string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null, Action<ConfigurationOptions>? configureOptions = null)
        => Add(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    /// <summary>The same as a keyed service.</summary>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder, string name,
        Action<StackExchangeRedisSettings>? configureSettings = null, Action<ConfigurationOptions>? configureOptions = null)
        => Add(builder, name, serviceKey: name, configureSettings, configureOptions);

    private static void Add(
        IHostApplicationBuilder builder, string connectionName, string? serviceKey,
        Action<StackExchangeRedisSettings>? configureSettings, Action<ConfigurationOptions>? configureOptions)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var section = builder.Configuration.GetSection(Section);
        var settings = new StackExchangeRedisSettings();
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
            settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);

        IConnectionMultiplexer Connect() => RedisConnection.Open(connectionName, settings, configureOptions);
        if (serviceKey is null)
            builder.Services.AddSingleton(_ => Connect());
        else
            builder.Services.AddKeyedSingleton(serviceKey, (_, _) => Connect());

        IConnectionMultiplexer Resolve(IServiceProvider s)
            => serviceKey is null ? s.GetRequiredService<IConnectionMultiplexer>() : s.GetRequiredKeyedService<IConnectionMultiplexer>(serviceKey);

        if (!settings.DisableAutoActivation)
            builder.Services.AddHostedService(s => new RedisActivation(() => Resolve(s)));
        if (!settings.DisableHealthChecks)
            builder.TryAddHealthCheck(
                serviceKey is null ? "StackExchange.Redis" : $"StackExchange.Redis_{connectionName}", s => new RedisHealthCheck(Resolve(s)));
    }
}
