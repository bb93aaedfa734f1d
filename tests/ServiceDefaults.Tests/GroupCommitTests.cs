using Npgsql;
using ServiceDefaults.Database;
using Testing;
using Xunit;

namespace ServiceDefaults.Tests;

public sealed class GroupCommitTests(Infrastructure infrastructure)
{
    private const string Tables = """
        CREATE TABLE written (n bigint PRIMARY KEY, transaction xid8 NOT NULL DEFAULT pg_current_xact_id(), position bigint GENERATED ALWAYS AS IDENTITY);
        CREATE TABLE counters (id bigint PRIMARY KEY, value bigint NOT NULL);
        INSERT INTO counters SELECT id, 0 FROM generate_series(1, 10) id;
        CREATE FUNCTION count_up(ids bigint[]) RETURNS SETOF bigint LANGUAGE plpgsql AS $$
        DECLARE
            counted bigint;
        BEGIN
            FOR i IN 1 .. cardinality(ids) LOOP
                UPDATE counters SET value = value + 1 WHERE id = ids[i] RETURNING value INTO counted;
                RETURN NEXT counted;
            END LOOP;
        END $$;
        CREATE TABLE checked_at_commit (n bigint UNIQUE DEFERRABLE INITIALLY DEFERRED);
        """;

    [Fact]
    public async Task Commands_that_come_at_once_share_transactions_and_run_in_their_order()
    {
        await using var db = await NewDatabaseAsync();
        var commits = Writer(db);

        var answers = await Task.WhenAll(Enumerable.Range(1, 200).Reverse().Select(n => WriteAsync(commits, n)));

        Assert.Equal(Enumerable.Range(1, 200).Reverse().Select(n => (long)n), answers);
        Assert.Equal(200L, await ScalarAsync(db, "SELECT count(*) FROM written"));
        Assert.InRange((long)(await ScalarAsync(db, "SELECT count(DISTINCT transaction) FROM written"))!, 7, 100);
        Assert.Equal(0L, await ScalarAsync(db, """
            SELECT count(*) FROM (SELECT n < lag(n) OVER (PARTITION BY transaction ORDER BY position) AS is_late FROM written) AS w WHERE is_late
            """));
    }

