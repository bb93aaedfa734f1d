-- Events that wait to be sent, and for a while those that were. The first columns carry Debezium's names, so that
-- change data capture can take the relay's place. Ids are UUIDv7: the primary key is in order of age, which is how the
-- sweeper and the re-feed find their rows without an index of their own.
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
) WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.1);

-- Small whatever the table's size: a row leaves it when it is sent.
CREATE INDEX outbox_unsent ON outbox (position) WHERE sent_at IS NULL AND dead_at IS NULL;
CREATE INDEX outbox_dead ON outbox (position) WHERE dead_at IS NOT NULL;

-- Which replica relays. A lease and not a lock: a replica that hangs lets go of it too.
CREATE TABLE outbox_lease (
    only_row   boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    holder     uuid,
    held_until timestamptz NOT NULL DEFAULT '-infinity'
);

INSERT INTO outbox_lease DEFAULT VALUES;

-- What was consumed already, per group: a message that comes twice takes effect once.
CREATE TABLE inbox (
    consumer_group text        NOT NULL,
    message_id     uuid        NOT NULL,
    consumed_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (consumer_group, message_id)
);

-- Rows come in order of time: a block range index finds the old ones and costs an insert next to nothing.
CREATE INDEX inbox_consumed ON inbox USING brin (consumed_at) WITH (pages_per_range = 32, autosummarize = on);
