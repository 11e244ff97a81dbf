-- Who is logged in. Only a digest of the cookie's token is kept.
CREATE TABLE session (
    token_digest TEXT NOT NULL PRIMARY KEY,
    person TEXT NOT NULL,
    expires_at TEXT NOT NULL
);
