using Npgsql;

namespace Messaging;

/// <summary>The database transaction in which the messages of one poll take effect, together with their inbox rows.</summary>
public sealed class MessageTransaction
{
    private readonly List<(NpgsqlBatchCommand Command, Action<object?>? Answered)> queued = [];
    private readonly List<Action> afterCommit = [];
    private NpgsqlTransaction? transaction;

    public NpgsqlConnection Connection => Transaction.Connection!;

    public NpgsqlTransaction Transaction => transaction ?? throw new InvalidOperationException("This consumer runs without a database; call UseDatabase() in AddMessaging.");

    /// <summary>The id of the message that is being consumed.</summary>
    public Guid MessageId { get; internal set; }

    public NpgsqlCommand Command(string sql) => new(sql, Connection, Transaction);

    /// <summary>
    /// Runs with the other messages' commands, in the order in which they were queued, in one round trip before the commit: a poll
    /// brings hundreds of messages, and a round trip for each would make the last wait for all.
    /// </summary>
    /// <param name="command">An INSERT, UPDATE or DELETE, or, with <paramref name="answered"/>, a SELECT.</param>
    /// <param name="answered">Hears the first value of the answer.</param>
    public void Enqueue(NpgsqlBatchCommand command, Action<object?>? answered = null) => queued.Add((command, answered));

    /// <summary>Runs once the effect is certain: wake the outbox, tell other replicas.</summary>
    public void AfterCommit(Action action) => afterCommit.Add(action);

    internal void Begin(NpgsqlTransaction begun) => transaction = begun;

    internal async Task CommitAsync(CancellationToken cancel)
    {
        if (queued.Count > 0)
        {
            await using var batch = new NpgsqlBatch(Connection, Transaction);
            foreach (var (command, _) in queued) batch.BatchCommands.Add(command);
            await using var reader = await batch.ExecuteReaderAsync(cancel);
            await ReadAnswersAsync(reader, cancel);
        }
        await Transaction.CommitAsync(cancel);
    }

    // Only a SELECT has a result to stop at.
    private async Task ReadAnswersAsync(NpgsqlDataReader reader, CancellationToken cancel)
    {
        foreach (var (_, answered) in queued.Where(q => q.Answered is not null))
        {
            answered!(reader.FieldCount > 0 && await reader.ReadAsync(cancel) ? reader.GetValue(0) : null);
            await reader.NextResultAsync(cancel);
        }
    }

    internal void RunAfterCommit()
    {
        foreach (var action in afterCommit) action();
    }
}
