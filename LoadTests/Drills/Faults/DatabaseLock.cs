using Npgsql;

namespace LoadTests.Drills;

/// <summary>A lock that somebody else's transaction holds until it is disposed.</summary>
internal sealed class DatabaseLock : IAsyncDisposable
{
    private readonly NpgsqlConnection session;
    private readonly NpgsqlTransaction open;

    private DatabaseLock(NpgsqlConnection connection, NpgsqlTransaction transaction) => (session, open) = (connection, transaction);

    public static async Task<DatabaseLock> TakeAsync(string database, string sql, CancellationToken cancel)
    {
        var connection = new NpgsqlConnection($"{database};Pooling=false");
        await connection.OpenAsync(cancel);
        var transaction = await connection.BeginTransactionAsync(cancel);
        await using var command = new NpgsqlCommand(sql, connection, transaction);
        await command.ExecuteNonQueryAsync(cancel);
        return new DatabaseLock(connection, transaction);
    }

    public async ValueTask DisposeAsync()
    {
        await open.RollbackAsync();
        await session.DisposeAsync();
    }
}
