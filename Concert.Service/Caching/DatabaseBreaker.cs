using Npgsql;

namespace ConcertService;

/// <summary>After the database was found away, nobody waits for it for a second: what is cached is served, and the rest is a fast 503.</summary>
public sealed class DatabaseBreaker(TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private long _openUntil;

    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken ct)
    {
        if (time.GetUtcNow().UtcTicks < Interlocked.Read(ref _openUntil))
            throw new NpgsqlException("The database was away a moment ago.", new TimeoutException());

        try
        {
            return await read(ct);
        }
        catch (NpgsqlException e) when (e.IsTransient)
        {
            Interlocked.Exchange(ref _openUntil, (time.GetUtcNow() + Pause).UtcTicks);
            throw;
        }
    }
}
