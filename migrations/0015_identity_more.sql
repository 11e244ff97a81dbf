-- Failed logins under names that are no account's, so that a lock tells nobody which names exist.
CREATE TABLE login_failure (
    name_digest TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL CHECK (failures BETWEEN 0 AND 1000000000),
    locked_until TEXT,
    failed_at TEXT NOT NULL
);
CREATE INDEX login_failure_age ON login_failure (failed_at);

-- When and from where the person logged in before, how often somebody failed since then, and how
-- the person proved to be it.
ALTER TABLE session ADD COLUMN previous_login_at TEXT;
ALTER TABLE session ADD COLUMN previous_login_from TEXT;
ALTER TABLE session ADD COLUMN proof TEXT NOT NULL DEFAULT 'password' CHECK (proof IN ('password', 'common_login'));
ALTER TABLE session ADD COLUMN failed_before BIGINT NOT NULL DEFAULT 0 CHECK (failed_before BETWEEN 0 AND 1000000000);

-- A second factor that is shown to its person and not yet confirmed by a code.
CREATE TABLE second_factor_binding (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES account (id),
    region_code TEXT NOT NULL,
    secret TEXT NOT NULL,
    expires_at TEXT NOT NULL
);

-- Codes that stand in for a lost second factor, once each. Only their digests are kept.
CREATE TABLE recovery_code (
    account_id TEXT NOT NULL REFERENCES account (id),
    position BIGINT NOT NULL CHECK (position BETWEEN 1 AND 100),
    region_code TEXT NOT NULL,
    code_digest TEXT NOT NULL,
    used_at TEXT,
    PRIMARY KEY (account_id, position)
);

-- Logins that were sent to the common login and have not come back.
CREATE TABLE common_login (
    state_digest TEXT NOT NULL PRIMARY KEY,
    nonce TEXT NOT NULL,
    verifier TEXT NOT NULL,
    next_path TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
CREATE INDEX common_login_age ON common_login (expires_at);

-- Accounts of a file that was read without a mistake and waits to be confirmed.
CREATE TABLE account_import (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    uploaded_by TEXT NOT NULL REFERENCES account (id),
    expires_at TEXT NOT NULL,
    file_name TEXT NOT NULL,
    rows_json TEXT NOT NULL
);

-- Nothing was kept in it yet: it gets the role in which somebody asked, and taking back.
DROP TABLE privileged_change;
CREATE TABLE privileged_change (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The account that it concerns; empty where it concerns several or none.
    subject_id TEXT NOT NULL,
    payload TEXT NOT NULL,
    concerns_administrator BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'applied', 'refused', 'withdrawn', 'expired')),
    asked_by TEXT NOT NULL REFERENCES account (id),
    asked_as TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    decided_by TEXT REFERENCES account (id),
    decided_at TEXT,
    decision TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000)
);
CREATE INDEX privileged_change_open ON privileged_change (state, asked_at, id);
CREATE INDEX privileged_change_subject ON privileged_change (subject_id, state);
