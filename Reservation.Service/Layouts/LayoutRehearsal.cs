namespace ReservationService.Layouts;

/// <summary>
/// Asks Concert a first question before a customer waits for it: the runtime compiles all that asking needs, which on a machine
/// busy with starting everything can take longer than a customer is kept waiting. Asks again until Concert is up and answers.
/// </summary>
internal sealed class LayoutRehearsal(LayoutClient client, TimeProvider time) : BackgroundService
{
    private const long NoSchedule = 0;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await HasAnsweredAsync(stoppingToken)) await Task.Delay(Pause, time, stoppingToken);
    }

    private async Task<bool> HasAnsweredAsync(CancellationToken ct)
    {
        try
        {
            await client.FetchAsync(NoSchedule, ct);
            return true;
        }
        catch (Exception) when (!ct.IsCancellationRequested)
        {
            // Whatever it is, customers who meet it are told; a rehearsal must not end the service.
            return false;
        }
    }
}
