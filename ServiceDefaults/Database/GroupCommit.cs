using System.Diagnostics;
using Npgsql;

namespace ServiceDefaults.Database;

/// <summary>
/// Commands of requests that arrive while others are being written share one transaction: one round trip and one flush to disk
/// for all of them. Who comes alone does not wait for others.
/// </summary>
/// <remarks>
/// A command answers with one row, also when it refuses, and leaves nothing behind then: the others of its transaction go on.
/// If the server rejects a transaction of several, nothing of it stays, and each command runs again alone.
/// </remarks>
public sealed class GroupCommit(NpgsqlDataSource db, TimeProvider time)
{
    private const int MostTransactions = 2;

    // The first of a transaction waits for its last.
    private const int MostCommands = 32;

    // Somebody's lock must not hold up strangers: after this each waits for itself.
    private const string ShortWaits = "SET LOCAL lock_timeout = '250ms'";

    /// <summary>A transaction that takes longer waits for a lock or for the server, and the next ones begin beside it.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(250);

    /// <summary>The wait for a turn, as long as that for a connection.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    internal static readonly ActivitySource Source = new("ServiceDefaults.Database");

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _waiting = [];
    private int _transactions;

    /// <param name="order">Commands of one transaction run in this order. Give the same to those that touch the same rows: they cannot deadlock then.</param>
    /// <param name="command">Makes the command; it is asked again when it has to run alone.</param>
    /// <param name="read">Reads the row.</param>
    /// <param name="ct">Gives up waiting for a turn. A command that has begun is not given up: its caller learns what came of it.</param>
    public async Task<T> RunAsync<T>(long order, Func<NpgsqlBatchCommand> command, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        // Who writes for others has the statements among its own spans. The others have at least this one.
        using var span = Activity.Current is null ? null : Source.StartActivity("group commit");
        var entry = new Entry<T>(order, command, read, span);
        if (Enqueue(entry))
            _ = WriteAsync();
        try
        {
            return await entry.Answer.WaitAsync(Patience, time, ct);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            if (!entry.TryTake())
                return await entry.Answer;
            ct.ThrowIfCancellationRequested();
            throw new NpgsqlException("No turn to write within the time that a connection may take.", e);
        }
    }

    /// <summary>Whether the caller is to write, because not everybody who may write does.</summary>
    private bool Enqueue(Entry entry)
    {
        lock (_gate)
        {
            _waiting.Enqueue(entry);
            if (_transactions == MostTransactions)
                return false;
            _transactions++;
            return true;
        }
    }

    private async Task WriteAsync()
    {
        while (Next() is { Count: > 0 } entries)
        {
            // This flow began in somebody's request and goes on after it.
            Activity.Current = entries.Find(e => e.Caller is not null)?.Caller;
            await CommitAsync(entries).WaitAsync(Turn, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private List<Entry> Next()
    {
        var next = new List<Entry>();
        lock (_gate)
        {
            while (next.Count < MostCommands && _waiting.TryDequeue(out var entry))
                if (entry.TryTake())
                    next.Add(entry);
            if (next.Count == 0)
                _transactions--;
        }
        return next;
    }

    private async Task CommitAsync(List<Entry> entries)
    {
        try
        {
            await RunAsync([.. entries.OrderBy(e => e.Order)]);
            foreach (var entry in entries)
                entry.Succeed();
        }
        catch (PostgresException e) when (entries.Count > 1 && e.InvariantSeverity == "ERROR")
        {
            await Task.WhenAll(entries.Select(entry => CommitAsync([entry])));
        }
        catch (Exception e)
        {
            foreach (var entry in entries)
                entry.Fail(e);
        }
    }

    private async Task RunAsync(Entry[] entries)
    {
        await using var batch = db.CreateBatch();
        if (entries.Length > 1)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(ShortWaits));
        foreach (var entry in entries)
        {
            batch.BatchCommands.Add(entry.Command());
            entry.Caller?.SetTag("db.operation.batch.size", entries.Length);
        }
        await using var reader = await batch.ExecuteReaderAsync();
        foreach (var entry in entries)
        {
            await reader.ReadAsync();
            entry.Read(reader);
            // After the last one this is the commit.
            await reader.NextResultAsync();
        }
    }

    private abstract class Entry(long order, Func<NpgsqlBatchCommand> command, Activity? caller)
    {
        private int _taken;

        public long Order => order;
        public Func<NpgsqlBatchCommand> Command => command;
        public Activity? Caller => caller;

        /// <summary>Once: by who writes it, or by who no longer waits for it.</summary>
        public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;

        public abstract void Read(NpgsqlDataReader row);
        public abstract void Succeed();
        public abstract void Fail(Exception e);
    }

    private sealed class Entry<T>(long order, Func<NpgsqlBatchCommand> command, Func<NpgsqlDataReader, T> read, Activity? caller)
        : Entry(order, command, caller)
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _read;

        public Task<T> Answer => _answer.Task;

        public override void Read(NpgsqlDataReader row) => _read = read(row);
        public override void Succeed() => _answer.TrySetResult(_read!);
        public override void Fail(Exception e) => _answer.TrySetException(e);
    }
}
