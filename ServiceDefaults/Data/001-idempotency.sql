-- First answers by Idempotency-Key. Kept a day; status and body are null while the first request is in flight.
CREATE TABLE idempotency_keys (
    user_id     bigint      NOT NULL,
    route       text        NOT NULL,
    key         text        NOT NULL,
    fingerprint bytea       NOT NULL,
    status      int,
    body        text,
    created_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (user_id, route, key)
);

CREATE INDEX idempotency_keys_created_at ON idempotency_keys USING brin (created_at);
