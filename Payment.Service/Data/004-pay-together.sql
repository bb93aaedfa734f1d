-- Payments with points of one moment, in one command; one answer each, in their order. In the ordinary case all of them succeed, and then one
-- statement writes the same row of all. As soon as anything about any of them is out of the ordinary, what was written is undone, and
-- pay_with_points decides about each by itself.
CREATE FUNCTION pay_together(
    p_users bigint[], p_routes text[], p_keys text[], p_fingerprints bytea[],
    p_payments uuid[], p_reservations uuid[], p_amounts bigint[], p_times timestamptz[], p_completed_bodies text[],
    p_events uuid[], p_topic text, p_event_type text, p_payloads bytea[], p_traceparents text[])
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    payments_together int := cardinality(p_payments);
    n int;
BEGIN
    INSERT INTO idempotency_keys (user_id, route, key, fingerprint, status, body)
    SELECT p.user_id, p.route, p.key, p.fingerprint, 201, p.body
    FROM unnest(p_users, p_routes, p_keys, p_fingerprints, p_completed_bodies) p (user_id, route, key, fingerprint, body)
    ON CONFLICT (user_id, route, key) DO NOTHING;
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n < payments_together THEN
        RAISE SQLSTATE 'ALONE';
    END IF;

    INSERT INTO payments (id, reservation_id, user_id, amount, method, status, created_at, settled_at)
    SELECT p.id, p.reservation_id, p.user_id, p.amount, 'points', 'completed', p.at_time, p.at_time
    FROM unnest(p_payments, p_reservations, p_users, p_amounts, p_times) p (id, reservation_id, user_id, amount, at_time)
    ON CONFLICT (reservation_id) WHERE payments.status IN ('pending', 'completed') DO NOTHING;
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n < payments_together THEN
        RAISE SQLSTATE 'ALONE';
    END IF;

    -- Of two payments of one user this takes only one.
    UPDATE wallets SET balance = balance - p.amount
    FROM (SELECT * FROM unnest(p_users, p_amounts) ORDER BY 1) p (user_id, amount)
    WHERE wallets.user_id = p.user_id AND balance >= p.amount;
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n < payments_together THEN
        RAISE SQLSTATE 'ALONE';
    END IF;

    INSERT INTO ledger_entries (account, movement, amount, kind, payment_id, created_at)
    SELECT entry.account, p.id, entry.amount, 'payment', p.id, p.at_time
    FROM unnest(p_payments, p_users, p_amounts, p_times) p (id, user_id, amount, at_time),
        LATERAL (VALUES ('wallet:' || p.user_id, -p.amount), ('revenue', p.amount)) entry (account, amount);
    INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, traceparent)
    SELECT p.event, p_topic, p.reservation_id::text, p_event_type, p.payload, p.traceparent
    FROM unnest(p_events, p_reservations, p_payloads, p_traceparents) p (event, reservation_id, payload, traceparent);
    RETURN true;
EXCEPTION WHEN SQLSTATE 'ALONE' THEN
    RETURN false;
END $$;

CREATE FUNCTION pay_all_with_points(
    p_users bigint[], p_routes text[], p_keys text[], p_fingerprints bytea[],
    p_payments uuid[], p_reservations uuid[], p_amounts bigint[], p_times timestamptz[], p_completed_bodies text[], p_insufficient_body text,
    p_events uuid[], p_topic text, p_event_type text, p_payloads bytea[], p_traceparents text[], together boolean)
RETURNS TABLE (outcome text, status int, body text, same_request boolean) LANGUAGE plpgsql AS $$
DECLARE
    p record;
BEGIN
    IF together AND pay_together(
        p_users, p_routes, p_keys, p_fingerprints, p_payments, p_reservations, p_amounts, p_times, p_completed_bodies,
        p_events, p_topic, p_event_type, p_payloads, p_traceparents)
    THEN
        RETURN QUERY SELECT 'completed', NULL::int, NULL, NULL::boolean FROM generate_subscripts(p_payments, 1);
        RETURN;
    END IF;

    FOR p IN
        SELECT * FROM unnest(
            p_users, p_routes, p_keys, p_fingerprints, p_payments, p_reservations, p_amounts, p_times, p_completed_bodies,
            p_events, p_payloads, p_traceparents)
            p (user_id, route, key, fingerprint, id, reservation_id, amount, at_time, completed_body, event, payload, traceparent)
    LOOP
        SELECT * INTO outcome, status, body, same_request FROM pay_with_points(
            p.user_id, p.route, p.key, p.fingerprint, p.id, p.reservation_id, p.amount, p.at_time, p.completed_body, p_insufficient_body,
            p.event, p_topic, p_event_type, p.payload, p.traceparent);
        RETURN NEXT;
    END LOOP;
END $$;
