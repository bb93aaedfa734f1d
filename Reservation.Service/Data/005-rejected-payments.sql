-- A payment that was rejected stays so, also when its event comes again after the inbox forgot it and the seats are free by
-- then: its money has gone back.
ALTER TABLE reservations ADD COLUMN rejected_payments uuid[] NOT NULL DEFAULT '{}';

CREATE OR REPLACE FUNCTION confirm_reservation(reservation uuid, payment uuid, event_id uuid, trace text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    r reservations;
    n int;
BEGIN
    UPDATE reservations SET status = 'confirmed', payment_id = payment
    WHERE id = reservation AND status IN ('held', 'paying') RETURNING * INTO r;
    IF FOUND THEN
        PERFORM tell(event_id, 'ReservationConfirmed', r, jsonb_build_object('paymentId', payment), trace);
        RETURN 'confirmed';
    END IF;

    SELECT * INTO r FROM reservations WHERE id = reservation FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Reservation % is not known, and payment % was taken for it.', reservation, payment;
    END IF;
    IF r.status = 'confirmed' AND r.payment_id = payment THEN
        RETURN 'already confirmed';
    END IF;
    IF payment = ANY (r.rejected_payments) THEN
        RETURN 'already rejected';
    END IF;

    IF r.status IN ('cancelled', 'expired') AND NOT EXISTS (
            SELECT 1 FROM reservations o
            WHERE o.concert_id = r.concert_id AND o.ticket = r.ticket AND o.status IN ('held', 'paying', 'confirmed')) THEN
        INSERT INTO claims (schedule_id, seat_id, reservation_id)
        SELECT r.schedule_id, seat, r.id FROM unnest(r.seat_ids) seat ORDER BY seat
        ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS n = ROW_COUNT;
        IF n = cardinality(r.seat_ids) THEN
            UPDATE reservations SET status = 'confirmed', payment_id = payment WHERE id = reservation;
            PERFORM tell(event_id, 'ReservationConfirmed', r, jsonb_build_object('paymentId', payment), trace);
            RETURN 'confirmed';
        END IF;
        DELETE FROM claims WHERE schedule_id = r.schedule_id AND seat_id = ANY (r.seat_ids) AND reservation_id = r.id;
    END IF;

    UPDATE reservations SET rejected_payments = rejected_payments || payment WHERE id = reservation;
    PERFORM tell(event_id, 'ReservationRejected', r, jsonb_build_object('paymentId', payment, 'reason',
        CASE WHEN r.status = 'confirmed' THEN 'The reservation is paid already.' ELSE 'The seats are gone.' END), trace);
    RETURN 'rejected';
END $$;
