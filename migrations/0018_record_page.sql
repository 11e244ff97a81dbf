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

-- A comment stands at its row's own number, and no more at the place that the row had.
UPDATE field_comment SET field = (
    SELECT 'indicators/' || CAST(i.row_key AS TEXT) FROM indicator i
    WHERE i.target_id = field_comment.record_id
    AND 'indicator/' || CAST(i.position AS TEXT) = field_comment.field)
WHERE record_kind = 'performance_target' AND EXISTS (
    SELECT 1 FROM indicator i WHERE i.target_id = field_comment.record_id
    AND 'indicator/' || CAST(i.position AS TEXT) = field_comment.field);
UPDATE field_comment SET field = (
    SELECT 'indicators/' || CAST(i.row_key AS TEXT) FROM indicator i
    JOIN monitoring m ON m.target_id = i.target_id WHERE m.id = field_comment.record_id
    AND 'indicator/' || CAST(i.position AS TEXT) = field_comment.field)
WHERE record_kind = 'monitoring' AND EXISTS (
    SELECT 1 FROM indicator i JOIN monitoring m ON m.target_id = i.target_id
    WHERE m.id = field_comment.record_id
    AND 'indicator/' || CAST(i.position AS TEXT) = field_comment.field);
UPDATE field_comment SET field = (
    SELECT 'indicators/' || CAST(i.row_key AS TEXT) FROM indicator i
    JOIN self_evaluation s ON s.target_id = i.target_id WHERE s.id = field_comment.record_id
    AND 'indicator/' || CAST(i.position AS TEXT) = field_comment.field)
WHERE record_kind = 'self_evaluation' AND EXISTS (
    SELECT 1 FROM indicator i JOIN self_evaluation s ON s.target_id = i.target_id
    WHERE s.id = field_comment.record_id
    AND 'indicator/' || CAST(i.position AS TEXT) = field_comment.field);
