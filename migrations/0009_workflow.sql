-- Every record counts its changes.
ALTER TABLE commission ADD COLUMN version BIGINT NOT NULL DEFAULT 1
    CHECK (version BETWEEN 1 AND 1000000000);
ALTER TABLE result_application ADD COLUMN version BIGINT NOT NULL DEFAULT 1
    CHECK (version BETWEEN 1 AND 1000000000);
ALTER TABLE publication ADD COLUMN version BIGINT NOT NULL DEFAULT 1
    CHECK (version BETWEEN 1 AND 1000000000);

-- What of a record's way is not in its state: the review as far as it has come, the latest
-- outcome, everyone who filled it, and the rule pack whose route it walks.
CREATE TABLE record_desk (
    record_kind TEXT NOT NULL CHECK (record_kind IN
        ('ex_ante_assessment', 'performance_target', 'monitoring', 'self_evaluation',
         'key_evaluation', 'rectification', 'result_application', 'commission', 'publication')),
    record_id TEXT NOT NULL,
    region_code TEXT NOT NULL,
    desk TEXT NOT NULL,
    outcome TEXT,
    fillers TEXT NOT NULL,
    rule_pack TEXT NOT NULL,
    arrived_at TEXT NOT NULL,
    -- Who moved it last, and when a reviewer gave it back to be mended.
    moved_by TEXT REFERENCES account (id),
    returned_at TEXT,
    PRIMARY KEY (record_kind, record_id)
);

-- Every command that was carried out, by the version that it led to.
CREATE TABLE record_step (
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    region_code TEXT NOT NULL,
    verb TEXT NOT NULL,
    fact TEXT NOT NULL,
    from_state TEXT NOT NULL,
    state TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES account (id),
    done_at TEXT NOT NULL,
    comment TEXT NOT NULL,
    outcome TEXT,
    -- Whom it names, as account ids in JSON.
    named TEXT NOT NULL,
    submission_number TEXT,
    PRIMARY KEY (record_kind, record_id, version)
);

-- Who holds what: one row for each holder, a person or everyone of a role within a scope.
-- Rewritten with each move of the record.
CREATE TABLE work_item (
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    position BIGINT NOT NULL CHECK (position BETWEEN 1 AND 1000),
    region_code TEXT NOT NULL,
    unit_id TEXT REFERENCES organisation_unit (id),
    section_id TEXT REFERENCES business_section (id),
    person_id TEXT REFERENCES account (id),
    role TEXT,
    scope TEXT,
    title TEXT NOT NULL,
    state TEXT NOT NULL,
    verb TEXT NOT NULL,
    arrived_at TEXT NOT NULL,
    due_on TEXT,
    sent_by TEXT REFERENCES account (id),
    PRIMARY KEY (record_kind, record_id, position)
);
CREATE INDEX work_item_person ON work_item (person_id);
CREATE INDEX work_item_role ON work_item (region_code, role, scope, unit_id);
CREATE INDEX work_item_section ON work_item (section_id, role);

-- The answer to each command, so that the same command is carried out once.
CREATE TABLE command_answer (
    person_id TEXT NOT NULL REFERENCES account (id),
    command_key TEXT NOT NULL,
    region_code TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    digest TEXT NOT NULL,
    answer TEXT NOT NULL,
    answered_at TEXT NOT NULL,
    PRIMARY KEY (person_id, command_key)
);

-- 送审回执: what was submitted, word for word, under a number without gap and a seal.
CREATE TABLE submission_series (
    region_code TEXT NOT NULL,
    year BIGINT NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    last_position BIGINT NOT NULL CHECK (last_position BETWEEN 1 AND 999999999),
    PRIMARY KEY (region_code, year)
);
CREATE TABLE submission_receipt (
    number TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    year BIGINT NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    position BIGINT NOT NULL CHECK (position BETWEEN 1 AND 999999999),
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    record_version BIGINT NOT NULL CHECK (record_version BETWEEN 1 AND 1000000000),
    title TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES account (id),
    person_name TEXT NOT NULL,
    submitted_at TEXT NOT NULL,
    content TEXT NOT NULL,
    content_digest TEXT NOT NULL,
    seal TEXT NOT NULL,
    UNIQUE (region_code, year, position)
);
CREATE INDEX submission_receipt_record ON submission_receipt (record_kind, record_id);

-- Until when a kind of record is filled in a year; after the days of grace the round is closed.
CREATE TABLE deadline (
    region_code TEXT NOT NULL,
    record_kind TEXT NOT NULL CHECK (record_kind IN
        ('ex_ante_assessment', 'performance_target', 'monitoring', 'self_evaluation',
         'rectification')),
    year BIGINT NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    due_on TEXT NOT NULL,
    grace_days BIGINT NOT NULL CHECK (grace_days BETWEEN 0 AND 366),
    set_by TEXT NOT NULL REFERENCES account (id),
    set_at TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    PRIMARY KEY (region_code, record_kind, year)
);

-- A closed round that was opened again, for one unit or for all, with the reason.
CREATE TABLE reopening (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    year BIGINT NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    unit_id TEXT REFERENCES organisation_unit (id),
    open_until TEXT NOT NULL,
    reason TEXT NOT NULL,
    opened_by TEXT NOT NULL REFERENCES account (id),
    opened_at TEXT NOT NULL
);
CREATE INDEX reopening_round ON reopening (region_code, record_kind, year);

-- A year whose records are all at rest.
CREATE TABLE year_closure (
    region_code TEXT NOT NULL,
    year BIGINT NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    is_closed BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    changed_by TEXT NOT NULL REFERENCES account (id),
    changed_at TEXT NOT NULL,
    PRIMARY KEY (region_code, year)
);

-- What a reviewer says of one field, and the answer of whoever filled it.
CREATE TABLE field_comment (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    -- The version of the record that was commented on.
    round BIGINT NOT NULL CHECK (round BETWEEN 1 AND 1000000000),
    field TEXT NOT NULL,
    text TEXT NOT NULL,
    author_id TEXT NOT NULL REFERENCES account (id),
    written_at TEXT NOT NULL,
    answer TEXT NOT NULL,
    answered_by TEXT REFERENCES account (id),
    answered_at TEXT
);
CREATE INDEX field_comment_record ON field_comment (record_kind, record_id);
