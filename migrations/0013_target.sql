-- A row of the indicator table keeps its number through all edits and editions.
ALTER TABLE indicator ADD COLUMN row_key BIGINT NOT NULL DEFAULT 1
    CHECK (row_key BETWEEN 1 AND 1000000);
UPDATE indicator SET row_key = position;
CREATE UNIQUE INDEX indicator_row_key ON indicator (target_id, row_key);

-- Who saved a target last, and the last number that one of its rows was given.
CREATE TABLE target_edit (
    target_id TEXT NOT NULL PRIMARY KEY REFERENCES performance_target (id) ON DELETE CASCADE,
    region_code TEXT NOT NULL,
    last_row_key BIGINT NOT NULL CHECK (last_row_key BETWEEN 0 AND 1000000),
    edited_by TEXT NOT NULL REFERENCES account (id),
    edited_at TEXT NOT NULL
);

-- What a record said when it was submitted, returned or approved. Never changed.
CREATE TABLE content_snapshot (
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position BETWEEN 1 AND 1000000),
    region_code TEXT NOT NULL,
    -- The version of the record with which it came about.
    record_version BIGINT NOT NULL CHECK (record_version BETWEEN 1 AND 1000000000),
    why TEXT NOT NULL CHECK (why IN ('submitted', 'returned', 'approved')),
    made_by TEXT NOT NULL REFERENCES account (id),
    made_at TEXT NOT NULL,
    body TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (record_kind, record_id, position)
);

-- What a person typed and has not saved.
CREATE TABLE content_draft (
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    region_code TEXT NOT NULL,
    -- The version of the record that was open.
    record_version BIGINT NOT NULL CHECK (record_version BETWEEN 1 AND 1000000000),
    body TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (record_kind, record_id, account_id)
);

-- Who has a record's form open, as its page tells every few seconds.
CREATE TABLE edit_presence (
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    region_code TEXT NOT NULL,
    seen_at TEXT NOT NULL,
    PRIMARY KEY (record_kind, record_id, account_id)
);
