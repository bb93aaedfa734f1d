using System.Buffers.Binary;
using Contracts;
using MassTransit;
using Messaging;
using Npgsql;

namespace ConcertService;

/// <summary>Keeps the read model of seats up to date with what Reservation says.</summary>
public sealed class TrackAvailability(SeatClaims claims, MessageTransaction transaction, CacheMetrics metrics, TimeProvider time)
    : IConsumer<ReservationHeld>, IConsumer<ReservationReleased>, IConsumer<ReservationConfirmed>
{
    /// <summary>
    /// A hold that is told of this long after its end is over, whatever became of it. Well below <see cref="ForgetReleases.Retention"/>:
    /// nobody revives a hold whose release has been forgotten.
    /// </summary>
    public static readonly TimeSpan TooLate = TimeSpan.FromHours(12);

    public Task Consume(ConsumeContext<ReservationHeld> context)
    {
        var held = context.Message;
        if (time.GetUtcNow() - held.HeldUntil < TooLate)
            Claim(held.ScheduleId, held.SeatIds, held.ReservationId, ClaimState.Held);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<ReservationReleased> context)
    {
        var released = context.Message;
        Claim(released.ScheduleId, released.SeatIds, released.ReservationId, ClaimState.Released);
        return Task.CompletedTask;
    }

    public Task Consume(ConsumeContext<ReservationConfirmed> context)
    {
        var confirmed = context.Message;
        Claim(confirmed.ScheduleId, confirmed.SeatIds, confirmed.ReservationId, ClaimState.Sold);
        return Task.CompletedTask;
    }

    private void Claim(long schedule, long[] seats, Guid reservation, ClaimState state)
    {
        claims.Add(schedule, seats, reservation, state, CreatedAt(transaction.MessageId));
        transaction.AfterCommit(() => metrics.SeatsBecame(state, seats.Length));
    }

    // A message's id is a UUIDv7: its first 48 bits are the millisecond of the event (RFC 9562, 5.7).
    private static long CreatedAt(Guid messageId)
    {
        Span<byte> bytes = stackalloc byte[16];
        messageId.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16;
    }
}

/// <summary>What a reservation has said about a seat, as in seat_claims.state.</summary>
public enum ClaimState : short
{
    Held = 1,
    Released = 2,
    Sold = 3,
}

/// <summary>What the messages of one poll say about seats, applied all at once: two commands, however many messages.</summary>
public sealed class SeatClaims(MessageTransaction transaction)
{
    // Two replicas may work on one schedule while partitions move from one to the other. What ApplySql counts must be all there is.
    private const string LockSql = "select from schedules where id = any($1) order by id for no key update";

    // A claim's state only grows, and a seat's status follows from its claims: so messages may come in any order, twice, or together.
    // nullif(…, 2): a released claim counts for nothing. Tells only of seats that look different afterwards.
    private const string ApplySql = """
        with told as (
            select t.schedule_id, t.seat_id, t.reservation_id, max(t.state) as state
            from unnest($1, $2, $3, $4) as t (schedule_id, seat_id, reservation_id, state)
            join seats on seats.schedule_id = t.schedule_id and seats.id = t.seat_id
            group by 1, 2, 3
        ),
        claim as (
            select schedule_id, seat_id, reservation_id, known.state as was, greatest(known.state, told.state) as becomes
            from told
            full join (
                select known.*
                from (select distinct schedule_id, seat_id from told) touched
                join seat_claims known using (schedule_id, seat_id)
            ) known using (schedule_id, seat_id, reservation_id)
        ),
        written as (
            insert into seat_claims (schedule_id, seat_id, reservation_id, state)
            select schedule_id, seat_id, reservation_id, becomes from claim where becomes is distinct from was
            on conflict (schedule_id, seat_id, reservation_id) do update set state = excluded.state, changed_at = excluded.changed_at
        ),
        seat as (
            select schedule_id, seat_id,
                   coalesce(max(nullif(was, 2)), 0) as was,
                   coalesce(max(nullif(becomes, 2)), 0) as becomes
            from claim
            group by 1, 2
            having max(nullif(was, 2)) is distinct from max(nullif(becomes, 2))
        ),
        changed as (
            select schedule_id, sum(sign(becomes) - sign(was))::int as taken, string_agg(seat_id || '=' || becomes, ',') as seats
            from seat
            group by 1
        ),
        counted as (
            insert into schedule_availability as known (schedule_id, taken, version)
            select schedule_id, taken, 1 from changed
            on conflict (schedule_id) do update set taken = known.taken + excluded.taken, version = known.version + 1
            returning schedule_id, taken, version
        )
        -- A notification may have 8000 bytes.
        select pg_notify('seats', concat_ws(' ', schedules.concert_id, counted.schedule_id, counted.version, counted.taken, $5,
            case when length(changed.seats) < 7800 then changed.seats end))
        from counted
        join changed using (schedule_id)
        join schedules on schedules.id = counted.schedule_id
        """;

    // Parameters of a command that runs before the commit: until then they grow.
    private readonly List<long> _schedules = [];
    private readonly List<long> _seats = [];
    private readonly List<Guid> _reservations = [];
    private readonly List<short> _states = [];
    private readonly NpgsqlParameter _oldest = new() { Value = long.MaxValue };

    public void Add(long schedule, long[] seats, Guid reservation, ClaimState state, long occurredAt)
    {
        if (_schedules.Count == 0)
            Enqueue();

        foreach (var seat in seats)
        {
            _schedules.Add(schedule);
            _seats.Add(seat);
            _reservations.Add(reservation);
            _states.Add((short)state);
        }

        _oldest.Value = Math.Min((long)_oldest.Value!, occurredAt);
    }

    private void Enqueue()
    {
        transaction.Enqueue(new(LockSql) { Parameters = { new() { Value = _schedules } } });
        transaction.Enqueue(new(ApplySql)
        {
            Parameters =
            {
                new() { Value = _schedules },
                new() { Value = _seats },
                new() { Value = _reservations },
                new() { Value = _states },
                _oldest,
            },
        });
    }
}
