CREATE TABLE joint_review_session (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    fiscal_year BIGINT NOT NULL CHECK (fiscal_year BETWEEN 1990 AND 2100),
    held_on TEXT NOT NULL,
    topic TEXT NOT NULL,
    provenance TEXT NOT NULL
);

CREATE TABLE npc_package (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    fiscal_year BIGINT NOT NULL CHECK (fiscal_year BETWEEN 1990 AND 2100),
    title TEXT NOT NULL,
    submitted_on TEXT NOT NULL,
    provenance TEXT NOT NULL
);

CREATE TABLE performance_target (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    object_id TEXT NOT NULL REFERENCES managed_object (id),
    fiscal_year BIGINT NOT NULL CHECK (fiscal_year BETWEEN 1990 AND 2100),
    edition BIGINT NOT NULL CHECK (edition BETWEEN 1 AND 1000),
    origin TEXT NOT NULL CHECK (origin IN ('initial', 'supplement', 'transfer_from_above')),
    state TEXT NOT NULL CHECK (state IN
        ('draft', 'department_review', 'section_review', 'joint_review', 'returned', 'reviewed',
         'in_budget', 'submitted_to_npc', 'approved', 'adjusting', 'superseded', 'cancelled',
         'rejected')),
    grade TEXT CHECK (grade IN ('优', '良', '中', '差')),
    goal TEXT NOT NULL,
    joint_review_id TEXT REFERENCES joint_review_session (id),
    npc_package_id TEXT REFERENCES npc_package (id),
    approved_on TEXT,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    provenance TEXT NOT NULL,
    UNIQUE (object_id, fiscal_year, edition)
);

CREATE TABLE indicator (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    target_id TEXT NOT NULL REFERENCES performance_target (id) ON DELETE CASCADE,
    position BIGINT NOT NULL CHECK (position BETWEEN 1 AND 1000),
    level1 TEXT NOT NULL,
    level2 TEXT NOT NULL,
    name TEXT NOT NULL,
    operator TEXT NOT NULL CHECK (operator IN ('＞', '≥', '＝', '＜', '≤', '定性')),
    -- As printed; the number of a quantity stands in it exactly.
    value_text TEXT NOT NULL,
    unit TEXT NOT NULL,
    weight_centi BIGINT NOT NULL CHECK (weight_centi BETWEEN 0 AND 10000),
    is_core BOOLEAN NOT NULL,
    UNIQUE (target_id, position)
);
