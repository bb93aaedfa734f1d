-- The same as before but for the count of a user's seats. It told the planner of the status, and where the table had been vacuumed and not yet
-- analysed, that one read all open reservations by the index of tickets too, for everybody who had booked before: some ten seconds of a new
-- system's first minute.

-- Holds all seats or none, in one round trip, and says what came of it: 'held', 'key-used', 'seat-limit', 'reservation-open', 'pass-spent', or
-- 'seat-taken ' and the ids. Whoever is refused takes back what it wrote by itself: a subtransaction for it would cost every hold that succeeds.
-- What is rare, somebody else's or one's own expired hold in the way, is looked for only when the insert has met it. It is over, so it is
-- released also where the attempt fails in the end.
CREATE OR REPLACE FUNCTION try_hold_seats(
    new_id uuid, holder bigint, concert bigint, schedule bigint, seats bigint[], pass_ticket bigint, price bigint,
    at_time timestamptz, until timestamptz, grace interval, most_seats int,
    event_id uuid, event_payload bytea, release_event_ids uuid[], trace text,
    key_route text, key text, key_fingerprint bytea, answer text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    refusal text;
    existing text;
    expired uuid;
    claimed int := 0;
    released int := 0;
    n int;
BEGIN
    -- Two holds of one user on one concert, with two passes, must count each other.
    PERFORM pg_advisory_xact_lock(hashtextextended(holder || ':' || concert, 0));

    IF key IS NOT NULL THEN
        INSERT INTO idempotency_keys (user_id, route, key, fingerprint, status, body)
        VALUES (holder, key_route, try_hold_seats.key, key_fingerprint, 201, answer) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RETURN 'key-used';
        END IF;
    END IF;

    -- Asked for by user alone, so that no index but the users' can answer it, whatever the planner knows of the table.
    IF cardinality(seats) + coalesce((
            SELECT sum(cardinality(r.seat_ids)) FILTER (WHERE r.concert_id = concert
                AND (r.status = 'confirmed' OR (r.status IN ('held', 'paying') AND r.held_until + grace > at_time)))
            FROM reservations r WHERE r.user_id = holder), 0) > most_seats THEN
        refusal := 'seat-limit';
    END IF;

    WHILE refusal IS NULL LOOP
        INSERT INTO reservations (id, user_id, concert_id, schedule_id, seat_ids, ticket, amount, status, held_until, created_at)
        VALUES (new_id, holder, concert, schedule, seats, pass_ticket, price, 'held', until, at_time)
        ON CONFLICT (concert_id, ticket) WHERE status IN ('held', 'paying', 'confirmed') DO NOTHING;
        EXIT WHEN FOUND;

        -- The pass's own expired hold is over, whether or not the sweeper has been there.
        SELECT id INTO expired FROM reservations
        WHERE concert_id = concert AND ticket = pass_ticket AND status IN ('held', 'paying') AND held_until + grace <= at_time FOR UPDATE;
        IF FOUND THEN
            released := released + 1;
            PERFORM release_reservation(expired, 'expired', 'Expired', release_event_ids[released], trace);
        ELSE
            SELECT status INTO existing FROM reservations
            WHERE concert_id = concert AND ticket = pass_ticket AND status IN ('held', 'paying', 'confirmed');
            refusal := CASE WHEN existing = 'confirmed' THEN 'pass-spent' ELSE 'reservation-open' END;
        END IF;
    END LOOP;

    WHILE refusal IS NULL LOOP
        INSERT INTO claims (schedule_id, seat_id, reservation_id)
        SELECT schedule, seat, new_id FROM unnest(seats) seat ORDER BY seat
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS n = ROW_COUNT;
        claimed := claimed + n;
        EXIT WHEN claimed = cardinality(seats);

        n := released;
        FOR expired IN
            SELECT r.id FROM reservations r
            WHERE r.id = ANY (ARRAY (SELECT c.reservation_id FROM claims c WHERE c.schedule_id = schedule AND c.seat_id = ANY (seats)))
              AND r.status IN ('held', 'paying') AND r.held_until + grace <= at_time
            ORDER BY r.id FOR UPDATE
        LOOP
            released := released + 1;
            PERFORM release_reservation(expired, 'expired', 'Expired', release_event_ids[released], trace);
        END LOOP;
        IF released = n THEN
            refusal := 'seat-taken ' || coalesce((
                SELECT string_agg(c.seat_id::text, ',' ORDER BY c.seat_id) FROM claims c
                WHERE c.schedule_id = schedule AND c.seat_id = ANY (seats) AND c.reservation_id <> new_id), '');
            DELETE FROM claims WHERE schedule_id = schedule AND seat_id = ANY (seats) AND reservation_id = new_id;
            DELETE FROM reservations WHERE id = new_id;
        END IF;
    END LOOP;

    IF refusal IS NOT NULL THEN
        DELETE FROM idempotency_keys k WHERE k.user_id = holder AND k.route = key_route AND k.key = try_hold_seats.key;
        RETURN refusal;
    END IF;
    INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, traceparent)
    VALUES (event_id, 'reservations', schedule::text, 'ReservationHeld', event_payload, trace);
    RETURN 'held';
END $$;
