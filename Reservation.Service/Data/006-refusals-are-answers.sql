-- hold_seats raises what stands in the way, so that nothing of the attempt stays. Raised to the client, each refusal would be an ERROR
-- in the server's log and an exception in the service, and of a seat that a thousand people want there are 999. Caught here it is an answer.
CREATE FUNCTION try_hold_seats(
    new_id uuid, holder bigint, concert bigint, schedule bigint, seats bigint[], pass_ticket bigint, price bigint,
    at_time timestamptz, until timestamptz, grace interval, most_seats int,
    event_id uuid, event_payload bytea, release_event_ids uuid[], trace text,
    key_route text, key text, key_fingerprint bytea, answer text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM hold_seats(
        new_id, holder, concert, schedule, seats, pass_ticket, price, at_time, until, grace, most_seats,
        event_id, event_payload, release_event_ids, trace, key_route, key, key_fingerprint, answer);
    RETURN 'held';
EXCEPTION
    WHEN SQLSTATE 'CR001' THEN RETURN 'seat-taken ' || SQLERRM;
    WHEN SQLSTATE 'CR002' THEN RETURN 'reservation-open';
    WHEN SQLSTATE 'CR003' THEN RETURN 'pass-spent';
    WHEN SQLSTATE 'CR004' THEN RETURN 'seat-limit';
    WHEN SQLSTATE 'CR005' THEN RETURN 'key-used';
END $$;
