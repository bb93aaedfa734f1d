using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Npgsql;
using ServiceDefaults.Metrics;

namespace ServiceDefaults.Database;

/// <summary>What happens in this service's database, whoever does it: the locks that are waited for, the transactions that do not end.</summary>
internal sealed class DatabaseActivity : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private const string Sql = """
        SELECT count(*), count(*) FILTER (WHERE state = 'active'), count(*) FILTER (WHERE wait_event_type = 'Lock'),
               coalesce(extract(epoch FROM max(clock_timestamp() - query_start) FILTER (WHERE wait_event_type = 'Lock')), 0)::float8,
               coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)::float8,
               min(d.xact_commit), min(d.xact_rollback), min(d.blks_hit), min(d.blks_read), min(d.deadlocks),
               extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())::float8
        FROM pg_stat_database d LEFT JOIN pg_stat_activity a
            ON a.datid = d.datid AND a.backend_type = 'client backend' AND a.pid <> pg_backend_pid()
        WHERE d.datname = current_database()
        """;

    private readonly NpgsqlDataSource _db;
    private readonly TimeProvider _time;
    private volatile Sample? _last;

    // Every replica sees the whole database: take the maximum over replicas, not the sum.
    public DatabaseActivity(NpgsqlDataSource db, ServiceMetrics metrics, TimeProvider time)
    {
        (_db, _time) = (db, time);
        Gauge("postgresql.backends", s => s.Backends, "{connection}", "Connections to this database.");
        Gauge("postgresql.backends.active", s => s.Active, "{connection}", "Connections that run a command.");
        Gauge("postgresql.backends.blocked", s => s.Blocked, "{connection}", "Connections that wait for a lock.");
        Gauge("postgresql.lock.wait.max", s => s.LongestWait, "s", "The longest that a connection has been waiting for a lock.");
        Gauge("postgresql.transaction.age.max", s => s.OldestTransaction, "s", "Age of the oldest open transaction.");
        Gauge("postgresql.uptime", s => s.Uptime, "s", "Time since the server started.");
        Counter("postgresql.commits", s => s.Commits, "{transaction}", "Transactions committed.");
        Counter("postgresql.rollbacks", s => s.Rollbacks, "{transaction}", "Transactions rolled back.");
        Counter("postgresql.blocks_hit", s => s.BlocksHit, "{block}", "Blocks found in PostgreSQL's own cache.");
        Counter("postgresql.blocks_read", s => s.BlocksRead, "{block}", "Blocks that were not.");
        Counter("postgresql.deadlocks", s => s.Deadlocks, "{deadlock}", "Transactions ended because they waited for each other.");

        void Gauge(string name, Func<Sample, double> of, string unit, string description) =>
            metrics.Meter.CreateObservableGauge(name, () => Of(of), unit, description);
        void Counter(string name, Func<Sample, long> of, string unit, string description) =>
            metrics.Meter.CreateObservableCounter(name, () => Of(of), unit, description);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, _time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                _last = await SampleAsync(stoppingToken);
            }
            catch (NpgsqlException)
            {
                // Away, or its pool is full: other metrics tell. These say nothing rather than what was.
                _last = null;
            }
        }
    }

    private async Task<Sample?> SampleAsync(CancellationToken ct)
    {
        await using var command = _db.CreateCommand(Sql);
        await using var row = await command.ExecuteReaderAsync(ct);
        return await row.ReadAsync(ct)
            ? new Sample(
                row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetDouble(3), row.GetDouble(4),
                row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8), row.GetInt64(9), row.GetDouble(10))
            : null;
    }

    private IEnumerable<Measurement<T>> Of<T>(Func<Sample, T> of) where T : struct => _last is { } sample ? [new(of(sample))] : [];

    private sealed record Sample(
        long Backends, long Active, long Blocked, double LongestWait, double OldestTransaction,
        long Commits, long Rollbacks, long BlocksHit, long BlocksRead, long Deadlocks, double Uptime);
}
