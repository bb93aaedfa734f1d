using Npgsql;
using Testing;

namespace Aspire.Hosting.Tests;

public sealed class ServerTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task PostgreSQL_answers_keeps_its_data_over_a_crash_and_never_runs_without_fsync()
    {
        var server = await infrastructure.CreatePostgresAsync();
        var database = await server.CreateDatabaseAsync();
        await ExecuteAsync(database, "CREATE TABLE seats (id int); INSERT INTO seats VALUES (42)");

        await server.KillAsync();
        await server.StartAsync();

        Assert.Equal(42, await ExecuteAsync(database, "SELECT id FROM seats"));
        Assert.Equal("on", await ExecuteAsync(database, "SHOW fsync"));
        Assert.Equal("on", await ExecuteAsync(database, "SHOW synchronous_commit"));
        Assert.Equal("on", await ExecuteAsync(database, "SHOW data_checksums"));
    }

    [Fact]
    public async Task A_frozen_PostgreSQL_does_not_answer_until_it_thaws()
    {
        var server = await infrastructure.CreatePostgresAsync();
        server.Freeze();
        await Assert.ThrowsAnyAsync<Exception>(() => server.ProbeAsync(TestContext.Current.CancellationToken));
        server.Thaw();
        await server.ProbeAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Redis_wants_its_password_and_keeps_its_data_over_a_restart()
    {
        var server = await infrastructure.CreateRedisAsync();
        Assert.StartsWith("-NOAUTH", await server.RoundTripAsync("PING\r\n", 1));
        Assert.Equal("+OK\r\n+OK\r\n", await server.RoundTripAsync("AUTH test\r\nSET seat 42\r\n", 2));

        await server.RestartAsync();

        Assert.Equal("+OK\r\n$2\r\n42\r\n", await server.RoundTripAsync("AUTH test\r\nGET seat\r\n", 3));
    }

    private static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }
}
