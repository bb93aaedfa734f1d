-- Confirms the reservations of one poll's payments; one answer each, in their order. Those that are still held become confirmed all at once,
-- and confirm_reservation decides about the others, each by itself.
CREATE FUNCTION confirm_reservations(ids uuid[], paid_by uuid[], event_ids uuid[], traces text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    told uuid[];
BEGIN
    WITH confirmed AS (
        UPDATE reservations r SET status = 'confirmed', payment_id = p.payment
        FROM (SELECT * FROM unnest(ids, paid_by, event_ids, traces) ORDER BY 1) p (id, payment, event_id, trace)
        WHERE r.id = p.id AND r.status IN ('held', 'paying')
        RETURNING r.*, p.event_id, p.trace
    ),
    event AS (
        INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, traceparent)
        SELECT c.event_id, 'reservations', c.schedule_id::text, 'ReservationConfirmed', convert_to(jsonb_build_object(
            'reservationId', c.id, 'userId', c.user_id, 'concertId', c.concert_id, 'scheduleId', c.schedule_id,
            'seatIds', to_jsonb(c.seat_ids), 'ticket', c.ticket, 'amount', c.amount, 'paymentId', c.payment_id)::text, 'UTF8'), c.trace
        FROM confirmed c
        RETURNING id
    )
    SELECT array_agg(id) INTO told FROM event;

    RETURN ARRAY (
        SELECT CASE WHEN p.event_id = ANY (told) THEN 'confirmed' ELSE confirm_reservation(p.id, p.payment, p.event_id, p.trace) END
        FROM unnest(ids, paid_by, event_ids, traces) WITH ORDINALITY p (id, payment, event_id, trace, number)
        ORDER BY p.number);
END $$;
