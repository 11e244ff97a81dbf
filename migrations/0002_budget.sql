-- 项目, 部门整体 and 政策: everything that carries a target and is evaluated.
CREATE TABLE managed_object (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES organisation_unit (id),
    kind TEXT NOT NULL CHECK (kind IN ('project', 'department', 'policy')),
    code TEXT NOT NULL,
    name TEXT NOT NULL,
    project_kind TEXT CHECK (project_kind IN ('personnel', 'operating', 'special_purpose')),
    nature TEXT CHECK (nature IN ('new', 'continuing')),
    needs_ex_ante BOOLEAN NOT NULL,
    version BIGINT NOT NULL CHECK (version BETWEEN 1 AND 1000000000),
    provenance TEXT NOT NULL,
    UNIQUE (region_code, code)
);
CREATE INDEX managed_object_unit ON managed_object (unit_id, kind);

CREATE TABLE budget_line (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    object_id TEXT NOT NULL REFERENCES managed_object (id),
    fiscal_year BIGINT NOT NULL CHECK (fiscal_year BETWEEN 1990 AND 2100),
    book TEXT NOT NULL CHECK (book IN
        ('general_public', 'gov_fund', 'state_capital', 'social_insurance')),
    origin TEXT NOT NULL CHECK (origin IN ('local', 'transfer_from_above', 'carry_over')),
    change_kind TEXT NOT NULL CHECK (change_kind IN
        ('initial', 'supplement', 'reduction', 'transfer')),
    amount_fen BIGINT NOT NULL CHECK (amount_fen BETWEEN -100000000000000 AND 100000000000000),
    document_number TEXT NOT NULL,
    requires_npc_approval BOOLEAN NOT NULL,
    provenance TEXT NOT NULL
);
CREATE INDEX budget_line_object ON budget_line (object_id, fiscal_year);

CREATE TABLE budget_execution (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    object_id TEXT NOT NULL REFERENCES managed_object (id),
    fiscal_year BIGINT NOT NULL CHECK (fiscal_year BETWEEN 1990 AND 2100),
    month BIGINT NOT NULL CHECK (month BETWEEN 1 AND 12),
    executed_fen BIGINT NOT NULL CHECK (executed_fen BETWEEN -100000000000000 AND 100000000000000),
    provenance TEXT NOT NULL,
    UNIQUE (object_id, fiscal_year, month)
);
