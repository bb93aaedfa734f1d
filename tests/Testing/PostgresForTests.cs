using Local.Servers;

namespace Testing;

public static class PostgresForTests
{
    private static int _databases;

    /// <summary>A fresh, empty database; returns its connection string.</summary>
    public static async Task<string> CreateDatabaseAsync(this PostgresServer server)
    {
        var name = $"test_{Interlocked.Increment(ref _databases)}";
        await server.CreateDatabaseAsync(name);
        return server.ConnectionString(name);
    }
}
