using Npgsql;

namespace LoadTests.Books;

/// <summary>One service's database, read only.</summary>
internal sealed class Book(string connectionString) : IAsyncDisposable
{
    private const int ReadTimeoutSeconds = 300;

    private readonly NpgsqlDataSource db = NpgsqlDataSource.Create(connectionString);

    public async Task<List<string>> TextsAsync(string sql, CancellationToken cancel) => [.. await ReadAsync(sql, row => row.GetString(0), cancel)];

    public Task<HashSet<(Guid, Guid)>> PairsAsync(string sql, CancellationToken cancel) => ReadAsync(sql, row => (row.GetGuid(0), row.GetGuid(1)), cancel);

    public Task<HashSet<(long, long)>> NumbersAsync(string sql, CancellationToken cancel) => ReadAsync(sql, row => (row.GetInt64(0), row.GetInt64(1)), cancel);

    public ValueTask DisposeAsync() => db.DisposeAsync();

    private async Task<HashSet<T>> ReadAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(sql);
        command.CommandTimeout = ReadTimeoutSeconds;
        await using var rows = await command.ExecuteReaderAsync(cancel);
        var all = new HashSet<T>();
        while (await rows.ReadAsync(cancel)) all.Add(read(rows));
        return all;
    }
}
