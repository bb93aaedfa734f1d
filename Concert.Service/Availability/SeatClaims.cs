using Npgsql;

namespace ConcertService;

/// <summary>What a reservation has said about a seat, as in seat_claims.state.</summary>
public enum ClaimState : short
{
    Held = 1,
    Released = 2,
    Sold = 3,
}

/// <summary>What the messages of one poll say about seats, applied all at once: two commands, however many messages.</summary>
public sealed class SeatClaims
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
        -- Nothing changes the counts meanwhile: the schedules are locked.
        counted as (
            select concert_id, schedule_id, coalesce(known.taken, 0) + changed.taken as taken, coalesce(known.version, 0) + 1 as version, seats
            from changed
            join schedules on schedules.id = schedule_id
            left join schedule_availability known using (schedule_id)
        ),
        stored as (
            insert into schedule_availability (schedule_id, taken, version)
            select schedule_id, taken, version from counted
            on conflict (schedule_id) do update set taken = excluded.taken, version = excluded.version
        )
        -- A notification may have 8000 bytes.
        select pg_notify('seats', concat_ws(' ', concert_id, schedule_id, version, taken, $5, case when length(seats) < 7800 then seats end))
        from counted
        """;

    // The commands' parameters: until they are run, these grow.
    private readonly List<long> _schedules = [];
    private readonly List<long> _seats = [];
    private readonly List<Guid> _reservations = [];
    private readonly List<short> _states = [];
    private readonly NpgsqlParameter _oldest = new() { Value = long.MaxValue };

    public SeatClaims() => Commands =
    [
        new(LockSql) { Parameters = { new() { Value = _schedules } } },
        new(ApplySql)
        {
            Parameters =
            {
                new() { Value = _schedules },
                new() { Value = _seats },
                new() { Value = _reservations },
                new() { Value = _states },
                _oldest,
            },
        },
    ];

    public bool IsEmpty => _schedules.Count == 0;

    /// <summary>To be run in one transaction, once all is added.</summary>
    public IReadOnlyList<NpgsqlBatchCommand> Commands { get; }

    public void Add(long schedule, long[] seats, Guid reservation, ClaimState state, long occurredAt)
    {
        foreach (var seat in seats)
        {
            _schedules.Add(schedule);
            _seats.Add(seat);
            _reservations.Add(reservation);
            _states.Add((short)state);
        }

        _oldest.Value = Math.Min((long)_oldest.Value!, occurredAt);
    }
}
