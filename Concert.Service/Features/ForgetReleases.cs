using Npgsql;

namespace ConcertService;

/// <summary>Removes claims that were released so long ago that no late message about them can matter any more.</summary>
public sealed partial class ForgetReleases(NpgsqlDataSource database, TimeProvider time, ILogger<ForgetReleases> log) : BackgroundService
{
    public static readonly TimeSpan Retention = TimeSpan.FromHours(24);
    private static readonly TimeSpan Period = TimeSpan.FromHours(1);

    // Reads the whole table, which once an hour costs less than an index that every change would have to keep up.
    private const string Sql = "delete from seat_claims where state = 2 and changed_at < $1";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                LogSkipped(e);
            }
        }
    }

    public async Task<int> SweepAsync(CancellationToken ct)
    {
        await using var command = database.CreateCommand(Sql);
        command.CommandTimeout = 300;
        command.Parameters.Add(new() { Value = time.GetUtcNow() - Retention });
        return await command.ExecuteNonQueryAsync(ct);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Releases could not be forgotten this time")]
    private partial void LogSkipped(Exception exception);
}
