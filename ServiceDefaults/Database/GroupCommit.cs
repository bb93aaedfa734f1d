using System.Diagnostics;
using Npgsql;

namespace ServiceDefaults.Database;

/// <summary>
/// Requests that arrive while others are being written share one command in one transaction: one round trip and one flush to disk for all
/// of them. Who comes alone does not wait for others; while many come, the first of a transaction waits a moment for company.
/// </summary>
/// <param name="command">
/// Makes the command of some requests, and is asked again for each that has to run alone. It answers with one row for each, in their order,
/// also when it refuses one, and leaves nothing of that one behind then: the others go on.
/// </param>
/// <param name="read">Reads a row.</param>
/// <remarks>If the server rejects a transaction of several, nothing of it stays, and each request runs again alone.</remarks>
public sealed class GroupCommit<TRequest, TAnswer>(
    NpgsqlDataSource db, TimeProvider time, Func<IReadOnlyList<TRequest>, NpgsqlBatchCommand> command, Func<NpgsqlDataReader, TAnswer> read)
{
    private const int MostTransactions = 2;

    // The first of a transaction waits for its last.
    private const int MostRequests = 32;

    // Somebody's lock must not hold up strangers: after this each waits for itself. (SET LOCAL does the same with a warning each time:
    // a batch is a transaction, but not a block.)
    private const string ShortWaits = "SELECT set_config('lock_timeout', '250ms', true)";

    /// <summary>What comes together comes within this: a transaction for the first one alone would make the others wait for its end.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(2);

    /// <summary>A transaction that takes longer waits for a lock or for the server, and the next ones begin beside it.</summary>
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(250);

    /// <summary>The wait for a turn, as long as that for a connection.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _waiting = [];
    private int _transactions;
    private volatile bool _hadCompany;

    /// <param name="order">Requests of one transaction are written in this order. Give the same to those that touch the same rows: they cannot deadlock then.</param>
    /// <param name="ct">Gives up waiting for a turn. What has begun is not given up: its caller learns what came of it.</param>
    public async Task<TAnswer> RunAsync(long order, TRequest request, CancellationToken ct)
    {
        // Who writes for others has the statements among its own spans. The others have at least this one.
        using var span = Activity.Current is null ? null : GroupCommits.Source.StartActivity("group commit");
        var entry = new Entry(order, request, span);
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
        if (_hadCompany)
            await Task.Delay(Gathering, time);
        while (Next() is { Count: > 0 } entries)
        {
            _hadCompany = entries.Count > 1;
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
            while (next.Count < MostRequests && _waiting.TryDequeue(out var entry))
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
            var answers = await RunAsync([.. entries.OrderBy(e => e.Order)]);
            foreach (var (entry, answer) in answers)
                entry.Succeed(answer);
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

    private async Task<List<(Entry, TAnswer)>> RunAsync(Entry[] entries)
    {
        await using var batch = db.CreateBatch();
        if (entries.Length > 1)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(ShortWaits));
        batch.BatchCommands.Add(command([.. entries.Select(e => e.Request)]));
        foreach (var entry in entries)
            entry.Caller?.SetTag("db.operation.batch.size", entries.Length);

        var answers = new List<(Entry, TAnswer)>(entries.Length);
        await using var reader = await batch.ExecuteReaderAsync();
        if (entries.Length > 1)
            await reader.NextResultAsync();
        foreach (var entry in entries)
        {
            await reader.ReadAsync();
            answers.Add((entry, read(reader)));
        }
        // This is the commit.
        await reader.NextResultAsync();
        return answers;
    }

    private sealed class Entry(long order, TRequest request, Activity? caller)
    {
        private readonly TaskCompletionSource<TAnswer> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _taken;

        public long Order => order;
        public TRequest Request => request;
        public Activity? Caller => caller;
        public Task<TAnswer> Answer => _answer.Task;

        /// <summary>Once: by who writes it, or by who no longer waits for it.</summary>
        public bool TryTake() => Interlocked.Exchange(ref _taken, 1) == 0;

        public void Succeed(TAnswer answer) => _answer.TrySetResult(answer);
        public void Fail(Exception e) => _answer.TrySetException(e);
    }
}

internal static class GroupCommits
{
    internal static readonly ActivitySource Source = new("ServiceDefaults.Database");
}
