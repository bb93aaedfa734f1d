using Microsoft.Extensions.Options;
using QueueService.Domain;
using ServiceDefaults.Redis;

namespace QueueService;

/// <summary>
/// Moves the lines on between the calls of their users. It runs on every replica and none leads: the script itself sees to it
/// that a line moves once per step. Its reading is also the one that all listeners of a line share.
/// </summary>
internal sealed partial class LineTicker(
    Lines lines, LineMemory memory, Audience audience, IOptions<LineOptions> options, TimeProvider time, ILogger<LineTicker> logger) : BackgroundService
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);
    private const int RenewedAtOnce = 500;
    private const int AtOnce = 8;

    private long _renewedAt;
    private bool _away;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _renewedAt = time.GetTimestamp();
        using var timer = new PeriodicTimer(options.Value.StepEvery, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await TickAsync(stoppingToken);
    }

    private async Task TickAsync(CancellationToken ct)
    {
        try
        {
            await Parallel.ForEachAsync(
                memory.Lines.Where(IsDue), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct },
                async (line, stop) => await lines.StepAsync(line.ConcertId, stop, wanted: false));
            if (time.GetElapsedTime(_renewedAt) >= options.Value.WaitingLease / 3)
                await RenewAsync(ct);
            memory.ForgetIdle();
            if (_away)
                Back(logger);
            _away = false;
        }
        catch (RedisUnavailableException e)
        {
            if (!_away)
                Away(logger, e.Message);
            _away = true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Failed(logger, e);
        }
    }

    private async Task RenewAsync(CancellationToken ct)
    {
        foreach (var line in audience.ByLine())
        {
            memory.Touch(line.Key);
            foreach (var chunk in line.Chunk(RenewedAtOnce))
                await lines.RenewAsync(line.Key, chunk, ct);
        }
        _renewedAt = time.GetTimestamp();
    }

    private bool IsDue(LineMemory.Remembered line)
        => line.View is { } view
            && (view.Waiting > 0 || view.Limits.OpensAt is not null || time.GetUtcNow() - view.SteppedAt >= Quiet);

    [LoggerMessage(LogLevel.Warning, "The lines stand still: {Reason}")]
    private static partial void Away(ILogger logger, string reason);

    [LoggerMessage(LogLevel.Information, "The lines move again.")]
    private static partial void Back(ILogger logger);

    [LoggerMessage(LogLevel.Error, "A step of a line failed")]
    private static partial void Failed(ILogger logger, Exception exception);
}
