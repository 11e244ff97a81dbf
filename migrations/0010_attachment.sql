-- The bytes of a file, once for all records that it is attached to. The digest (SHA-256) is known
-- when the last piece has arrived; a file without one is on its way, or was given up.
CREATE TABLE blob (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    digest TEXT UNIQUE,
    size_bytes BIGINT NOT NULL CHECK (size_bytes BETWEEN 0 AND 1000000000),
    pieces BIGINT NOT NULL CHECK (pieces BETWEEN 0 AND 1000000),
    media_type TEXT NOT NULL,
    scan TEXT NOT NULL CHECK (scan IN ('none', 'waiting', 'clean', 'infected')),
    scan_text TEXT NOT NULL,
    scanned_at TEXT,
    touched_at TEXT NOT NULL
);
CREATE INDEX blob_touched ON blob (touched_at);

CREATE TABLE blob_piece (
    blob_id TEXT NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
    position BIGINT NOT NULL CHECK (position BETWEEN 0 AND 1000000),
    content BYTEA NOT NULL,
    PRIMARY KEY (blob_id, position)
);

CREATE TABLE attachment (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    record_kind TEXT NOT NULL CHECK (record_kind IN
        ('ex_ante_assessment', 'performance_target', 'monitoring', 'self_evaluation',
         'key_evaluation', 'rectification', 'result_application', 'commission', 'publication')),
    record_id TEXT NOT NULL,
    type TEXT NOT NULL,
    name TEXT NOT NULL,
    blob_id TEXT NOT NULL REFERENCES blob (id),
    uploaded_by TEXT NOT NULL REFERENCES account (id),
    uploaded_at TEXT NOT NULL,
    UNIQUE (record_kind, record_id, type, blob_id)
);
CREATE INDEX attachment_blob ON attachment (blob_id);
