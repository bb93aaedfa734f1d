-- Puts an event about a reservation into the outbox. The names and the form are those of Contracts' records.
-- In PL/pgSQL, which keeps the plan: a function in SQL is parsed and planned again on each call.
CREATE FUNCTION tell(event_id uuid, event_type text, r reservations, more jsonb, trace text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO outbox (id, aggregatetype, aggregateid, type, payload, traceparent)
    VALUES (event_id, 'reservations', r.schedule_id::text, event_type, convert_to((jsonb_build_object(
        'reservationId', r.id, 'userId', r.user_id, 'concertId', r.concert_id, 'scheduleId', r.schedule_id,
        'seatIds', to_jsonb(r.seat_ids), 'ticket', r.ticket, 'amount', r.amount) || more)::text, 'UTF8'), trace);
END $$;

-- Ends an open reservation: its seats are free, and everybody is told. False when it is not open any more.
CREATE FUNCTION release_reservation(reservation uuid, new_status text, reason text, event_id uuid, trace text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    r reservations;
BEGIN
    UPDATE reservations SET status = new_status WHERE id = reservation AND status IN ('held', 'paying') RETURNING * INTO r;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    DELETE FROM claims WHERE schedule_id = r.schedule_id AND seat_id = ANY (r.seat_ids) AND reservation_id = r.id;
    PERFORM tell(event_id, 'ReservationReleased', r, jsonb_build_object('reason', reason), trace);
    RETURN true;
END $$;
