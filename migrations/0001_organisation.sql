CREATE TABLE region (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    bureau_name TEXT NOT NULL,
    provenance TEXT NOT NULL
);

CREATE TABLE fiscal_year (
    region_code TEXT NOT NULL,
    year BIGINT NOT NULL CHECK (year BETWEEN 1990 AND 2100),
    PRIMARY KEY (region_code, year)
);

CREATE TABLE business_section (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    name TEXT NOT NULL,
    provenance TEXT NOT NULL
);

CREATE TABLE organisation_unit (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('first', 'second', 'basic')),
    parent_id TEXT REFERENCES organisation_unit (id),
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    provenance TEXT NOT NULL,
    UNIQUE (region_code, code, valid_from)
);

CREATE TABLE unit_section (
    unit_id TEXT NOT NULL REFERENCES organisation_unit (id),
    region_code TEXT NOT NULL,
    fiscal_year BIGINT NOT NULL CHECK (fiscal_year BETWEEN 1990 AND 2100),
    section_id TEXT NOT NULL REFERENCES business_section (id),
    PRIMARY KEY (unit_id, fiscal_year)
);
