CREATE TABLE people (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('reader', 'analyst', 'officer')),
    password TEXT NOT NULL,
    added TEXT NOT NULL,
    disabled TEXT
) WITHOUT ROWID;

-- `token` is the SHA-256 of what the browser has.
CREATE TABLE sessions (
    token TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES people (name),
    begun TEXT NOT NULL,
    seen TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_of ON sessions (person);

-- Keys for programs; `secret` is the SHA-256 of what the program has.
CREATE TABLE keys (
    id TEXT PRIMARY KEY,
    secret TEXT NOT NULL UNIQUE,
    owner TEXT NOT NULL REFERENCES people (name),
    scopes TEXT NOT NULL,
    made TEXT NOT NULL,
    expires TEXT NOT NULL,
    revoked TEXT
) WITHOUT ROWID;

-- How often signing in failed since it last went well: `subject` is a digest, of a name or of where it came from.
CREATE TABLE failures (
    subject TEXT PRIMARY KEY,
    count INTEGER NOT NULL,
    last TEXT NOT NULL
) WITHOUT ROWID;
