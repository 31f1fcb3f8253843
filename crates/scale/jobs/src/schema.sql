-- What is true of reports, limits and spending. The queue itself is in the schema `apalis`.
CREATE TABLE IF NOT EXISTS tuibao_reports (
    id BIGSERIAL PRIMARY KEY,
    lane TEXT NOT NULL,
    site TEXT NOT NULL,
    profile TEXT NOT NULL,
    every TEXT NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    -- Each by itself: made in a scratch folder, without the order of days.
    independent BOOLEAN NOT NULL DEFAULT FALSE,
    -- waiting: its turn has not come; queued: it has; running; done; dead.
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'queued', 'running', 'done', 'dead')),
    -- Of its task in the queue; a task of another round is an old one.
    round INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    not_before TIMESTAMPTZ,
    exit_code INTEGER,
    reason TEXT,
    worker TEXT,
    lease TIMESTAMPTZ,
    enqueued_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    started_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    UNIQUE (site, profile, every, first_day)
);
CREATE INDEX IF NOT EXISTS tuibao_reports_lane ON tuibao_reports (lane, first_day);
CREATE INDEX IF NOT EXISTS tuibao_reports_open ON tuibao_reports (state) WHERE state NOT IN ('done', 'dead');

-- One row a model account: what all gateways together may ask, and the next moment at which one may.
CREATE TABLE IF NOT EXISTS tuibao_limits (
    name TEXT PRIMARY KEY,
    requests_per_minute INTEGER NOT NULL DEFAULT 0,
    tokens_per_minute BIGINT NOT NULL DEFAULT 0,
    day_tokens BIGINT NOT NULL DEFAULT 0,
    day_micros BIGINT NOT NULL DEFAULT 0,
    slot_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    next_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    next_tokens_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- What was spent, a row a day (UTC). A micro is a millionth of the currency.
CREATE TABLE IF NOT EXISTS tuibao_spend (
    name TEXT NOT NULL,
    day DATE NOT NULL,
    calls BIGINT NOT NULL DEFAULT 0,
    tokens BIGINT NOT NULL DEFAULT 0,
    micros BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (name, day)
);

-- Questions that are being asked, each with what it may cost at worst.
CREATE TABLE IF NOT EXISTS tuibao_flights (
    name TEXT NOT NULL,
    key TEXT NOT NULL,
    gateway TEXT NOT NULL,
    lease TIMESTAMPTZ NOT NULL,
    day DATE NOT NULL,
    tokens BIGINT NOT NULL,
    micros BIGINT NOT NULL,
    PRIMARY KEY (name, key)
);
