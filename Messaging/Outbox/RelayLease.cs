using Microsoft.Extensions.Options;
using Npgsql;

namespace Messaging;

/// <summary>
/// Lets one replica relay at a time. It spares doubles; correctness does not hang on it: a relay that lost it unawares sends rows
/// again, from the oldest unsent on and in order, so that of each key the first arrivals stay in order and the inbox drops the rest.
/// </summary>
internal sealed class RelayLease(NpgsqlDataSource db, IOptions<MessagingOptions> options, TimeProvider time)
{
    private const string Take = """
        UPDATE outbox_lease SET holder = $1, held_until = clock_timestamp() + $2
        FROM (SELECT set_config('synchronous_commit', 'off', true)) AS not_waiting
        WHERE holder = $1 OR held_until < clock_timestamp()
        """;

    private const string Give = "UPDATE outbox_lease SET held_until = '-infinity' WHERE holder = $1";

    private readonly Guid holder = Guid.CreateVersion7();
    private readonly TimeSpan length = options.Value.Lease;
    private readonly TimeSpan askEvery = options.Value.PollInterval;
    private long askedAt = long.MinValue;
    private bool taken;

    /// <summary>Judged by our own clock, from before PostgreSQL was asked: never longer than PostgreSQL thinks.</summary>
    public bool IsHeld => taken && time.GetElapsedTime(askedAt) < length;

    /// <summary>Takes it or prolongs it, unless that was tried just now.</summary>
    public async Task<bool> HoldAsync(CancellationToken cancel)
    {
        var now = time.GetTimestamp();
        if (askedAt != long.MinValue && time.GetElapsedTime(askedAt, now) < (taken ? length / 3 : askEvery))
            return taken;
        await using var command = db.CreateCommand(Take);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = holder });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = length });
        taken = await command.ExecuteNonQueryAsync(cancel) == 1;
        askedAt = now;
        return taken;
    }

    public async Task GiveUpAsync(CancellationToken cancel)
    {
        if (!taken)
            return;
        taken = false;
        await using var command = db.CreateCommand(Give);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = holder });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
