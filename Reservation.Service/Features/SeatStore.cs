using Messaging;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using ReservationService.Domain;
using ServiceDefaults.Database;
using ServiceDefaults.Idempotency;

namespace ReservationService.Features;

/// <summary>The statement that holds seats (Data/007-hold-seats-by-answer.sql) and what it answers.</summary>
internal sealed class SeatStore(GroupCommit db, IOptions<HoldOptions> options)
{
    private const int MostAttempts = 4;
    private const string SeatTaken = "seat-taken ";

    // Another request with the same key may be in the middle of it. Its lock ends with its transaction.
    private const string Sql = """
        SELECT CASE WHEN $17 IS NULL OR pg_try_advisory_xact_lock(hashtextextended($16 || ' ' || $2 || ' ' || $17, 0))
            THEN try_hold_seats($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
            ELSE 'key-in-flight' END
        """;

    public async Task<HoldResult> HoldAsync(Hold hold, OutboxMessage held, IdempotentRequest? key, string? answer, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await db.RunAsync(hold.ScheduleId, () => Command(hold, held, key, answer), row => Read(row.GetString(0)), ct);
            }
            catch (PostgresException clash) when (attempt < MostAttempts && clash.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // Somebody else went through; nothing of ours stayed.
            }
        }
    }

    private static HoldResult Read(string said) => said switch
    {
        "held" => new HoldResult.Held(),
        "reservation-open" => new HoldResult.ReservationOpen(),
        "pass-spent" => new HoldResult.PassSpent(),
        "seat-limit" => new HoldResult.SeatLimit(),
        "key-used" => new HoldResult.KeyUsed(),
        "key-in-flight" => new HoldResult.KeyInFlight(),
        _ when said.StartsWith(SeatTaken, StringComparison.Ordinal) =>
            new HoldResult.SeatTaken([.. said[SeatTaken.Length..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)]),
        _ => throw new InvalidOperationException($"try_hold_seats said '{said}'."),
    };

    private NpgsqlBatchCommand Command(Hold hold, OutboxMessage held, IdempotentRequest? key, string? answer)
    {
        var command = new NpgsqlBatchCommand(Sql);
        var into = command.Parameters;
        into.Add(new NpgsqlParameter<Guid> { TypedValue = hold.Id });
        into.Add(new NpgsqlParameter<long> { TypedValue = hold.UserId });
        into.Add(new NpgsqlParameter<long> { TypedValue = hold.ConcertId });
        into.Add(new NpgsqlParameter<long> { TypedValue = hold.ScheduleId });
        into.Add(new NpgsqlParameter<long[]> { TypedValue = hold.SeatIds });
        into.Add(new NpgsqlParameter<long> { TypedValue = hold.Ticket });
        into.Add(new NpgsqlParameter<long> { TypedValue = hold.Amount });
        into.Add(new NpgsqlParameter<DateTime> { TypedValue = hold.At.UtcDateTime });
        into.Add(new NpgsqlParameter<DateTime> { TypedValue = hold.Until.UtcDateTime });
        into.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.Grace });
        into.Add(new NpgsqlParameter<int> { TypedValue = options.Value.MostSeatsPerConcert });
        into.Add(new NpgsqlParameter<Guid> { TypedValue = held.Id });
        into.Add(new NpgsqlParameter<byte[]> { TypedValue = held.Payload });
        // One for the pass's own expired hold, and one for the expired hold of each seat.
        into.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. Enumerable.Range(0, hold.SeatIds.Length + 1).Select(_ => Guid.CreateVersion7())] });
        into.Add(Nullable(held.TraceParent, NpgsqlDbType.Text));
        into.Add(Nullable(key?.Route, NpgsqlDbType.Text));
        into.Add(Nullable(key?.Key, NpgsqlDbType.Text));
        into.Add(Nullable(key?.Fingerprint, NpgsqlDbType.Bytea));
        into.Add(Nullable(answer, NpgsqlDbType.Text));
        return command;
    }

    private static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
