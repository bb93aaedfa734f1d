using Npgsql;

namespace ConcertService;

/// <summary>
/// Hears of every change of the read model from the database itself (LISTEN), whichever replica made it: a notification is part of the
/// commit, so none is sent without its change and none is lost while the connection stands. When it breaks, all that was read before counts
/// as unsure until read again.
/// </summary>
public sealed partial class SeatFeed(NpgsqlDataSource database, CacheMetrics metrics, TimeProvider time, ILogger<SeatFeed> log) : BackgroundService
{
    /// <summary>Without a feed, an answer may be this old.</summary>
    private static readonly TimeSpan AgeWithoutFeed = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(1);

    private long _session;
    private long _dataSet;
    private volatile bool _isLive;

    public event Action<SeatsChanged>? Changed;

    public bool IsLive => _isLive;

    /// <summary>Counts connections: what was read in an earlier session may have missed changes.</summary>
    public long Session => Interlocked.Read(ref _session);

    /// <summary>Whether something that changes only with the data set still holds.</summary>
    public bool IsCurrent(in Reading reading) =>
        time.GetUtcNow() < reading.StaticUntil && (!_isLive || reading.DataSet == Interlocked.Read(ref _dataSet));

    /// <summary>Whether something that follows the seats still holds.</summary>
    public bool IsFresh(in Reading reading) =>
        IsCurrent(reading) && (_isLive ? reading.Session == Session : time.GetUtcNow() - reading.At < AgeWithoutFeed);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                if (_isLive)
                    LogFeedLost(e);
                _isLive = false;
                await Task.Delay(RetryDelay, time, stoppingToken);
            }
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        connection.Notification += (_, notification) => Receive(notification.Channel, notification.Payload);
        await using (var listen = new NpgsqlCommand($"listen {SeatsChanged.Channel}; listen {CatalogueSeeder.Channel}", connection))
            await listen.ExecuteNonQueryAsync(ct);
        await using (var loaded = new NpgsqlCommand("select coalesce((select version from data_set), 0)", connection))
            Interlocked.Exchange(ref _dataSet, (long)(await loaded.ExecuteScalarAsync(ct))!);

        Interlocked.Increment(ref _session);
        _isLive = true;
        LogFeedLive();

        await using var ping = new NpgsqlCommand("select 1", connection) { CommandTimeout = 2 };
        while (true)
        {
            // A frozen server or a dead network says nothing at all, so silence is asked about.
            if (!await connection.WaitAsync(KeepAlive, ct))
                await ping.ExecuteNonQueryAsync(ct);
        }
    }

    private void Receive(string channel, string payload)
    {
        if (channel == CatalogueSeeder.Channel)
        {
            Interlocked.Exchange(ref _dataSet, long.Parse(payload));
            return;
        }

        var change = SeatsChanged.Parse(payload);
        Changed?.Invoke(change);
        metrics.Shown(time.GetUtcNow() - change.OccurredAt);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Hearing of seat changes from the database")]
    private partial void LogFeedLive();

    [LoggerMessage(Level = LogLevel.Warning, Message = "No longer hearing of seat changes: answers are checked against the database until the connection is back")]
    private partial void LogFeedLost(Exception exception);
}
