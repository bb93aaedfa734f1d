-- Writes a card payment down before any gateway hears of it: from here on it is found again, whoever crashes.
CREATE FUNCTION begin_card_payment(
    p_user bigint, p_route text, p_key text, p_fingerprint bytea,
    p_payment uuid, p_reservation uuid, p_amount bigint, p_last_four text, p_gateway text, p_now timestamptz, p_first_check timestamptz,
    OUT outcome text, OUT status int, OUT body text, OUT same_request boolean)
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO idempotency_keys (user_id, route, key, fingerprint) VALUES (p_user, p_route, p_key, p_fingerprint)
    ON CONFLICT (user_id, route, key) DO NOTHING;
    IF NOT FOUND THEN
        SELECT k.status, k.body, k.fingerprint = p_fingerprint INTO status, body, same_request
        FROM idempotency_keys k WHERE k.user_id = p_user AND k.route = p_route AND k.key = p_key;
        outcome := 'replay';
        RETURN;
    END IF;

    INSERT INTO payments (id, reservation_id, user_id, amount, method, status, created_at, card_last_four, idempotency_key, next_check_at)
    VALUES (p_payment, p_reservation, p_user, p_amount, 'card', 'pending', p_now, p_last_four, p_key, p_first_check)
    ON CONFLICT (reservation_id) WHERE payments.status IN ('pending', 'completed') DO NOTHING;
    IF NOT FOUND THEN
        DELETE FROM idempotency_keys k WHERE k.user_id = p_user AND k.route = p_route AND k.key = p_key;
        outcome := open_payment_conflict(p_reservation);
        RETURN;
    END IF;

    INSERT INTO approvals (payment_id, gateway, state, asked_at) VALUES (p_payment, p_gateway, 'asked', p_now);
    outcome := 'begun';
END $$;
