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
