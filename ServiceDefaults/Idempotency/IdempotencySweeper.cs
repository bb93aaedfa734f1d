using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ServiceDefaults.Idempotency;

/// <summary>Forgets keys after a day. Runs on every replica: the rows of one are skipped by the other.</summary>
internal sealed partial class IdempotencySweeper(NpgsqlDataSource db, TimeProvider time, ILogger<IdempotencySweeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Retention = TimeSpan.FromHours(24);
    private const int Batch = 5_000;

    private const string Delete = $"""
        DELETE FROM {IdempotencyStore.Table} WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM {IdempotencyStore.Table} WHERE created_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await SweepAsync(db, time.GetUtcNow() - Retention, stoppingToken) == Batch)
                    await Task.Yield();
            }
            catch (NpgsqlException e)
            {
                LaterThen(logger, e.Message);
            }
        }
    }

    internal static async Task<int> SweepAsync(NpgsqlDataSource db, DateTimeOffset before, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Delete);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = before.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Batch });
        return await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(LogLevel.Warning, "Old idempotency keys stay until the next sweep: {Reason}")]
    private static partial void LaterThen(ILogger logger, string reason);
}
