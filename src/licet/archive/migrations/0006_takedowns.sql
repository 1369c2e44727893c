-- A case: one thing asked to be taken down, with whoever asked for it, and its course.
CREATE TABLE takedown_cases (
    reference TEXT PRIMARY KEY,
    scope TEXT NOT NULL,
    ground TEXT NOT NULL,
    status TEXT NOT NULL,
    filed_at TEXT NOT NULL,
    decided_at TEXT,
    decided_by TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    retain_until TEXT,
    ended_at TEXT,
    blocker TEXT NOT NULL DEFAULT '',
    waiting TEXT NOT NULL DEFAULT ''
);
CREATE INDEX takedown_cases_by_status ON takedown_cases (status, filed_at);

-- The snapshots of a case: what it hides, and what is erased in the end. The ids outlive the snapshots.
CREATE TABLE takedown_snapshots (
    reference TEXT NOT NULL REFERENCES takedown_cases (reference),
    snapshot TEXT NOT NULL,
    PRIMARY KEY (reference, snapshot)
) WITHOUT ROWID;
CREATE INDEX takedown_snapshots_by_snapshot ON takedown_snapshots (snapshot);

-- Who asked: personal data, deleted when forget_at has passed; nowhere else.
CREATE TABLE takedown_reporters (
    id INTEGER PRIMARY KEY,
    reference TEXT NOT NULL REFERENCES takedown_cases (reference),
    name TEXT NOT NULL,
    contact TEXT NOT NULL,
    text TEXT NOT NULL,
    ground TEXT NOT NULL,
    at TEXT NOT NULL,
    forget_at TEXT NOT NULL
);
CREATE INDEX takedown_reporters_by_case ON takedown_reporters (reference);
CREATE INDEX takedown_reporters_by_end ON takedown_reporters (forget_at);

-- How many requests a client filed on a day; rows of earlier days are deleted with the first request of the next.
CREATE TABLE takedown_clients (
    day TEXT NOT NULL,
    client TEXT NOT NULL,
    requests INTEGER NOT NULL,
    PRIMARY KEY (day, client)
) WITHOUT ROWID;

CREATE TABLE takedown_holds (
    number INTEGER PRIMARY KEY,
    scope TEXT NOT NULL,
    snapshot TEXT NOT NULL,
    item TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL,
    held_by TEXT NOT NULL,
    at TEXT NOT NULL,
    released_at TEXT,
    release_reason TEXT NOT NULL DEFAULT ''
);

-- What stays of each capture that was erased.
CREATE TABLE takedown_tombstones (
    snapshot TEXT NOT NULL,
    digest TEXT NOT NULL,
    captured_at TEXT NOT NULL,
    erased_at TEXT NOT NULL,
    ground TEXT NOT NULL,
    reference TEXT NOT NULL,
    PRIMARY KEY (snapshot, digest, captured_at)
) WITHOUT ROWID;

-- What may not come back: digests of bytes, texts and items of granted cases.
CREATE TABLE takedown_blocks (
    mark TEXT NOT NULL,
    reference TEXT NOT NULL REFERENCES takedown_cases (reference),
    PRIMARY KEY (mark, reference)
) WITHOUT ROWID;

-- A file that another has replaced, until it is deleted and the index is cleared of what it had.
CREATE TABLE takedown_rewrites (
    old TEXT PRIMARY KEY,
    new TEXT NOT NULL
);
