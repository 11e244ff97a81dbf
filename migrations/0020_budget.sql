-- A budget line says which money it is in full. The table is made anew because the book may now be
-- money outside the four books.
CREATE TABLE budget_line_whole (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    object_id TEXT NOT NULL REFERENCES managed_object (id),
    fiscal_year BIGINT NOT NULL CHECK (fiscal_year BETWEEN 1990 AND 2100),
    -- 'outside' is 财政专户管理资金, 单位资金 and 其他资金.
    book TEXT NOT NULL CHECK (book IN
        ('general_public', 'gov_fund', 'state_capital', 'social_insurance', 'outside')),
    origin TEXT NOT NULL CHECK (origin IN ('local', 'transfer_from_above', 'carry_over')),
    change_kind TEXT NOT NULL CHECK (change_kind IN
        ('initial', 'supplement', 'reduction', 'transfer')),
    amount_fen BIGINT NOT NULL CHECK (amount_fen BETWEEN -100000000000000 AND 100000000000000),
    document_number TEXT NOT NULL,
    requires_npc_approval BOOLEAN NOT NULL,
    provenance TEXT NOT NULL,
    fund_source TEXT NOT NULL DEFAULT '' CHECK (fund_source IN
        ('', 'special_account', 'unit_funds', 'other_funds')),
    -- Codes of the year's subjects; empty where the list that was imported has none.
    function_code TEXT NOT NULL DEFAULT '',
    government_economic_code TEXT NOT NULL DEFAULT '',
    department_economic_code TEXT NOT NULL DEFAULT ''
);
INSERT INTO budget_line_whole (id, region_code, object_id, fiscal_year, book, origin, change_kind,
    amount_fen, document_number, requires_npc_approval, provenance)
SELECT id, region_code, object_id, fiscal_year, book, origin, change_kind,
    amount_fen, document_number, requires_npc_approval, provenance FROM budget_line;
DROP TABLE budget_line;
ALTER TABLE budget_line_whole RENAME TO budget_line;
CREATE INDEX budget_line_object ON budget_line (object_id, fiscal_year);
CREATE INDEX budget_line_amount ON budget_line (object_id, fiscal_year, amount_fen);
CREATE INDEX budget_line_year ON budget_line (region_code, fiscal_year);

-- What was told as paid from January to the end of the month, where a list tells that.
ALTER TABLE budget_execution ADD COLUMN cumulative_fen BIGINT
    CHECK (cumulative_fen BETWEEN -100000000000000 AND 100000000000000);
CREATE INDEX budget_execution_year ON budget_execution (region_code, fiscal_year);

-- 一级项目 that the project stands under.
ALTER TABLE managed_object ADD COLUMN level_one TEXT NOT NULL DEFAULT '';

-- A filed list of the budget or of payments between its preview and its confirmation.
CREATE TABLE budget_import (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('budget', 'execution')),
    fiscal_year BIGINT NOT NULL CHECK (fiscal_year BETWEEN 1990 AND 2100),
    month BIGINT CHECK (month BETWEEN 1 AND 12),
    file_name TEXT NOT NULL,
    filed TEXT NOT NULL,
    plan_digest TEXT NOT NULL,
    made_at TEXT NOT NULL
);
