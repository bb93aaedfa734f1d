using Npgsql;
using NpgsqlTypes;

namespace Messaging;

/// <summary>The relay's SQL. Every statement is a short transaction of its own: none is open while Kafka is asked.</summary>
internal sealed class OutboxTable(NpgsqlDataSource db)
{
    // "Unsent" and never "behind the last one sent": transactions commit in another order than they took their positions.
    private const string Unsent = $"""
        SELECT {OutboxMessage.Columns}, created_at, attempts FROM outbox
        WHERE sent_at IS NULL AND dead_at IS NULL AND (next_attempt_at IS NULL OR next_attempt_at <= clock_timestamp())
        ORDER BY position LIMIT $1
        """;

    // A mark that a crash of PostgreSQL loses sends a row twice, which the inbox removes: it need not wait for the disk.
    private const string Mark = """
        UPDATE outbox SET sent_at = clock_timestamp()
        FROM (SELECT set_config('synchronous_commit', 'off', true)) AS not_waiting
        WHERE id = ANY ($1)
        """;

    private const string Refused = """
        UPDATE outbox SET attempts = attempts + 1, last_error = $2, next_attempt_at = clock_timestamp() + $3,
            dead_at = CASE WHEN $4 THEN clock_timestamp() END
        WHERE id = $1
        """;

    private const string Measure = """
        SELECT
            (SELECT count(*) FROM (SELECT FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL LIMIT 10000) AS waiting),
            (SELECT clock_timestamp() - created_at FROM outbox WHERE sent_at IS NULL AND dead_at IS NULL ORDER BY position LIMIT 1),
            (SELECT count(*) FROM (SELECT FROM outbox WHERE dead_at IS NOT NULL LIMIT 10000) AS dead)
        """;

    public async Task<List<OutboxRow>> ReadUnsentAsync(int limit, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(Unsent);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<OutboxRow>();
        while (await reader.ReadAsync(cancel))
        {
            var message = new OutboxMessage(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<byte[]>(4),
                reader.IsDBNull(5) ? null : reader.GetString(5));
            rows.Add(new OutboxRow(message, reader.GetDateTime(6), reader.GetInt32(7)));
        }
        return rows;
    }

    public async Task MarkSentAsync(Guid[] ids, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(Mark);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids });
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task MarkRefusedAsync(OutboxRow row, string error, TimeSpan pause, bool dead, CancellationToken cancel)
    {
        await using var command = db.CreateCommand(Refused);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = row.Message.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = error });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = pause });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = dead });
        await command.ExecuteNonQueryAsync(cancel);
    }

    public async Task<OutboxBacklog> MeasureAsync(CancellationToken cancel)
    {
        await using var command = db.CreateCommand(Measure);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return new OutboxBacklog(reader.GetInt64(0), reader.IsDBNull(1) ? TimeSpan.Zero : reader.GetTimeSpan(1), reader.GetInt64(2));
    }
}
