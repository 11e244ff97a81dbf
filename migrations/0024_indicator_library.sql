-- 绩效指标库: common and sector indicators. The row is the newest version.
CREATE TABLE indicator_library (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    code TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    level1 TEXT NOT NULL,
    level2 TEXT NOT NULL,
    name TEXT NOT NULL,
    operator TEXT NOT NULL CHECK (operator IN ('＞', '≥', '＝', '＜', '≤', '定性')),
    unit TEXT NOT NULL,
    usual_value TEXT NOT NULL,
    explanation TEXT NOT NULL,
    formula TEXT NOT NULL,
    evidence TEXT NOT NULL,
    data_source TEXT NOT NULL,
    sector TEXT NOT NULL,
    -- 支出功能分类的类; empty for what is common to all.
    function_class TEXT NOT NULL,
    -- The unit whose own indicator it is; none for the bureau's, which all may use.
    owner_unit_id TEXT REFERENCES organisation_unit (id),
    since TEXT NOT NULL,
    retired_on TEXT,
    successor_id TEXT REFERENCES indicator_library (id),
    provenance TEXT NOT NULL,
    UNIQUE (region_code, code)
);

-- What an indicator said in each version. Never changed.
CREATE TABLE indicator_library_version (
    entry_id TEXT NOT NULL REFERENCES indicator_library (id),
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    region_code TEXT NOT NULL,
    body TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- None where the program brought it along.
    changed_by TEXT REFERENCES account (id),
    changed_at TEXT NOT NULL,
    PRIMARY KEY (entry_id, version)
);

-- The pieces of two letters under which a search finds an indicator, each with what it weighs.
-- All columns stand in the key, so that a search reads the index and nothing else.
CREATE TABLE indicator_library_piece (
    region_code TEXT NOT NULL,
    piece TEXT NOT NULL,
    entry_id TEXT NOT NULL REFERENCES indicator_library (id) ON DELETE CASCADE,
    weight BIGINT NOT NULL CHECK (weight BETWEEN 1 AND 100),
    PRIMARY KEY (region_code, piece, entry_id, weight)
);
CREATE INDEX indicator_library_piece_entry ON indicator_library_piece (entry_id);

-- A filed list of indicators between its preview and its confirmation.
CREATE TABLE indicator_library_import (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    account_id TEXT NOT NULL,
    file_name TEXT NOT NULL,
    filed TEXT NOT NULL,
    plan_digest TEXT NOT NULL,
    made_at TEXT NOT NULL
);

-- Where a row of a target came from: an indicator of the library, or a row of another target.
CREATE TABLE indicator_origin (
    target_id TEXT NOT NULL REFERENCES performance_target (id) ON DELETE CASCADE,
    row_key BIGINT NOT NULL CHECK (row_key BETWEEN 1 AND 1000000),
    region_code TEXT NOT NULL,
    library_id TEXT REFERENCES indicator_library (id),
    library_version BIGINT CHECK (library_version BETWEEN 1 AND 1000000000),
    source_target_id TEXT REFERENCES performance_target (id) ON DELETE CASCADE,
    source_row_key BIGINT CHECK (source_row_key BETWEEN 1 AND 1000000),
    PRIMARY KEY (target_id, row_key),
    CHECK ((library_id IS NULL) = (library_version IS NULL)
        AND (source_target_id IS NULL) = (source_row_key IS NULL)
        AND (library_id IS NULL) <> (source_target_id IS NULL))
);
CREATE INDEX indicator_origin_library ON indicator_origin (library_id, target_id);

-- A sketch of each goal: few marks, of which near copies have some in common.
CREATE TABLE target_goal_piece (
    region_code TEXT NOT NULL,
    piece TEXT NOT NULL,
    target_id TEXT NOT NULL REFERENCES performance_target (id) ON DELETE CASCADE,
    PRIMARY KEY (region_code, piece, target_id)
);
CREATE INDEX target_goal_piece_target ON target_goal_piece (target_id);

-- The pieces of the names of objects, to find similar ones.
CREATE TABLE object_name_piece (
    region_code TEXT NOT NULL,
    piece TEXT NOT NULL,
    object_id TEXT NOT NULL REFERENCES managed_object (id) ON DELETE CASCADE,
    PRIMARY KEY (region_code, piece, object_id)
);
CREATE INDEX object_name_piece_object ON object_name_piece (object_id);

-- What indicators of one name reached is asked for at each row of a form.
CREATE INDEX indicator_name ON indicator (region_code, name, unit);
CREATE INDEX self_evaluation_line_indicator ON self_evaluation_line (indicator_id);
