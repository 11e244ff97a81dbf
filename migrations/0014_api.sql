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

-- What was answered to a command, so that the same command sent again is answered and not run.
CREATE TABLE api_answer (
    account_id TEXT NOT NULL REFERENCES account (id),
    idempotency_key TEXT NOT NULL,
    region_code TEXT NOT NULL,
    request_digest TEXT NOT NULL,
    status BIGINT NOT NULL CHECK (status BETWEEN 200 AND 599),
    answer TEXT NOT NULL,
    answered_at TEXT NOT NULL,
    PRIMARY KEY (account_id, idempotency_key)
);
CREATE INDEX api_answer_age ON api_answer (answered_at);
