-- How a person looks at a list: the columns that are shown (names with commas between them; none
-- while nothing was chosen) and whether rows are low.
CREATE TABLE list_layout (
    account_id TEXT NOT NULL REFERENCES account (id),
    list TEXT NOT NULL,
    region_code TEXT NOT NULL,
    column_names TEXT,
    is_dense BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, list)
);

-- Conditions of a list that a person keeps under a name; a list opens with its usual one.
CREATE TABLE list_view (
    account_id TEXT NOT NULL REFERENCES account (id),
    list TEXT NOT NULL,
    name TEXT NOT NULL,
    region_code TEXT NOT NULL,
    query TEXT NOT NULL,
    is_usual BOOLEAN NOT NULL,
    PRIMARY KEY (account_id, list, name)
);

-- The list of objects looks each object's money, evaluations and rectifications up.
CREATE INDEX budget_line_amount ON budget_line (object_id, fiscal_year, amount_fen);
CREATE INDEX budget_execution_amount ON budget_execution (object_id, fiscal_year, executed_fen);
CREATE INDEX key_evaluation_object ON key_evaluation (object_id);
CREATE INDEX rectification_evaluation ON rectification (key_evaluation_id);
