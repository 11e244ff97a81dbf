-- What a unit was before it was renamed or moved. The state that holds now stands in
-- organisation_unit; its first day is the one after the last former state's last day.
CREATE TABLE unit_former (
    unit_id TEXT NOT NULL REFERENCES organisation_unit (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    region_code TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('first', 'second', 'basic')),
    parent_id TEXT REFERENCES organisation_unit (id),
    PRIMARY KEY (unit_id, valid_from)
);
CREATE INDEX unit_former_parent ON unit_former (parent_id);
CREATE INDEX organisation_unit_parent ON organisation_unit (parent_id);
CREATE INDEX organisation_unit_level ON organisation_unit (region_code, level, code);

-- Which unit goes on where one ended by a merge or a split.
CREATE TABLE unit_succession (
    predecessor_id TEXT NOT NULL REFERENCES organisation_unit (id),
    successor_id TEXT NOT NULL REFERENCES organisation_unit (id),
    region_code TEXT NOT NULL,
    happened_on TEXT NOT NULL,
    -- Whether the predecessor's figures are shown under this one.
    is_main BOOLEAN NOT NULL,
    PRIMARY KEY (predecessor_id, successor_id)
);
CREATE INDEX unit_succession_successor ON unit_succession (successor_id);

-- A second grouping beside the tree: any name, any units, by year.
CREATE TABLE unit_group (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    name TEXT NOT NULL,
    provenance TEXT NOT NULL,
    UNIQUE (region_code, name)
);
CREATE TABLE unit_group_member (
    group_id TEXT NOT NULL REFERENCES unit_group (id) ON DELETE CASCADE,
    unit_id TEXT NOT NULL REFERENCES organisation_unit (id),
    fiscal_year BIGINT NOT NULL CHECK (fiscal_year BETWEEN 1990 AND 2100),
    region_code TEXT NOT NULL,
    PRIMARY KEY (group_id, fiscal_year, unit_id)
);
CREATE INDEX unit_group_member_unit ON unit_group_member (unit_id, fiscal_year);

-- A filed list between its preview and its confirmation.
CREATE TABLE unit_import (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    account_id TEXT NOT NULL,
    fiscal_year BIGINT NOT NULL CHECK (fiscal_year BETWEEN 1990 AND 2100),
    file_name TEXT NOT NULL,
    filed TEXT NOT NULL,
    plan_digest TEXT NOT NULL,
    made_at TEXT NOT NULL
);
