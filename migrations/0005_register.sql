CREATE TABLE institution_doc (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    title TEXT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('plan', 'regulation', 'forwarded', 'notice')),
    stage TEXT NOT NULL,
    block TEXT NOT NULL CHECK (block IN ('组织保障', '流程管理', '基础支撑', '考核监督')),
    issued_on TEXT NOT NULL,
    ended_on TEXT,
    has_sampling_clause BOOLEAN NOT NULL,
    provenance TEXT NOT NULL
);

CREATE TABLE training (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    held_on TEXT NOT NULL,
    topic TEXT NOT NULL,
    audience TEXT NOT NULL,
    people BIGINT CHECK (people BETWEEN 0 AND 1000000),
    provenance TEXT NOT NULL
);

CREATE TABLE training_attendance (
    training_id TEXT NOT NULL REFERENCES training (id) ON DELETE CASCADE,
    unit_id TEXT NOT NULL REFERENCES organisation_unit (id),
    region_code TEXT NOT NULL,
    PRIMARY KEY (training_id, unit_id)
);

CREATE TABLE publicity (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    published_on TEXT NOT NULL,
    title TEXT NOT NULL,
    medium TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('national', 'provincial', 'city', 'county')),
    provenance TEXT NOT NULL
);

CREATE TABLE work_assessment (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    assessor TEXT NOT NULL,
    is_included BOOLEAN NOT NULL,
    weight_centi BIGINT CHECK (weight_centi BETWEEN 0 AND 10000),
    provenance TEXT NOT NULL
);

CREATE TABLE npc_report (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    reported_on TEXT NOT NULL,
    addressee TEXT NOT NULL,
    content TEXT NOT NULL,
    provenance TEXT NOT NULL
);

CREATE TABLE npc_opinion (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    npc_report_id TEXT NOT NULL REFERENCES npc_report (id) ON DELETE CASCADE,
    opinion TEXT NOT NULL,
    answered_on TEXT,
    answer TEXT NOT NULL,
    provenance TEXT NOT NULL
);

CREATE TABLE statement_plan (
    region_code TEXT NOT NULL,
    work_year BIGINT NOT NULL CHECK (work_year BETWEEN 1990 AND 2100),
    next_steps TEXT NOT NULL,
    provenance TEXT NOT NULL,
    PRIMARY KEY (region_code, work_year)
);
