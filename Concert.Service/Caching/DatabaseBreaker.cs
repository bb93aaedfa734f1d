using Npgsql;

namespace ConcertService;

/// <summary>
/// Bounds the wait for the database. After it was found away, nobody waits for it for a second: what is cached is served, and the rest is a fast 503.
/// </summary>
public sealed class DatabaseBreaker(TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long _openUntil;

    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken ct)
    {
        if (time.GetUtcNow().UtcTicks < Interlocked.Read(ref _openUntil))
            throw new TimeoutException("The database was away a moment ago.");

        try
        {
            return await read(ct).WaitAsync(Limit, time, ct);
        }
        catch (Exception e) when (e is TimeoutException or NpgsqlException { IsTransient: true })
        {
            Interlocked.Exchange(ref _openUntil, (time.GetUtcNow() + Pause).UtcTicks);
            throw;
        }
    }
}
