-- Holds of one moment, in one command; one answer each, in their order. In the ordinary case all of them succeed, and then one statement writes
-- the same row of all: a booking's five small statements cost more than what they do. As soon as anything about any of them is out of the ordinary,
-- what was written is undone, and try_hold_seats decides about each by itself.
-- The seats of all holds follow each other in one array: those of hold i are seats[first_seats[i] : last_seats[i]].
CREATE FUNCTION hold_together(
    new_ids uuid[], holders bigint[], concerts bigint[], schedules bigint[], seats bigint[], first_seats int[], last_seats int[],
    tickets bigint[], prices bigint[], at_times timestamptz[], untils timestamptz[], grace interval, most_seats int,
    event_ids uuid[], event_payloads bytea[], traces text[],
    key_routes text[], keys text[], key_fingerprints bytea[], answers text[])
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    holds int := cardinality(new_ids);
    with_key int := cardinality(array_remove(keys, NULL));
    n int;
BEGIN
    -- Two holds of one user on one concert must count each other: not here.
    PERFORM pg_advisory_xact_lock(key) FROM (
        SELECT DISTINCT hashtextextended(h.holder || ':' || h.concert, 0) AS key FROM unnest(holders, concerts) h (holder, concert) ORDER BY 1) locks;
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n < holds THEN
        RAISE SQLSTATE 'ALONE';
    END IF;

    IF with_key > 0 THEN
        IF EXISTS (
            SELECT FROM unnest(holders, key_routes, keys) h (holder, route, key)
            WHERE h.key IS NOT NULL AND NOT pg_try_advisory_xact_lock(hashtextextended(h.route || ' ' || h.holder || ' ' || h.key, 0))) THEN
            RAISE SQLSTATE 'ALONE';
        END IF;
        INSERT INTO idempotency_keys (user_id, route, key, fingerprint, status, body)
        SELECT h.holder, h.route, h.key, h.fingerprint, 201, h.answer
        FROM unnest(holders, key_routes, keys, key_fingerprints, answers) h (holder, route, key, fingerprint, answer)
        WHERE h.key IS NOT NULL
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS n = ROW_COUNT;
        IF n < with_key THEN
            RAISE SQLSTATE 'ALONE';
        END IF;
    END IF;

    IF EXISTS (
        SELECT FROM unnest(holders, concerts, at_times, first_seats, last_seats) h (holder, concert, at_time, first_seat, last_seat)
        WHERE h.last_seat - h.first_seat + 1 + coalesce((
            SELECT sum(cardinality(r.seat_ids)) FILTER (WHERE r.concert_id = h.concert
                AND (r.status = 'confirmed' OR (r.status IN ('held', 'paying') AND r.held_until + grace > h.at_time)))
            FROM reservations r WHERE r.user_id = h.holder), 0) > most_seats) THEN
        RAISE SQLSTATE 'ALONE';
    END IF;

    INSERT INTO reservations (id, user_id, concert_id, schedule_id, seat_ids, ticket, amount, status, held_until, created_at)
    SELECT h.id, h.holder, h.concert, h.schedule, seats[h.first_seat : h.last_seat], h.ticket, h.price, 'held', h.until, h.at_time
    FROM unnest(new_ids, holders, concerts, schedules, first_seats, last_seats, tickets, prices, untils, at_times)
        h (id, holder, concert, schedule, first_seat, last_seat, ticket, price, until, at_time)
    ON CONFLICT (concert_id, ticket) WHERE status IN ('held', 'paying', 'confirmed') DO NOTHING;
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n < holds THEN
        RAISE SQLSTATE 'ALONE';
    END IF;

    INSERT INTO claims (schedule_id, seat_id, reservation_id)
    SELECT h.schedule, seat, h.id
    FROM unnest(new_ids, schedules, first_seats, last_seats) h (id, schedule, first_seat, last_seat), unnest(seats[h.first_seat : h.last_seat]) seat
    ORDER BY h.schedule, seat
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n < cardinality(seats) THEN
        RAISE SQLSTATE 'ALONE';
    END IF;

    INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, traceparent)
    SELECT h.event_id, 'reservations', h.schedule::text, 'ReservationHeld', h.payload, h.trace
    FROM unnest(event_ids, schedules, event_payloads, traces) h (event_id, schedule, payload, trace);
    RETURN true;
EXCEPTION WHEN SQLSTATE 'ALONE' THEN
    RETURN false;
END $$;

-- Hold i finds the ids of the events it may have to write, one more than it has seats, in release_event_ids, which follow each other like the seats.
CREATE FUNCTION try_holds(
    new_ids uuid[], holders bigint[], concerts bigint[], schedules bigint[], seats bigint[], first_seats int[], last_seats int[],
    tickets bigint[], prices bigint[], at_times timestamptz[], untils timestamptz[], grace interval, most_seats int,
    event_ids uuid[], event_payloads bytea[], release_event_ids uuid[], traces text[],
    key_routes text[], keys text[], key_fingerprints bytea[], answers text[], together boolean)
RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    h record;
BEGIN
    IF together AND hold_together(
        new_ids, holders, concerts, schedules, seats, first_seats, last_seats, tickets, prices, at_times, untils, grace, most_seats,
        event_ids, event_payloads, traces, key_routes, keys, key_fingerprints, answers)
    THEN
        RETURN QUERY SELECT 'held' FROM generate_subscripts(new_ids, 1);
        RETURN;
    END IF;

    FOR h IN
        SELECT * FROM unnest(
            new_ids, holders, concerts, schedules, first_seats, last_seats, tickets, prices, at_times, untils,
            event_ids, event_payloads, traces, key_routes, keys, key_fingerprints, answers) WITH ORDINALITY
            h (id, holder, concert, schedule, first_seat, last_seat, ticket, price, at_time, until,
            event_id, payload, trace, key_route, key, key_fingerprint, answer, number)
    LOOP
        -- Another request with the same key may be in the middle of it. Its lock ends with its transaction.
        RETURN NEXT CASE
            WHEN h.key IS NULL OR pg_try_advisory_xact_lock(hashtextextended(h.key_route || ' ' || h.holder || ' ' || h.key, 0))
            THEN try_hold_seats(
                h.id, h.holder, h.concert, h.schedule, seats[h.first_seat : h.last_seat], h.ticket, h.price, h.at_time, h.until, grace, most_seats,
                h.event_id, h.payload, release_event_ids[h.first_seat + h.number::int - 1 : h.last_seat + h.number::int], h.trace,
                h.key_route, h.key, h.key_fingerprint, h.answer)
            ELSE 'key-in-flight' END;
    END LOOP;
END $$;
