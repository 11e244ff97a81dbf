-- Who wants no mail, although the account has an address.
CREATE TABLE mail_choice (
    account_id TEXT NOT NULL PRIMARY KEY REFERENCES account (id),
    region_code TEXT NOT NULL,
    wants_mail BOOLEAN NOT NULL
);

-- What a person is told. The id is a digest of what it tells, so that nobody is told it twice.
CREATE TABLE notice (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    kind TEXT NOT NULL CHECK (kind IN ('work', 'reminder', 'urging', 'system')),
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    link TEXT NOT NULL,
    sent_by TEXT,
    made_at TEXT NOT NULL,
    read_at TEXT
);
CREATE INDEX notice_account ON notice (account_id, read_at, made_at);

-- Mail on its way; a row has its notice's id. Whoever sends one holds it under a lease for a while,
-- so that several processes on one database send it once.
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    account_id TEXT NOT NULL REFERENCES account (id),
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    link TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed')),
    tries BIGINT NOT NULL CHECK (tries BETWEEN 0 AND 1000),
    queued_at TEXT NOT NULL,
    next_try_at TEXT NOT NULL,
    lease TEXT,
    sent_at TEXT,
    last_error TEXT NOT NULL
);
CREATE INDEX outbox_state ON outbox (state, next_try_at);

-- Which person was reminded of which record at which distance from which date.
CREATE TABLE reminder (
    account_id TEXT NOT NULL REFERENCES account (id),
    region_code TEXT NOT NULL,
    record_kind TEXT NOT NULL,
    record_id TEXT NOT NULL,
    due_on TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('seven_days', 'three_days', 'today', 'overdue')),
    reminded_at TEXT NOT NULL,
    PRIMARY KEY (account_id, record_kind, record_id, due_on, stage)
);

-- Who urged which unit, about how much, and with which words.
CREATE TABLE urging (
    id TEXT NOT NULL PRIMARY KEY,
    region_code TEXT NOT NULL,
    unit_id TEXT NOT NULL REFERENCES organisation_unit (id),
    matters BIGINT NOT NULL CHECK (matters BETWEEN 1 AND 1000000000),
    people BIGINT NOT NULL CHECK (people BETWEEN 0 AND 1000000000),
    remark TEXT NOT NULL,
    urged_by TEXT NOT NULL REFERENCES account (id),
    urged_at TEXT NOT NULL
);
CREATE INDEX urging_unit ON urging (unit_id, urged_at);
