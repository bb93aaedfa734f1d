using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using ServiceDefaults.Database;
using ServiceDefaults.Idempotency;
using Testing;
using Xunit;

namespace ServiceDefaults.Tests;

public sealed class SchemaTests(Infrastructure infrastructure)
{
    private static readonly SchemaFile First = new("Test", "001-first.sql", "CREATE TABLE things (id int PRIMARY KEY); INSERT INTO things VALUES (1);");
    private static readonly SchemaFile Second = new("Test", "002-second.sql", "INSERT INTO things VALUES (2);");

    [Fact]
    public async Task Files_apply_once_each_in_order_and_later_ones_follow()
    {
        await using var db = await NewDatabaseAsync();
        await ApplyAsync(db, First);
        await ApplyAsync(db, First, Second);
        await ApplyAsync(db, First, Second);
        Assert.Equal(2L, await ScalarAsync(db, "SELECT count(*) FROM things"));
        Assert.Equal(2L, await ScalarAsync(db, "SELECT count(*) FROM schema_versions"));
    }

    [Fact]
    public async Task Many_replicas_at_once_apply_each_file_once()
    {
        await using var db = await NewDatabaseAsync();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ApplyAsync(db, First, Second)));
        Assert.Equal(2L, await ScalarAsync(db, "SELECT count(*) FROM things"));
    }

    [Fact]
    public async Task A_file_changed_after_it_was_applied_stops_the_start_by_name()
    {
        await using var db = await NewDatabaseAsync();
        await ApplyAsync(db, First);
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => ApplyAsync(db, First with { Sql = First.Sql + " -- changed" }));
        Assert.Contains("001-first.sql of Test", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_fails_leaves_nothing_behind()
    {
        await using var db = await NewDatabaseAsync();
        await Assert.ThrowsAsync<PostgresException>(() => ApplyAsync(db, First, Second with { Sql = "INSERT INTO nowhere VALUES (1)" }));
        Assert.Equal(DBNull.Value, await ScalarAsync(db, "SELECT to_regclass('things')::text"));
    }

    [Fact]
    public async Task A_start_waits_for_a_database_that_is_not_there_yet()
    {
        var server = await infrastructure.PostgresAsync();
        const string name = "made_later";
        var waited = new WaitingTime();
        await using var db = NpgsqlDataSource.Create(server.ConnectionString(name));
        var start = Applier(db, waited, First).StartingAsync(CancellationToken.None);
        await waited.Waiting;

        await server.CreateDatabaseAsync(name);
        await start;
        Assert.Equal(1L, await ScalarAsync(db, "SELECT count(*) FROM things"));
    }

    [Fact]
    public async Task A_start_gives_up_when_its_time_is_over()
    {
        var server = await infrastructure.PostgresAsync();
        await using var db = NpgsqlDataSource.Create(server.ConnectionString("never_made"));
        var applier = Applier(db, TimeProvider.System, new DatabaseOptions { StartTimeout = TimeSpan.FromMilliseconds(300) }, First);
        await Assert.ThrowsAsync<PostgresException>(() => applier.StartingAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_table_that_somebody_holds_is_tried_again_instead_of_making_everybody_queue()
    {
        await using var db = await NewDatabaseAsync();
        await ApplyAsync(db, First);
        await using var holder = await db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var reading = await holder.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var read = new NpgsqlCommand("SELECT count(*) FROM things", holder))
            await read.ExecuteScalarAsync(TestContext.Current.CancellationToken);

        var waited = new WaitingTime();
        var start = Applier(db, waited, First, new SchemaFile("Test", "002-wider.sql", "ALTER TABLE things ADD COLUMN name text")).StartingAsync(CancellationToken.None);
        await waited.Waiting.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        // The old version goes on reading.
        Assert.Equal(1L, await ScalarAsync(db, "SELECT count(*) FROM things"));

        await reading.RollbackAsync(TestContext.Current.CancellationToken);
        await start;
        Assert.Equal(0L, await ScalarAsync(db, "SELECT count(name) FROM things"));
    }

    [Fact]
    public void The_table_of_keys_is_among_the_files_of_the_defaults()
        => Assert.Contains(SchemaFiles.Of([typeof(IdempotencyStore).Assembly]).InOrder, f => f.Name == "001-idempotency.sql");

    private static SchemaApplier Applier(NpgsqlDataSource db, TimeProvider time, params SchemaFile[] files)
        => Applier(db, time, new DatabaseOptions(), files);

    private static SchemaApplier Applier(NpgsqlDataSource db, TimeProvider time, DatabaseOptions options, params SchemaFile[] files)
        => new(db, new SchemaFiles(files), Options.Create(options), time, NullLogger<SchemaApplier>.Instance);

    private static Task ApplyAsync(NpgsqlDataSource db, params SchemaFile[] files)
        => Applier(db, TimeProvider.System, files).StartingAsync(CancellationToken.None);

    private static async Task<object?> ScalarAsync(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private async Task<NpgsqlDataSource> NewDatabaseAsync()
        => NpgsqlDataSource.Create(await (await infrastructure.PostgresAsync()).CreateDatabaseAsync());

    /// <summary>Tells when the first pause begins.</summary>
    private sealed class WaitingTime : TimeProvider
    {
        private readonly TaskCompletionSource _waiting = new();

        public Task Waiting => _waiting.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _waiting.TrySetResult();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }
}
