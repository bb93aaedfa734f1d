using Npgsql;
using Testing;
using Xunit;

namespace ConcertService.Tests;

/// <summary>What a service does by itself before its first customer comes.</summary>
public sealed class RehearseListSeatsTests(Infrastructure infrastructure)
{
    [Fact]
    public async Task A_service_looks_at_seats_before_it_answers_anybody()
    {
        var database = await LoadedAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var held = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await RunAsync(connection, "lock table seats in access exclusive mode");

        await using var replica = new Replica(database);
        var answered = Task.Run(() => replica.Http.GetAsync("/health"), TestContext.Current.CancellationToken);
        await using var waiting = source.CreateCommand("select count(*) from pg_locks where relation = 'seats'::regclass and not granted");
        while ((long)(await waiting.ExecuteScalarAsync(TestContext.Current.CancellationToken))! == 0)
            Assert.False(answered.IsCompleted, "It answers without having looked.");

        await held.RollbackAsync(TestContext.Current.CancellationToken);
        (await answered).Dispose();
    }

    [Fact]
    public async Task A_look_that_fails_does_not_keep_the_service_from_starting()
    {
        var database = await LoadedAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await using (var connection = await source.OpenConnectionAsync(TestContext.Current.CancellationToken))
            await RunAsync(connection, "alter table seats rename to hidden");

        await using var replica = new Replica(database);
        Assert.Equal(150, await replica.SeatsAvailableAsync(1));
    }

    private async Task<string> LoadedAsync()
    {
        var database = await (await infrastructure.PostgresAsync()).CreateDatabaseAsync();
        await using var replica = new Replica(database);
        await replica.SeatMapAsync(1);
        return database;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
