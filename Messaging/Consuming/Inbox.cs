using Npgsql;

namespace Messaging;

/// <summary>Which messages a group has consumed: the rows commit with the effect.</summary>
internal static class Inbox
{
    private const string Enter = """
        INSERT INTO inbox (consumer_group, message_id) SELECT $1, unnest($2) ON CONFLICT DO NOTHING RETURNING message_id
        """;

    /// <summary>Those of the messages that are new. Of the same message in another open transaction, this waits for the outcome.</summary>
    public static async Task<HashSet<Guid>> EnterAsync(
        MessageTransaction transaction, string group, IReadOnlyList<ReceivedMessage> messages, CancellationToken cancel)
    {
        await using var command = transaction.Command(Enter);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = group });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. messages.Select(m => m.Id)] });
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var fresh = new HashSet<Guid>();
        while (await reader.ReadAsync(cancel))
            fresh.Add(reader.GetGuid(0));
        return fresh;
    }
}
