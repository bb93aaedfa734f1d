using System.Globalization;
using LoadTests.Booking;
using Npgsql;
using StackExchange.Redis;

namespace LoadTests.Server;

/// <summary>What PostgreSQL and Redis say of themselves.</summary>
internal sealed class StoreSampler(Stores stores) : IAsyncDisposable
{
    private const string PostgresSql = """
        SELECT (SELECT sum(xact_commit) FROM pg_stat_database)::float8,
               (SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid())::float8,
               (SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock')::float8
        """;

    private readonly NpgsqlDataSource postgres = NpgsqlDataSource.Create(stores.ReservationDb);
    private readonly Lazy<ConnectionMultiplexer?> redis = new(() => Connect(stores.Redis));
    private double? commitsBefore;

    public async Task AddAsync(Dictionary<string, double> values, CancellationToken cancel)
    {
        try
        {
            await using var command = postgres.CreateCommand(PostgresSql);
            await using var row = await command.ExecuteReaderAsync(cancel);
            if (await row.ReadAsync(cancel))
            {
                var commits = row.GetDouble(0);
                if (commitsBefore is { } before) values["PostgreSQL: commits a second"] = commits - before;
                commitsBefore = commits;
                values["PostgreSQL waits: active statements"] = row.GetDouble(1);
                values["PostgreSQL waits: waiting for a lock"] = row.GetDouble(2);
            }
            if (redis.Value is { } connected) await AddRedisAsync(connected, values);
        }
        catch (Exception error) when (error is NpgsqlException or RedisException or TimeoutException)
        {
            // A store that does not answer leaves a gap, which is what there is to see.
        }
    }

    /// <summary>The next sample begins anew: what was counted before it belongs to no second of the run.</summary>
    public void ForgetCounts() => commitsBefore = null;

    public async ValueTask DisposeAsync()
    {
        await postgres.DisposeAsync();
        if (redis.IsValueCreated) redis.Value?.Dispose();
    }

    private static async Task AddRedisAsync(ConnectionMultiplexer redis, Dictionary<string, double> values)
    {
        var server = redis.GetServer(redis.GetEndPoints()[0]);
        foreach (var (key, value) in (await server.InfoAsync().WaitAsync(TimeSpan.FromSeconds(1))).SelectMany(section => section))
        {
            if (key == "instantaneous_ops_per_sec") values["Redis: operations a second"] = double.Parse(value, CultureInfo.InvariantCulture);
            else if (key == "used_memory") values["Redis memory MB: used"] = double.Parse(value, CultureInfo.InvariantCulture) / 1e6;
        }
    }

    private static ConnectionMultiplexer? Connect(string? connection)
    {
        if (connection is null) return null;
        var multiplexer = ConnectionMultiplexer.Connect(connection + ",allowAdmin=true,abortConnect=false");
        multiplexer.PreserveAsyncOrder = false;
        return multiplexer;
    }
}
