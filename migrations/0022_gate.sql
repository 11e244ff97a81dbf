-- 指标下达: a line of the budget is planned until its money is released or withheld.
ALTER TABLE budget_line ADD COLUMN release_state TEXT NOT NULL DEFAULT 'planned'
    CHECK (release_state IN ('planned', 'released', 'withheld'));
ALTER TABLE budget_line ADD COLUMN version BIGINT NOT NULL DEFAULT 1
    CHECK (version BETWEEN 1 AND 1000000000);
ALTER TABLE budget_line ADD COLUMN decided_at TEXT;
ALTER TABLE budget_line ADD COLUMN decided_by TEXT REFERENCES account (id);
-- Why it is withheld; empty otherwise.
ALTER TABLE budget_line ADD COLUMN decision TEXT NOT NULL DEFAULT '';
-- What was approved with its target was released with it.
UPDATE budget_line SET release_state = 'released' WHERE EXISTS (
    SELECT 1 FROM performance_target t WHERE t.object_id = budget_line.object_id
    AND t.fiscal_year = budget_line.fiscal_year AND t.state IN ('approved', 'adjusting'));

-- 项目期, in years.
ALTER TABLE managed_object ADD COLUMN period_from BIGINT
    CHECK (period_from BETWEEN 1990 AND 2100);
ALTER TABLE managed_object ADD COLUMN period_to BIGINT
    CHECK (period_to BETWEEN 1990 AND 2100);

-- 申报金额: what a unit asks for a project of a year before there is a budget line.
CREATE TABLE budget_request (
    object_id TEXT NOT NULL REFERENCES managed_object (id),
    fiscal_year BIGINT NOT NULL CHECK (fiscal_year BETWEEN 1990 AND 2100),
    region_code TEXT NOT NULL,
    requested_fen BIGINT NOT NULL CHECK (requested_fen BETWEEN 0 AND 100000000000000),
    requested_by TEXT NOT NULL REFERENCES account (id),
    requested_at TEXT NOT NULL,
    PRIMARY KEY (object_id, fiscal_year)
);

-- The last number that was given to a project of a region, year and kind.
CREATE TABLE project_series (
    region_code TEXT NOT NULL,
    prefix TEXT NOT NULL,
    last_number BIGINT NOT NULL CHECK (last_number BETWEEN 0 AND 999999999999),
    PRIMARY KEY (region_code, prefix)
);

-- 报人大的绩效目标: what was submitted, word for word, and what became of it.
ALTER TABLE npc_package ADD COLUMN state TEXT NOT NULL DEFAULT 'submitted'
    CHECK (state IN ('submitted', 'approved', 'withdrawn'));
ALTER TABLE npc_package ADD COLUMN version BIGINT NOT NULL DEFAULT 1
    CHECK (version BETWEEN 1 AND 1000000000);
ALTER TABLE npc_package ADD COLUMN submitted_by TEXT REFERENCES account (id);
ALTER TABLE npc_package ADD COLUMN content TEXT NOT NULL DEFAULT '';
ALTER TABLE npc_package ADD COLUMN digest TEXT NOT NULL DEFAULT '';
ALTER TABLE npc_package ADD COLUMN withdrawal_reason TEXT NOT NULL DEFAULT '';
-- 人大批准日期, and date and number of the bureau's 批复.
ALTER TABLE npc_package ADD COLUMN congress_approved_on TEXT;
ALTER TABLE npc_package ADD COLUMN approved_on TEXT;
ALTER TABLE npc_package ADD COLUMN document_number TEXT NOT NULL DEFAULT '';
UPDATE npc_package SET state = 'approved' WHERE EXISTS (
    SELECT 1 FROM performance_target t WHERE t.npc_package_id = npc_package.id
    AND t.state IN ('approved', 'adjusting', 'superseded'));

-- The targets of a package, and which of them are not published.
CREATE TABLE npc_package_target (
    package_id TEXT NOT NULL REFERENCES npc_package (id) ON DELETE CASCADE,
    target_id TEXT NOT NULL REFERENCES performance_target (id),
    region_code TEXT NOT NULL,
    is_publishable BOOLEAN NOT NULL,
    -- 不公开的理由; empty while it is publishable.
    exclusion TEXT NOT NULL,
    PRIMARY KEY (package_id, target_id)
);
CREATE INDEX npc_package_target_target ON npc_package_target (target_id);

-- 绩效目标调整: the edition that is to follow, what for, and what became of it.
CREATE TABLE target_adjustment (
    target_id TEXT NOT NULL PRIMARY KEY REFERENCES performance_target (id) ON DELETE CASCADE,
    region_code TEXT NOT NULL,
    -- The edition that is adjusted, and holds until the new one is approved.
    predecessor_id TEXT NOT NULL REFERENCES performance_target (id),
    reason TEXT NOT NULL,
    -- 文号 of the approval; empty where a change of the budget stands for it.
    document_number TEXT NOT NULL,
    line_id TEXT REFERENCES budget_line (id),
    state TEXT NOT NULL CHECK (state IN ('open', 'approved', 'dropped')),
    opened_by TEXT NOT NULL REFERENCES account (id),
    opened_at TEXT NOT NULL,
    settled_by TEXT REFERENCES account (id),
    settled_at TEXT
);
CREATE INDEX target_adjustment_predecessor ON target_adjustment (predecessor_id);
