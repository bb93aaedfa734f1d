using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Messaging;

/// <summary>
/// Wakes the relay: within the process at once, and through PostgreSQL's NOTIFY when another replica relays. A ring that gets lost
/// costs one poll interval; any number of rings before the relay looks are one.
/// </summary>
internal sealed partial class OutboxBell(
    NpgsqlDataSource db, RelayLease lease, IOptions<MessagingOptions> options, TimeProvider time, ILogger<OutboxBell> logger)
    : BackgroundService, IOutbox
{
    private const string Channel = "outbox";

    // Rings of a busy replica that does not relay become one NOTIFY per pause.
    private static readonly TimeSpan PauseBetweenRings = TimeSpan.FromMilliseconds(10);

    private readonly SemaphoreSlim rung = new(0, 1);
    private int pending;

    public void Wake()
    {
        // Only the first ring since the relay last looked has to do anything.
        if (Interlocked.Exchange(ref pending, 1) == 0)
            rung.Release();
    }

    /// <summary>True when it rang; after the poll interval false.</summary>
    public async Task<bool> WaitAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var ring = rung.WaitAsync(patience.Token);
        try
        {
            await ring.WaitAsync(options.Value.PollInterval, time, cancel);
        }
        catch (TimeoutException)
        {
            await patience.CancelAsync();
            await ring.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!ring.IsCompletedSuccessfully)
                return false;
        }
        // Before the look, not after it: what is committed from here on rings anew.
        Volatile.Write(ref pending, 0);
        return true;
    }

    /// <summary>Rings in the replica that relays, and gathers further rings for a moment.</summary>
    public async Task RingOthersAsync(CancellationToken cancel)
    {
        await using var command = db.CreateCommand($"NOTIFY {Channel}");
        await command.ExecuteNonQueryAsync(cancel);
        await Task.Delay(PauseBetweenRings, time, cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; !stoppingToken.IsCancellationRequested;)
        {
            try
            {
                await ListenAsync(() => failures = 0, stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or IOException)
            {
                Deaf(logger, e.Message);
                await Task.Delay(options.Value.Retry.After(++failures), time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(Action listening, CancellationToken cancel)
    {
        await using var connection = await db.OpenConnectionAsync(cancel);
        // Who does not relay has nothing to do, and would ring on in a circle.
        connection.Notification += (_, _) =>
        {
            if (lease.IsHeld)
                Wake();
        };
        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancel);
        listening();
        try
        {
            while (true)
                await connection.WaitAsync(cancel);
        }
        finally
        {
            // It must not go back to the pool with an ear.
            NpgsqlConnection.ClearPool(connection);
        }
    }

    public override void Dispose()
    {
        rung.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "Cannot hear other replicas' wake-ups, polling meanwhile: {Reason}")]
    private static partial void Deaf(ILogger logger, string reason);
}
