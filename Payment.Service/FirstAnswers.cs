using Npgsql;
using ServiceDefaults.Idempotency;

namespace PaymentService;

/// <summary>The stored answer of a request that was seen before.</summary>
public sealed class FirstAnswers(NpgsqlDataSource db)
{
    public async Task<IResult?> FindAsync(IdempotentRequest request, CancellationToken ct)
        => await IdempotencyStore.FindAsync(db, request, ct) is { } answer ? IdempotentReplay.From(answer) : null;

    /// <summary>Reads what a function of ours says under <c>outcome, status, body, same_request</c> about a repeated request.</summary>
    public static IResult Read(NpgsqlDataReader reader)
    {
        // The first one has just taken its key back: for the caller as good as still being served.
        var same = reader.IsDBNull(3) || reader.GetBoolean(3);
        return IdempotentReplay.From(reader.IsDBNull(1)
            ? new StoredAnswer(0, "", same, InFlight: true)
            : new StoredAnswer(reader.GetInt32(1), reader.GetString(2), same, InFlight: false));
    }
}
