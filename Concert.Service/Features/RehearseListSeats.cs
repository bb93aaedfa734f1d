namespace ConcertService;

/// <summary>
/// Looks at one schedule's seats before the service answers its first request: the runtime compiles all that a look needs, which on a machine
/// busy with starting everything can take longer than a look may take, and the first customer would be told to come again.
/// </summary>
internal sealed partial class RehearseListSeats(ListSeats seats, ILogger<RehearseListSeats> log) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await seats.RehearseAsync(cancellationToken);
            LogRehearsed();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is, customers who meet it are told; a rehearsal must not keep the service from starting.
            LogNotRehearsed(e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Debug, Message = "Looked at the seats of one schedule")]
    private partial void LogRehearsed();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not look at the seats of one schedule: the first customer may wait longer")]
    private partial void LogNotRehearsed(Exception exception);
}
