using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using ServiceDefaults.Idempotency;

namespace ServiceDefaults.Database;

public static class DatabaseExtensions
{
    /// <summary>
    /// Registers the <see cref="NpgsqlDataSource"/> of this connection, and applies the embedded <c>Data/*.sql</c> files of these
    /// assemblies, in this order, once each, before anything else starts.
    /// </summary>
    public static void AddDatabase(this IHostApplicationBuilder builder, string connectionName, params Assembly[] schemas)
    {
        var options = builder.Configuration.GetSection(DatabaseOptions.Section).Get<DatabaseOptions>() ?? new DatabaseOptions();
        builder.Services.AddOptions<DatabaseOptions>().BindConfiguration(DatabaseOptions.Section)
            .Validate(o => o.MaxPoolSize is >= 1 and <= 1000, "Database:MaxPoolSize must be between 1 and 1000.")
            .Validate(o => o.StartTimeout > TimeSpan.Zero, "Database:StartTimeout must be positive.")
            .ValidateOnStart();

        builder.AddNpgsqlDataSource(connectionName, configureDataSourceBuilder: source =>
        {
            Tune(source.ConnectionStringBuilder, options);
            // Sweepers and relays look every second; their commands would be traces of their own and hide those of requests.
            source.ConfigureTracing(tracing => tracing
                .ConfigureCommandFilter(_ => Activity.Current is not null)
                .ConfigureBatchFilter(_ => Activity.Current is not null)
                // The pool opens connections on its own account; how long that takes is a metric.
                .EnablePhysicalOpenTracing(false));
        });
        builder.Services.AddSingleton(SchemaFiles.Of(schemas));
        builder.Services.AddSingleton<SchemaApplier>();
        builder.Services.AddHostedService(s => s.GetRequiredService<SchemaApplier>());
        builder.Services.AddHostedService<DatabaseActivity>();
        // Who takes the table of keys along takes its sweeper along.
        if (schemas.Contains(typeof(IdempotencyStore).Assembly))
            builder.Services.AddHostedService<IdempotencySweeper>();
    }

    // Only what the connection string leaves at Npgsql's default.
    private static void Tune(NpgsqlConnectionStringBuilder connection, DatabaseOptions options)
    {
        var npgsql = new NpgsqlConnectionStringBuilder();
        if (connection.MaxPoolSize == npgsql.MaxPoolSize)
            connection.MaxPoolSize = options.MaxPoolSize;
        // The wait for a connection, from the pool or from the server: a full pool is a fast 503, not a long queue.
        if (connection.Timeout == npgsql.Timeout)
            connection.Timeout = 2;
        if (connection.CommandTimeout == npgsql.CommandTimeout)
            connection.CommandTimeout = 5;
        if (connection.MaxAutoPrepare == npgsql.MaxAutoPrepare)
            (connection.MaxAutoPrepare, connection.AutoPrepareMinUsages) = (64, 2);
        // No code of ours leaves session state behind, so a returned connection needs no reset.
        connection.NoResetOnClose = true;
        connection.Enlist = false;
    }
}
