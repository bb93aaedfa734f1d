using Messaging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ReservationService.Features;

/// <summary>Gives the seats of holds back that nobody paid for. Runs on every replica: the rows of one are skipped by the other.</summary>
internal sealed partial class ExpireHolds(
    NpgsqlDataSource db, IOutbox outbox, IOptions<HoldOptions> options, ReservationMetrics metrics, TimeProvider time, ILogger<ExpireHolds> logger) : BackgroundService
{
    private const int Batch = 200;

    private const string Sql = """
        WITH due AS (
            SELECT id, row_number() OVER (ORDER BY held_until) AS n FROM (
                SELECT id, held_until FROM reservations
                WHERE status IN ('held', 'paying') AND held_until <= $1
                ORDER BY held_until LIMIT $2 FOR UPDATE SKIP LOCKED) locked)
        SELECT count(*) FILTER (WHERE release_reservation(id, 'expired', 'Expired', ($3::uuid[])[n], NULL)) FROM due
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.SweepEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await SweepAsync(stoppingToken) == Batch) await Task.Yield();
            }
            catch (NpgsqlException error)
            {
                SweepFailed(logger, error.Message);
            }
        }
    }

    internal async Task<long> SweepAsync(CancellationToken ct)
    {
        await using var command = db.CreateCommand(Sql);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = (time.GetUtcNow() - options.Value.Grace).UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Batch });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. Enumerable.Range(0, Batch).Select(_ => Guid.CreateVersion7())] });
        var expired = (long)(await command.ExecuteScalarAsync(ct))!;
        if (expired > 0)
        {
            outbox.Wake();
            metrics.Became(Statuses.Expired, expired);
        }
        return expired;
    }

    [LoggerMessage(LogLevel.Warning, "Expired holds stay until the next sweep: {Reason}")]
    private static partial void SweepFailed(ILogger logger, string reason);
}
