-- A filed workbook of a unit's targets between its preview and its confirmation.
CREATE TABLE target_import (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    account_id TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES organisation_unit (id),
    fiscal_year BIGINT NOT NULL CHECK (fiscal_year BETWEEN 1990 AND 2100),
    file_name TEXT NOT NULL,
    filed TEXT NOT NULL,
    plan_digest TEXT NOT NULL,
    made_at TEXT NOT NULL
);
