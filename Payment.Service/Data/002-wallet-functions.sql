-- One round trip each, with the key first: a second request with the same key waits here for the first, and then replays it.

CREATE FUNCTION pay_with_points(
    p_user bigint, p_route text, p_key text, p_fingerprint bytea,
    p_payment uuid, p_reservation uuid, p_amount bigint, p_now timestamptz,
    p_completed_body text, p_insufficient_body text,
    p_event uuid, p_topic text, p_event_type text, p_payload bytea, p_traceparent text,
    OUT outcome text, OUT status int, OUT body text, OUT same_request boolean)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO idempotency_keys (user_id, route, key, fingerprint, status, body)
    VALUES (p_user, p_route, p_key, p_fingerprint, 201, p_completed_body) ON CONFLICT (user_id, route, key) DO NOTHING;
    IF NOT FOUND THEN
        SELECT k.status, k.body, k.fingerprint = p_fingerprint INTO status, body, same_request
        FROM idempotency_keys k WHERE k.user_id = p_user AND k.route = p_route AND k.key = p_key;
        outcome := 'replay';
        RETURN;
    END IF;

    INSERT INTO payments (id, reservation_id, user_id, amount, method, status, created_at, settled_at)
    VALUES (p_payment, p_reservation, p_user, p_amount, 'points', 'completed', p_now, p_now)
    ON CONFLICT (reservation_id) WHERE payments.status IN ('pending', 'completed') DO NOTHING;
    IF NOT FOUND THEN
        DELETE FROM idempotency_keys k WHERE k.user_id = p_user AND k.route = p_route AND k.key = p_key;
        outcome := open_payment_conflict(p_reservation);
        RETURN;
    END IF;

    UPDATE wallets SET balance = balance - p_amount WHERE user_id = p_user AND balance >= p_amount;
    IF NOT FOUND THEN
        DELETE FROM payments WHERE id = p_payment;
        UPDATE idempotency_keys k SET status = 402, body = p_insufficient_body
        WHERE k.user_id = p_user AND k.route = p_route AND k.key = p_key;
        outcome := 'insufficient-points';
        RETURN;
    END IF;

    INSERT INTO ledger_entries (account, movement, amount, kind, payment_id, created_at)
    VALUES ('wallet:' || p_user, p_payment, -p_amount, 'payment', p_payment, p_now),
           ('revenue', p_payment, p_amount, 'payment', p_payment, p_now);
    INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, traceparent)
    VALUES (p_event, p_topic, p_reservation::text, p_event_type, p_payload, p_traceparent);
    outcome := 'completed';
END $$;

-- Why a reservation takes no further payment. When the other one has just failed: pending, for the caller's next try.
CREATE FUNCTION open_payment_conflict(p_reservation uuid) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM payments WHERE reservation_id = p_reservation AND status = 'completed') THEN
        RETURN 'already-paid';
    END IF;
    RETURN 'payment-pending';
END $$;

CREATE FUNCTION charge_wallet(
    p_user bigint, p_route text, p_key text, p_fingerprint bytea,
    p_movement uuid, p_amount bigint, p_max_balance bigint, p_now timestamptz,
    OUT outcome text, OUT status int, OUT body text, OUT same_request boolean)
LANGUAGE plpgsql AS $$
DECLARE
    new_balance bigint;
BEGIN
    INSERT INTO idempotency_keys (user_id, route, key, fingerprint) VALUES (p_user, p_route, p_key, p_fingerprint)
    ON CONFLICT (user_id, route, key) DO NOTHING;
    IF NOT FOUND THEN
        SELECT k.status, k.body, k.fingerprint = p_fingerprint INTO status, body, same_request
        FROM idempotency_keys k WHERE k.user_id = p_user AND k.route = p_route AND k.key = p_key;
        outcome := 'replay';
        RETURN;
    END IF;

    INSERT INTO wallets AS w (user_id, balance) VALUES (p_user, p_amount)
    ON CONFLICT (user_id) DO UPDATE SET balance = w.balance + excluded.balance WHERE w.balance <= p_max_balance - excluded.balance
    RETURNING balance INTO new_balance;
    IF NOT FOUND THEN
        DELETE FROM idempotency_keys k WHERE k.user_id = p_user AND k.route = p_route AND k.key = p_key;
        outcome := 'wallet-full';
        RETURN;
    END IF;

    INSERT INTO ledger_entries (account, movement, amount, kind, created_at)
    VALUES ('external:charge', p_movement, -p_amount, 'charge', p_now), ('wallet:' || p_user, p_movement, p_amount, 'charge', p_now);
    status := 200;
    body := '{"balance":' || new_balance || '}';
    UPDATE idempotency_keys k SET status = charge_wallet.status, body = charge_wallet.body
    WHERE k.user_id = p_user AND k.route = p_route AND k.key = p_key;
    outcome := 'charged';
END $$;

-- Opens the wallets that are not there yet, each with the same balance; returns how many it opened.
CREATE FUNCTION seed_wallets(p_first bigint, p_last bigint, p_balance bigint, p_now timestamptz) RETURNS bigint LANGUAGE sql AS $$
    WITH opened AS (
        INSERT INTO wallets (user_id, balance) SELECT id, p_balance FROM generate_series(p_first, p_last) AS id
        ON CONFLICT (user_id) DO NOTHING RETURNING user_id),
    numbered AS MATERIALIZED (SELECT user_id, gen_random_uuid() AS movement FROM opened),
    entries AS (
        INSERT INTO ledger_entries (account, movement, amount, kind, created_at)
        SELECT account, movement, amount, 'opening', p_now
        FROM numbered, LATERAL (VALUES ('wallet:' || user_id, p_balance), ('external:opening', -p_balance)) AS entry (account, amount)
        WHERE p_balance <> 0)
    SELECT count(*) FROM opened
$$;
