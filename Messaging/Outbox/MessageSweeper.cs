using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Messaging;

/// <summary>Forgets what was sent and consumed long ago. Runs on every replica: the rows of one are skipped by the other.</summary>
internal sealed partial class MessageSweeper(NpgsqlDataSource db, IOptions<MessagingOptions> options, TimeProvider time, ILogger<MessageSweeper> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private const int Batch = 2_000;

    // By the primary key, which is in order of age. Unsent and dead rows stay, whatever their age.
    private const string ForgetSent = """
        DELETE FROM outbox WHERE id = ANY (ARRAY(
            SELECT id FROM outbox WHERE id < $1 AND sent_at < $2 ORDER BY id LIMIT $3 FOR UPDATE SKIP LOCKED))
        """;

    private const string ForgetConsumed = """
        DELETE FROM inbox WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM inbox WHERE consumed_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                LaterThen(logger, e.Message);
            }
        }
    }

    internal async Task SweepAsync(CancellationToken cancel)
    {
        var before = time.GetUtcNow() - options.Value.KeepSent!.Value;
        while (await ExecuteAsync(ForgetSent, cancel, IdOf(before), before.UtcDateTime, Batch) == Batch)
            await Task.Yield();
        // The inbox remembers longer than the outbox can re-feed.
        var consumed = (before - options.Value.KeepSent!.Value / 4).UtcDateTime;
        while (await ExecuteAsync(ForgetConsumed, cancel, consumed, Batch) == Batch)
            await Task.Yield();
    }

    /// <summary>No message of that time or later has a smaller id.</summary>
    internal static Guid IdOf(DateTimeOffset moment)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(moment).TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[6..].Clear();
        return new Guid(bytes, bigEndian: true);
    }

    private async Task<int> ExecuteAsync(string sql, CancellationToken cancel, params object[] parameters)
    {
        await using var command = db.CreateCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return await command.ExecuteNonQueryAsync(cancel);
    }

    [LoggerMessage(LogLevel.Warning, "Old messages stay until the next sweep: {Reason}")]
    private static partial void LaterThen(ILogger logger, string reason);
}
