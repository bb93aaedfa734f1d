using Messaging;
using Microsoft.Extensions.Options;
using Npgsql;
using ReservationService.Domain;
using ServiceDefaults.Database;
using ServiceDefaults.Idempotency;

namespace ReservationService.Features;

/// <summary>The statement that holds seats (Data/009-hold-together.sql) and what it answers.</summary>
internal sealed class SeatStore
{
    private const int MostAttempts = 4;
    private const string SeatTaken = "seat-taken ";

    private const string Sql =
        "SELECT try_holds($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";

    private readonly GroupCommit<Attempt, HoldResult> _holds;
    private readonly HoldOptions _options;
    private volatile bool _refused;

    public SeatStore(NpgsqlDataSource db, TimeProvider time, IOptions<HoldOptions> options)
    {
        _options = options.Value;
        _holds = new(db, time, Command, row => Read(row.GetString(0)));
    }

    public async Task<HoldResult> HoldAsync(Hold hold, OutboxMessage held, IdempotentRequest? key, string? answer, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await _holds.RunAsync(hold.ScheduleId, new(hold, held, key, answer), ct);
            }
            catch (PostgresException clash) when (attempt < MostAttempts && clash.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // Somebody else went through; nothing of ours stayed.
            }
        }
    }

    private HoldResult Read(string said)
    {
        if (said is "held")
            return new HoldResult.Held();
        _refused = true;
        return said switch
        {
            "reservation-open" => new HoldResult.ReservationOpen(),
            "pass-spent" => new HoldResult.PassSpent(),
            "seat-limit" => new HoldResult.SeatLimit(),
            "key-used" => new HoldResult.KeyUsed(),
            "key-in-flight" => new HoldResult.KeyInFlight(),
            _ when said.StartsWith(SeatTaken, StringComparison.Ordinal) =>
                new HoldResult.SeatTaken([.. said[SeatTaken.Length..].Split(',', StringSplitOptions.RemoveEmptyEntries).Select(long.Parse)]),
            _ => throw new InvalidOperationException($"try_holds said '{said}'."),
        };
    }

    internal NpgsqlBatchCommand Command(IReadOnlyList<Attempt> attempts)
    {
        // One refusal undoes what was written for all. Where seats are fought for the next one is near.
        var together = attempts.Count > 1 && !_refused;
        _refused = false;

        var lastSeats = new int[attempts.Count];
        for (var i = 0; i < attempts.Count; i++)
            lastSeats[i] = (i == 0 ? 0 : lastSeats[i - 1]) + attempts[i].Hold.SeatIds.Length;

        var command = new NpgsqlBatchCommand(Sql);
        Each(a => a.Hold.Id);
        Each(a => a.Hold.UserId);
        Each(a => a.Hold.ConcertId);
        Each(a => a.Hold.ScheduleId);
        Add(attempts.SelectMany(a => a.Hold.SeatIds).ToArray());
        Add(attempts.Select((a, i) => lastSeats[i] - a.Hold.SeatIds.Length + 1).ToArray());
        Add(lastSeats);
        Each(a => a.Hold.Ticket);
        Each(a => a.Hold.Amount);
        Each(a => a.Hold.At.UtcDateTime);
        Each(a => a.Hold.Until.UtcDateTime);
        Add(_options.Grace);
        Add(_options.MostSeatsPerConcert);
        Each(a => a.Held.Id);
        Each(a => a.Held.Payload);
        // For each hold one for the pass's own expired hold, and one for the expired hold of each seat.
        Add(Enumerable.Range(0, lastSeats[^1] + attempts.Count).Select(_ => Guid.CreateVersion7()).ToArray());
        Each(a => a.Held.TraceParent);
        Each(a => a.Key?.Route);
        Each(a => a.Key?.Key);
        Each(a => a.Key?.Fingerprint);
        Each(a => a.Answer);
        Add(together);
        return command;

        void Each<T>(Func<Attempt, T> value) => Add(attempts.Select(value).ToArray());
        void Add<T>(T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
    }

    internal sealed record Attempt(Hold Hold, OutboxMessage Held, IdempotentRequest? Key, string? Answer);
}
