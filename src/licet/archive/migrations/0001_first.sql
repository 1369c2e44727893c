-- A capture is what was received: it is inserted once and never changed.
CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL,
    url TEXT,
    canonical TEXT NOT NULL DEFAULT '',
    captured_at TEXT NOT NULL,
    captured_from TEXT NOT NULL,
    via TEXT,
    given_category TEXT,
    content_type TEXT NOT NULL,
    content_encoding TEXT NOT NULL DEFAULT '',
    warc TEXT NOT NULL,
    warc_offset INTEGER NOT NULL,
    warc_length INTEGER NOT NULL,
    warc_end INTEGER NOT NULL,
    UNIQUE (digest, canonical)
);
CREATE INDEX captures_by_address ON captures (canonical, captured_at);
CREATE INDEX captures_by_file ON captures (warc, warc_end);

-- A snapshot is what was read from a capture; it is read again when the rules of extraction change.
CREATE TABLE snapshots (
    id TEXT PRIMARY KEY,
    capture INTEGER NOT NULL UNIQUE REFERENCES captures (id),
    lang TEXT NOT NULL,
    category TEXT,
    source TEXT,
    moment INTEGER NOT NULL,
    article TEXT NOT NULL,
    extracted_with TEXT NOT NULL,
    indexed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX snapshots_by_category ON snapshots (category, moment);
CREATE INDEX snapshots_by_moment ON snapshots (moment);
CREATE INDEX snapshots_to_index ON snapshots (indexed) WHERE indexed = 0;

CREATE TABLE tags (
    snapshot TEXT NOT NULL REFERENCES snapshots (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    field TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    PRIMARY KEY (snapshot, position)
) WITHOUT ROWID;
CREATE INDEX tags_by_key ON tags (kind, key);

-- Entries on their way to the journal: written with what they tell of, taken out when the journal has them.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    time TEXT NOT NULL,
    payload TEXT NOT NULL
);
