-- What a user can spend. The ledger tells how it came about; the sum of a wallet's entries is its balance.
CREATE TABLE wallets (
    user_id bigint PRIMARY KEY,
    balance bigint NOT NULL CHECK (balance >= 0)
) WITH (fillfactor = 70);

-- Double entry: each movement is two entries that sum to zero. Accounts: wallet:<user>, revenue, external:<where from>.
CREATE TABLE ledger_entries (
    id         bigint      GENERATED ALWAYS AS IDENTITY,
    account    text        NOT NULL,
    movement   uuid        NOT NULL,
    amount     bigint      NOT NULL CHECK (amount <> 0),
    kind       text        NOT NULL CHECK (kind IN ('opening', 'charge', 'payment', 'refund')),
    payment_id uuid,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (account, id)
);

CREATE TABLE payments (
    id              uuid        PRIMARY KEY,
    reservation_id  uuid        NOT NULL,
    user_id         bigint      NOT NULL,
    amount          bigint      NOT NULL CHECK (amount > 0),
    method          text        NOT NULL CHECK (method IN ('points', 'card')),
    status          text        NOT NULL CHECK (status IN ('pending', 'completed', 'failed', 'refunded')),
    created_at      timestamptz NOT NULL,
    settled_at      timestamptz,
    gateway         text,
    card_last_four  text,
    failure         text,
    refund_reason   text,
    -- Of a card payment: whose answer is still due under the caller's key.
    idempotency_key text,
    -- The fence of a pending payment: who does not know the current step no longer decides about it.
    step            int         NOT NULL DEFAULT 0,
    checks          int         NOT NULL DEFAULT 0,
    next_check_at   timestamptz,
    pending_until   timestamptz
) WITH (fillfactor = 80);

-- At most one payment that has, or may still get, the money of a reservation.
CREATE UNIQUE INDEX payments_open ON payments (reservation_id) WHERE status IN ('pending', 'completed');
CREATE INDEX payments_unresolved ON payments (next_check_at) WHERE status = 'pending';

-- Which gateways were asked for a card payment. The row is there before the gateway hears of it.
--   asked → approved | refused (surely no money) | cancelled;  approved or asked → cancelling → cancelled
CREATE TABLE approvals (
    payment_id      uuid        NOT NULL REFERENCES payments,
    gateway         text        NOT NULL,
    state           text        NOT NULL CHECK (state IN ('asked', 'approved', 'refused', 'cancelling', 'cancelled')),
    asked_at        timestamptz NOT NULL,
    attempts        int         NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    PRIMARY KEY (payment_id, gateway)
);

CREATE INDEX approvals_cancelling ON approvals (next_attempt_at) WHERE state = 'cancelling';
