-- The form that a target is filled by, and the rule pack that declares it: id@version. A target that
-- was begun before forms were declared has the plain one, which is goal and indicators alone.
ALTER TABLE performance_target ADD COLUMN form_id TEXT NOT NULL DEFAULT 'project_budget';
ALTER TABLE performance_target ADD COLUMN form_pack TEXT NOT NULL DEFAULT '';

-- What a form asks for besides goal and indicators, as it was typed; nothing typed is no row. A field
-- has no row key and no column.
CREATE TABLE target_field (
    target_id TEXT NOT NULL REFERENCES performance_target (id) ON DELETE CASCADE,
    region_code TEXT NOT NULL,
    field TEXT NOT NULL,
    row_key BIGINT NOT NULL CHECK (row_key BETWEEN 0 AND 1000000),
    column_key TEXT NOT NULL,
    -- Of the row in its table, from 1; 0 for a field.
    position BIGINT NOT NULL CHECK (position BETWEEN 0 AND 1000),
    text TEXT NOT NULL,
    PRIMARY KEY (target_id, field, row_key, column_key)
);
