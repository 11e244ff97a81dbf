-- A key that lets a program act as a person. Only a digest of it is kept.
CREATE TABLE api_token (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES account (id),
    region_code TEXT NOT NULL,
    name TEXT NOT NULL,
    token_digest TEXT NOT NULL UNIQUE,
    made_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    -- The day on which it was used last: a day, so that most requests write nothing.
    used_on TEXT,
    revoked_at TEXT
);
CREATE INDEX api_token_account ON api_token (account_id, made_at);
