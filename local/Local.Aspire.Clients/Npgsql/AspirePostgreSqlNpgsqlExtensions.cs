using Aspire;
using Aspire.Npgsql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Microsoft.Extensions.Hosting;

/// <summary>Connects a service to PostgreSQL.</summary>
public static class AspirePostgreSqlNpgsqlExtensions
{
    private const string Section = "Aspire:Npgsql";

    /// <summary>Registers the singleton <see cref="NpgsqlDataSource"/> of <c>ConnectionStrings:&lt;connectionName&gt;</c>.</summary>
    public static void AddNpgsqlDataSource(
        this IHostApplicationBuilder builder, string connectionName,
        Action<NpgsqlSettings>? configureSettings = null, Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
        => Add(builder, connectionName, serviceKey: null, configureSettings, configureDataSourceBuilder);

    /// <summary>The same as a keyed service.</summary>
    public static void AddKeyedNpgsqlDataSource(
        this IHostApplicationBuilder builder, string name,
        Action<NpgsqlSettings>? configureSettings = null, Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder = null)
        => Add(builder, name, serviceKey: name, configureSettings, configureDataSourceBuilder);

    private static void Add(
        IHostApplicationBuilder builder, string connectionName, string? serviceKey,
        Action<NpgsqlSettings>? configureSettings, Action<NpgsqlDataSourceBuilder>? configureDataSourceBuilder)
    {
        ArgumentException.ThrowIfNullOrEmpty(connectionName);
        var section = builder.Configuration.GetSection(Section);
        var settings = new NpgsqlSettings();
        section.Bind(settings);
        section.GetSection(connectionName).Bind(settings);
        if (builder.Configuration.GetConnectionString(connectionName) is { } connectionString)
            settings.ConnectionString = connectionString;
        configureSettings?.Invoke(settings);

        NpgsqlDataSource Build(IServiceProvider services)
        {
            if (string.IsNullOrWhiteSpace(settings.ConnectionString))
                throw new InvalidOperationException(
                    $"ConnectionString is missing. It should be provided in 'ConnectionStrings:{connectionName}' or under the 'ConnectionString' key in '{Section}'.");
            var dataSource = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = connectionName };
            dataSource.UseLoggerFactory(services.GetService<ILoggerFactory>());
            configureDataSourceBuilder?.Invoke(dataSource);
            return dataSource.Build();
        }

        if (serviceKey is null)
            builder.Services.AddSingleton(Build).AddTransient(s => s.GetRequiredService<NpgsqlDataSource>().CreateConnection());
        else
            builder.Services.AddKeyedSingleton(serviceKey, (s, _) => Build(s))
                .AddKeyedTransient(serviceKey, (s, key) => s.GetRequiredKeyedService<NpgsqlDataSource>(key).CreateConnection());

        if (!settings.DisableHealthChecks)
            builder.TryAddHealthCheck(
                serviceKey is null ? "PostgreSql" : $"PostgreSql_{connectionName}",
                s => new NpgsqlHealthCheck(
                    serviceKey is null ? s.GetRequiredService<NpgsqlDataSource>() : s.GetRequiredKeyedService<NpgsqlDataSource>(serviceKey)));
        NpgsqlTelemetry.Add(builder.Services, !settings.DisableTracing, !settings.DisableMetrics);
    }
}
