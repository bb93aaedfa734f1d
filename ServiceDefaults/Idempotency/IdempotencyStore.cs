using Npgsql;

namespace ServiceDefaults.Idempotency;

/// <summary>The table of first answers. A slice inserts into it in the transaction (best: the statement) of the effect itself.</summary>
public static class IdempotencyStore
{
    public const string Table = "idempotency_keys";

    /// <summary>What a slice inserts, in this order, in its own statement.</summary>
    public const string Columns = "user_id, route, key, fingerprint, status, body";

    /// <summary>$1 user, $2 route, $3 key, $4 fingerprint, $5 status and $6 body (both null while in flight). No row is inserted for a key already used.</summary>
    public const string Insert = $"INSERT INTO {Table} ({Columns}) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id, route, key) DO NOTHING";

    /// <summary>$1 user, $2 route, $3 key, $4 fingerprint → status, body, whether the fingerprint is the same.</summary>
    public const string Find = $"SELECT status, body, fingerprint = $4 FROM {Table} WHERE user_id = $1 AND route = $2 AND key = $3";

    /// <summary>The earlier answer under this key, or null when it is new.</summary>
    public static async Task<StoredAnswer?> FindAsync(NpgsqlDataSource db, IdempotentRequest request, CancellationToken ct)
    {
        await using var command = db.CreateCommand(Find);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = request.UserId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.Route });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = request.Key });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = request.Fingerprint });
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    private static StoredAnswer Read(NpgsqlDataReader reader)
        => reader.IsDBNull(0)
            ? new StoredAnswer(0, "", reader.GetBoolean(2), InFlight: true)
            : new StoredAnswer(reader.GetInt32(0), reader.IsDBNull(1) ? "" : reader.GetString(1), reader.GetBoolean(2), InFlight: false);
}
