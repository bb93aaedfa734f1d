using Npgsql;

namespace Testing;

/// <summary>Commands in a transaction that is undone afterwards: what they answer, and what they leave behind.</summary>
public static class Rehearsal
{
    /// <param name="state">Asks for the rows to look at, one text each.</param>
    public static async Task<(string[] Answers, string[] State)> RunAsync(NpgsqlDataSource db, IEnumerable<NpgsqlBatchCommand> commands, string state)
    {
        await using var connection = await db.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var answers = new List<string>();
        foreach (var command in commands)
        {
            await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { command } };
            answers.AddRange(await ReadAsync(batch));
        }
        await using var look = new NpgsqlBatch(connection, transaction) { BatchCommands = { new(state) } };
        return ([.. answers], [.. (await ReadAsync(look)).Order(StringComparer.Ordinal)]);
    }

    private static async Task<List<string>> ReadAsync(NpgsqlBatch batch)
    {
        await using var reader = await batch.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).SelectMany(i => Texts(reader.GetValue(i)))));
        return rows;
    }

    private static string[] Texts(object value) => value as string[] ?? [value.ToString()!];
}
