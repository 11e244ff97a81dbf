-- Who did what, when, with what before and after; prev_hash and hash chain them by region.
CREATE TABLE event (
    region_code TEXT NOT NULL,
    sequence BIGINT NOT NULL CHECK (sequence BETWEEN 1 AND 1000000000000),
    happened_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    before_json TEXT,
    after_json TEXT,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (region_code, sequence)
);

-- Facts about this database itself: whether it is a sample, the administrator's password hash.
CREATE TABLE setting (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
