-- Who may log in. A password is kept as argon2id alone; who has none cannot log in with one.
CREATE TABLE account (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    login_name TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    unit_id TEXT REFERENCES organisation_unit (id),
    section_id TEXT REFERENCES business_section (id),
    email TEXT NOT NULL,
    password_hash TEXT,
    must_change_password BOOLEAN NOT NULL,
    password_changed_at TEXT,
    totp_secret TEXT,
    totp_last_step BIGINT NOT NULL CHECK (totp_last_step BETWEEN 0 AND 1000000000000),
    oidc_subject TEXT UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('active', 'disabled')),
    valid_to TEXT,
    failed_logins BIGINT NOT NULL CHECK (failed_logins BETWEEN 0 AND 1000000000),
    locked_until TEXT,
    last_login_at TEXT,
    last_login_from TEXT,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    provenance TEXT NOT NULL
);
CREATE INDEX account_unit ON account (unit_id);
CREATE INDEX account_section ON account (section_id);

CREATE TABLE account_role (
    account_id TEXT NOT NULL REFERENCES account (id),
    role TEXT NOT NULL,
    region_code TEXT NOT NULL,
    PRIMARY KEY (account_id, role)
);
CREATE INDEX account_role_role ON account_role (role, account_id);

-- What was a password before, so that it is not one again.
CREATE TABLE password_history (
    account_id TEXT NOT NULL REFERENCES account (id),
    position BIGINT NOT NULL CHECK (position BETWEEN 1 AND 1000000000),
    region_code TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (account_id, position)
);

-- Records that were given to one person: an expert's, an agency's.
CREATE TABLE assignment (
    account_id TEXT NOT NULL REFERENCES account (id),
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    region_code TEXT NOT NULL,
    assigned_at TEXT NOT NULL,
    PRIMARY KEY (account_id, record_kind, record_id)
);
CREATE INDEX assignment_record ON assignment (record_kind, record_id);

-- A change that needs a second person before it is made.
CREATE TABLE privileged_change (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    payload TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'refused', 'expired')),
    requested_by TEXT NOT NULL REFERENCES account (id),
    requested_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    decided_by TEXT REFERENCES account (id),
    decided_at TEXT,
    decision TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000)
);
CREATE INDEX privileged_change_open ON privileged_change (state, requested_at);

-- Everybody logs in anew: a session belongs to an account now.
DROP TABLE session;
CREATE TABLE session (
    token_digest TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    region_code TEXT NOT NULL,
    -- What it is good for: everything, or only for what must be done first.
    stage TEXT NOT NULL CHECK (stage IN ('password_change', 'second_factor', 'full')),
    began_at TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    from_address TEXT NOT NULL,
    browser TEXT NOT NULL
);
CREATE INDEX session_account ON session (account_id, began_at);
-- The one administrator that there was is no account.
DELETE FROM setting WHERE name = 'administrator_password_hash';
