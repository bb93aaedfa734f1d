using Npgsql;

namespace Messaging;

/// <summary>The database transaction in which the messages of one poll take effect, together with their inbox rows.</summary>
public sealed class MessageTransaction
{
    private readonly List<NpgsqlBatchCommand> queued = [];
    private readonly List<Action> afterCommit = [];
    private NpgsqlTransaction? transaction;

    public NpgsqlConnection Connection => Transaction.Connection!;

    public NpgsqlTransaction Transaction => transaction ?? throw new InvalidOperationException("This consumer runs without a database; call UseDatabase() in AddMessaging.");

    /// <summary>The id of the message that is being consumed.</summary>
    public Guid MessageId { get; internal set; }

    public NpgsqlCommand Command(string sql) => new(sql, Connection, Transaction);

    /// <summary>Runs with the other messages' commands, in the order in which they were queued, in one round trip before the commit.</summary>
    public void Enqueue(NpgsqlBatchCommand command) => queued.Add(command);

    /// <summary>Runs once the effect is certain: wake the outbox, tell other replicas.</summary>
    public void AfterCommit(Action action) => afterCommit.Add(action);

    internal void Begin(NpgsqlTransaction begun) => transaction = begun;

    internal async Task CommitAsync(CancellationToken cancel)
    {
        if (queued.Count > 0)
        {
            await using var batch = new NpgsqlBatch(Connection, Transaction);
            foreach (var command in queued) batch.BatchCommands.Add(command);
            await batch.ExecuteNonQueryAsync(cancel);
        }
        await Transaction.CommitAsync(cancel);
    }

    internal void RunAfterCommit()
    {
        foreach (var action in afterCommit) action();
    }
}
