-- Holds all seats or none, in one round trip. What stands in the way is raised, so that nothing of the attempt stays:
--   CR001 a seat is taken (the message is its id)   CR002 the pass has an open reservation   CR003 the pass is spent
--   CR004 too many seats of this concert        CR005 the idempotency key was used before
-- What is rare, somebody else's or one's own expired hold in the way, is looked for only when the insert has met it.
CREATE FUNCTION hold_seats(
    new_id uuid, holder bigint, concert bigint, schedule bigint, seats bigint[], pass_ticket bigint, price bigint,
    at_time timestamptz, until timestamptz, grace interval, most_seats int,
    event_id uuid, event_payload bytea, release_event_ids uuid[], trace text,
    key_route text, key text, key_fingerprint bytea, answer text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
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
        VALUES (holder, key_route, hold_seats.key, key_fingerprint, 201, answer) ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'idempotency key used' USING ERRCODE = 'CR005';
        END IF;
    END IF;

    IF cardinality(seats) + coalesce((
            SELECT sum(cardinality(r.seat_ids)) FROM reservations r
            WHERE r.user_id = holder AND r.concert_id = concert AND r.status IN ('held', 'paying', 'confirmed')
              AND NOT (r.status <> 'confirmed' AND r.held_until + grace <= at_time)), 0) > most_seats THEN
        RAISE EXCEPTION 'seat limit' USING ERRCODE = 'CR004';
    END IF;

    LOOP
        INSERT INTO reservations (id, user_id, concert_id, schedule_id, seat_ids, ticket, amount, status, held_until, created_at)
        VALUES (new_id, holder, concert, schedule, seats, pass_ticket, price, 'held', until, at_time)
        ON CONFLICT (concert_id, ticket) WHERE status IN ('held', 'paying', 'confirmed') DO NOTHING;
        EXIT WHEN FOUND;

        -- The pass's own expired hold is over, whether or not the sweeper has been there.
        SELECT id INTO expired FROM reservations
        WHERE concert_id = concert AND ticket = pass_ticket AND status IN ('held', 'paying') AND held_until + grace <= at_time FOR UPDATE;
        IF NOT FOUND THEN
            SELECT status INTO existing FROM reservations
            WHERE concert_id = concert AND ticket = pass_ticket AND status IN ('held', 'paying', 'confirmed');
            RAISE EXCEPTION 'pass in use' USING ERRCODE = CASE WHEN existing = 'confirmed' THEN 'CR003' ELSE 'CR002' END;
        END IF;
        released := released + 1;
        PERFORM release_reservation(expired, 'expired', 'Expired', release_event_ids[released], trace);
    END LOOP;

    LOOP
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
            RAISE EXCEPTION USING ERRCODE = 'CR001', MESSAGE = coalesce((
                SELECT string_agg(c.seat_id::text, ',' ORDER BY c.seat_id) FROM claims c
                WHERE c.schedule_id = schedule AND c.seat_id = ANY (seats) AND c.reservation_id <> new_id), '');
        END IF;
    END LOOP;

    INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, traceparent)
    VALUES (event_id, 'reservations', schedule::text, 'ReservationHeld', event_payload, trace);
END $$;
