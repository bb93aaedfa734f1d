using Microsoft.Extensions.Options;
using Npgsql;

namespace PaymentService.Cards;

/// <summary>Runs follow-up work on every replica, again and again; what one replica has claimed, the others skip.</summary>
public abstract partial class FollowUp(TimeProvider time, IOptions<ReconcilerOptions> options, ILogger logger) : BackgroundService
{
    protected ReconcilerOptions Options => options.Value;

    protected TimeProvider Time => time;

    /// <summary>Claims one batch and works it off; returns how much it was.</summary>
    public abstract Task<int> RunOnceAsync(CancellationToken ct);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Options.Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) == Options.Batch)
                    await Task.Yield();
            }
            catch (NpgsqlException e)
            {
                LaterThen(logger, GetType().Name, e.Message);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                Failed(logger, GetType().Name, e);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Work} goes on when the database is back: {Reason}")]
    private static partial void LaterThen(ILogger logger, string work, string reason);

    [LoggerMessage(LogLevel.Error, "{Work} failed, and tries again")]
    private static partial void Failed(ILogger logger, string work, Exception e);
}
