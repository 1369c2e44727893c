-- An entry is an address (or a file) that is looked at again and again: what a source names, or a link found there.
-- `due_at` is NULL for what is not visited any more; `leased_at` is set while a crawl is at it; `run` is the last that was.
CREATE TABLE entries (
    id INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('feed', 'sitemap', 'list', 'page', 'file')),
    url TEXT NOT NULL,
    key TEXT NOT NULL,
    host TEXT NOT NULL,
    depth INTEGER NOT NULL DEFAULT 1,
    seed INTEGER NOT NULL DEFAULT 0,
    category TEXT,
    found_at REAL NOT NULL,
    due_at REAL,
    interval REAL NOT NULL,
    leased_at REAL,
    run INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    checked_at REAL,
    changed_at REAL,
    etag TEXT,
    last_modified TEXT,
    outcome TEXT,
    reason TEXT,
    UNIQUE (role, key)
);
CREATE INDEX entries_due ON entries (host, due_at) WHERE due_at IS NOT NULL AND leased_at IS NULL;
CREATE INDEX entries_by_source ON entries (source, checked_at);
CREATE INDEX entries_leased ON entries (leased_at) WHERE leased_at IS NOT NULL;

-- When a host may be asked next (seconds since 1970), whatever process asked it last.
CREATE TABLE hosts (
    host TEXT PRIMARY KEY,
    next_at REAL NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- robots.txt by origin; no body: nothing may be fetched.
CREATE TABLE robots (
    origin TEXT PRIMARY KEY,
    read_at REAL NOT NULL,
    body TEXT,
    problem TEXT NOT NULL DEFAULT ''
);

-- Pictures and styles that many pages share are fetched once a day at most.
CREATE TABLE requisites (
    key TEXT PRIMARY KEY,
    checked_at REAL NOT NULL
) WITHOUT ROWID;

-- Addresses that readers submitted; `sender` is a digest of who did.
CREATE TABLE submissions (
    id INTEGER PRIMARY KEY,
    url TEXT NOT NULL,
    key TEXT NOT NULL UNIQUE,
    sender TEXT NOT NULL,
    sent_at REAL NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX submissions_by_sender ON submissions (sender, sent_at);
CREATE INDEX submissions_waiting ON submissions (taken, id);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    started_at REAL NOT NULL
);
