-- What a record said from one version on, so that a later save knows what each of two people
-- changed. Kept while it may be edited; the turns of its way are in content_snapshot.
CREATE TABLE content_version (
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    -- The version of the record with which it came about.
    record_version BIGINT NOT NULL CHECK (record_version BETWEEN 1 AND 1000000000),
    region_code TEXT NOT NULL,
    body TEXT NOT NULL,
    -- None where it was there before versions were kept.
    saved_by TEXT REFERENCES account (id),
    saved_at TEXT NOT NULL,
    PRIMARY KEY (record_kind, record_id, record_version)
);