    [Fact]
    public async Task What_one_command_is_refused_for_does_not_touch_those_beside_it()
    {
        await using var db = await NewDatabaseAsync();
        var commits = Writer(db);
        await ScalarAsync(db, "INSERT INTO written (n) VALUES (13)");

        var writes = Enumerable.Range(1, 50).Select(n => WriteAsync(commits, n)).ToArray();
        var refused = await Assert.ThrowsAsync<PostgresException>(() => writes[12]);
        await Task.WhenAll(writes.Where((_, i) => i != 12));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, refused.SqlState);
        Assert.Equal(50L, await ScalarAsync(db, "SELECT count(*) FROM written"));
    }

    /// <summary>A deferred constraint lets the statement pass and the commit fail.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task Nobody_is_answered_before_the_commit(int commands)
    {
        await using var db = await NewDatabaseAsync();
        var commits = Commits(db, "INSERT INTO checked_at_commit SELECT unnest($1) RETURNING n");
        await ScalarAsync(db, "INSERT INTO checked_at_commit SELECT generate_series(1, 50)");

        var writes = Enumerable.Range(1, commands).Select(n => WriteAsync(commits, n)).ToArray();

        foreach (var write in writes)
            Assert.Equal(PostgresErrorCodes.UniqueViolation, (await Assert.ThrowsAsync<PostgresException>(() => write)).SqlState);
        Assert.Equal(50L, await ScalarAsync(db, "SELECT count(*) FROM checked_at_commit"));
    }

    [Fact]
    public async Task Somebody_elses_lock_holds_up_only_who_wants_what_is_locked()
    {
        await using var db = await NewDatabaseAsync();
        var commits = Counter(db);
        await using var somebody = await db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var theirs = await LockAsync(somebody, counter: 5);

        var counts = Enumerable.Range(1, 10).Select(id => WriteAsync(commits, id)).ToArray();
        await Task.WhenAll(counts.Where((_, i) => i != 4));
        Assert.False(counts[4].IsCompleted);

        await theirs.RollbackAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, await counts[4]);
        Assert.Equal(10L, await ScalarAsync(db, "SELECT sum(value)::bigint FROM counters"));
    }

    [Fact]
    public async Task Who_gave_up_waiting_for_a_turn_writes_nothing()
    {
        await using var db = await NewDatabaseAsync(mostConnections: 1);
        var time = new ManualTime();
        var commits = Writer(db, time);
        var theirs = await db.OpenConnectionAsync(TestContext.Current.CancellationToken);
        using var hangsUp = new CancellationTokenSource();
        // The first ones wait for a connection, the others for a turn.
        var first = Enumerable.Range(1, 10).Select(n => WriteAsync(commits, n)).ToArray();
        var gone = WriteAsync(commits, 11, hangsUp.Token);
        var others = Enumerable.Range(12, 1_000).Select(n => WriteAsync(commits, n)).ToArray();

        await hangsUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        for (var i = 0; i < 10; i++) time.Advance(TimeSpan.FromMilliseconds(250));
        await Assert.ThrowsAsync<NpgsqlException>(() => others[^1]);
        await theirs.DisposeAsync();

        await Task.WhenAll(first);
        var written = first.Length;
        foreach (var other in others)
            if (await Record.ExceptionAsync(() => other) is not NpgsqlException) written++;
        Assert.Equal((long)written, await ScalarAsync(db, "SELECT count(*) FROM written"));
        Assert.Equal(0L, await ScalarAsync(db, "SELECT count(*) FROM written WHERE n = 11"));
    }

    [Fact]
    public async Task Two_replicas_that_write_the_same_rows_lose_nothing()
    {
        await using var db = await NewDatabaseAsync();
        GroupCommit<long, long>[] replicas = [Counter(db), Counter(db)];

        await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => WriteAsync(replicas[i % 2], 1 + i * 7 % 10)));

        Assert.Equal(1_000L, await ScalarAsync(db, "SELECT sum(value)::bigint FROM counters"));
    }

    private static GroupCommit<long, long> Writer(NpgsqlDataSource db, TimeProvider? time = null)
        => Commits(db, "INSERT INTO written (n) SELECT unnest($1) RETURNING n", time);

    private static GroupCommit<long, long> Counter(NpgsqlDataSource db) => Commits(db, "SELECT count_up($1)");

    private static GroupCommit<long, long> Commits(NpgsqlDataSource db, string sql, TimeProvider? time = null) => new(
        db, time ?? TimeProvider.System,
        numbers => new(sql) { Parameters = { new NpgsqlParameter<long[]> { TypedValue = [.. numbers] } } },
        row => row.GetInt64(0));

    private static Task<long> WriteAsync(GroupCommit<long, long> commits, long n, CancellationToken ct = default) => commits.RunAsync(n, n, ct);

    private static async Task<NpgsqlTransaction> LockAsync(NpgsqlConnection connection, long counter)
    {
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("SELECT 1 FROM counters WHERE id = $1 FOR UPDATE", connection, transaction) { Parameters = { new() { Value = counter } } };
        await command.ExecuteNonQueryAsync();
        return transaction;
    }

    private async Task<NpgsqlDataSource> NewDatabaseAsync(int mostConnections = 20)
    {
        var connection = new NpgsqlConnectionStringBuilder(await (await infrastructure.PostgresAsync()).CreateDatabaseAsync()) { MaxPoolSize = mostConnections };
        var db = NpgsqlDataSource.Create(connection);
        await ScalarAsync(db, Tables);
        return db;
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource db, string sql)
    {
        await using var command = db.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
