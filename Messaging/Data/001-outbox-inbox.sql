-- Events that wait to be sent, and for a while those that were. The first columns carry Debezium's names, so that
-- change data capture can take the relay's place.
CREATE TABLE outbox (
    id              uuid        PRIMARY KEY,
    aggregatetype   text        NOT NULL,
    aggregateid     text        NOT NULL,
    type            text        NOT NULL,
    payload         bytea       NOT NULL,
    traceparent     text,
    -- Given inside the business transaction, after its row locks: for one seat or one payment, the order in which things happened.
    position        bigint      GENERATED ALWAYS AS IDENTITY,
    created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts        int         NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    last_error      text,
    sent_at         timestamptz,
    dead_at         timestamptz
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);

CREATE INDEX outbox_unsent ON outbox (position) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_sent ON outbox (sent_at) WHERE sent_at IS NOT NULL;

-- What was consumed already, per group: a message that comes twice takes effect once.
CREATE TABLE inbox (
    consumer_group text        NOT NULL,
    message_id     uuid        NOT NULL,
    consumed_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer_group, message_id)
);

CREATE INDEX inbox_consumed ON inbox USING brin (consumed_at);
