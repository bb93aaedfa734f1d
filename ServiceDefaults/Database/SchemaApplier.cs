using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using ServiceDefaults.Problems;

namespace ServiceDefaults.Database;

/// <summary>Brings the database to this build's schema before any hosted service starts and before the server listens.</summary>
internal sealed partial class SchemaApplier(
    NpgsqlDataSource db, SchemaFiles files, IOptions<DatabaseOptions> options, TimeProvider time, ILogger<SchemaApplier> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(250); ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            try
            {
                await ApplyAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException e) when (Passes(e) && time.GetElapsedTime(started) < options.Value.StartTimeout)
            {
                NotYet(logger, e.Message, pause);
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }

    // All files or none; a second replica waits at the lock and then finds nothing left to do.
    internal async Task ApplyAsync(CancellationToken ct)
    {
        await using var connection = await db.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, "SELECT pg_advisory_xact_lock(hashtext('schema_versions'))", ct);
        // Everybody who wants a table queues behind who waits to change it, so the old version would stand still: rather try again.
        await ExecuteAsync(connection, "SET LOCAL lock_timeout = '2s'", ct);
        var applied = await ReadAppliedAsync(connection, ct);

        foreach (var file in files.InOrder)
        {
            if (applied.TryGetValue((file.Assembly, file.Name), out var hash))
            {
                if (!file.Hash().AsSpan().SequenceEqual(hash))
                    throw new InvalidOperationException(
                        $"{file.Name} of {file.Assembly} was applied to this database and has been changed since. Put it back, and write the change as a new file.");
                continue;
            }
            await ExecuteAsync(connection, file.Sql, ct);
            await RecordAsync(connection, file, ct);
            Applied(logger, file.Name, file.Assembly);
        }
        await transaction.CommitAsync(ct);
    }

    private static async Task<Dictionary<(string, string), byte[]>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await ExecuteAsync(connection, """
            CREATE TABLE IF NOT EXISTS schema_versions (
                assembly   text        NOT NULL,
                file       text        NOT NULL,
                sha256     bytea       NOT NULL,
                applied_at timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (assembly, file))
            """, ct);

        var applied = new Dictionary<(string, string), byte[]>();
        await using var command = new NpgsqlCommand("SELECT assembly, file, sha256 FROM schema_versions", connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            applied[(reader.GetString(0), reader.GetString(1))] = reader.GetFieldValue<byte[]>(2);
        return applied;
    }

    private static async Task RecordAsync(NpgsqlConnection connection, SchemaFile file, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand("INSERT INTO schema_versions (assembly, file, sha256) VALUES ($1, $2, $3)", connection);
        command.Parameters.AddWithValue(file.Assembly);
        command.Parameters.AddWithValue(file.Name);
        command.Parameters.AddWithValue(file.Hash());
        await command.ExecuteNonQueryAsync(ct);
    }

    // Data files may run for minutes, and so may the wait for another replica's.
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(ct);
    }

    // Also while the server is up but its databases are still being made, or somebody holds a table that a file changes.
    private static bool Passes(NpgsqlException e)
        => e is not PostgresException p || InfrastructureFailures.IsPassing(p)
            || p.SqlState is PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "The schema cannot be brought up to date yet, next try in {Pause}: {Reason}")]
    private static partial void NotYet(ILogger logger, string reason, TimeSpan pause);

    [LoggerMessage(LogLevel.Information, "Applied {File} of {Assembly}")]
    private static partial void Applied(ILogger logger, string file, string assembly);
}
