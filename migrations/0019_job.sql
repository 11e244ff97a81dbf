-- Work that takes longer than a moment: who asked for it, how far it is, and what came of it.
-- The lease is renewed while a process works on it; past it, that process is gone.
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind IN ('list_export', 'unit_preview', 'unit_import', 'statement')),
    title TEXT NOT NULL,
    parameters TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
    step TEXT NOT NULL,
    done_steps BIGINT NOT NULL CHECK (done_steps BETWEEN 0 AND 1000000000),
    total_steps BIGINT NOT NULL CHECK (total_steps BETWEEN 0 AND 1000000000),
    message TEXT NOT NULL,
    asked_at TEXT NOT NULL,
    started_at TEXT,
    ended_at TEXT,
    lease_until TEXT,
    link TEXT NOT NULL,
    file_name TEXT,
    file_type TEXT,
    file_digest TEXT,
    file_bytes BIGINT CHECK (file_bytes BETWEEN 0 AND 1000000000),
    file_pieces BIGINT CHECK (file_pieces BETWEEN 0 AND 1000000),
    expires_at TEXT
);
CREATE INDEX job_account ON job (account_id, asked_at, id);
CREATE INDEX job_state ON job (state, asked_at, id);

-- The file that came of it, until it expires.
CREATE TABLE job_piece (
    job_id TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    position BIGINT NOT NULL CHECK (position BETWEEN 0 AND 1000000),
    content BYTEA NOT NULL,
    PRIMARY KEY (job_id, position)
);

-- What a preview showed, where comparing takes long.
ALTER TABLE unit_import ADD COLUMN preview TEXT;
