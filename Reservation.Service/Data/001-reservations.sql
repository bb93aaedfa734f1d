CREATE TABLE reservations (
    id          uuid        PRIMARY KEY,
    user_id     bigint      NOT NULL,
    concert_id  bigint      NOT NULL,
    schedule_id bigint      NOT NULL,
    seat_ids    bigint[]    NOT NULL CHECK (cardinality(seat_ids) BETWEEN 1 AND 4),
    ticket      bigint      NOT NULL,
    amount      bigint      NOT NULL CHECK (amount > 0),
    status      text        NOT NULL CHECK (status IN ('held', 'paying', 'confirmed', 'cancelled', 'expired')),
    held_until  timestamptz NOT NULL,
    payment_id  uuid,
    created_at  timestamptz NOT NULL
) WITH (fillfactor = 85);

-- A pass buys once: its ticket has one reservation that is open or confirmed.
CREATE UNIQUE INDEX reservations_one_per_ticket ON reservations (concert_id, ticket) WHERE status IN ('held', 'paying', 'confirmed');
CREATE INDEX reservations_of_user ON reservations (user_id, id DESC);
CREATE INDEX reservations_to_expire ON reservations (held_until) WHERE status IN ('held', 'paying');

-- Who owns a seat. The primary key is what makes two owners impossible; how long the claim lasts and whether it is sold
-- stands in the reservation, so that extending and confirming touch one row.
CREATE TABLE claims (
    schedule_id    bigint NOT NULL,
    seat_id        bigint NOT NULL,
    reservation_id uuid   NOT NULL REFERENCES reservations (id),
    PRIMARY KEY (schedule_id, seat_id)
);
