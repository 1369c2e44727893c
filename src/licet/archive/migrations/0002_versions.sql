-- A capture is a page or what a page needs; `record` is its WARC-Record-ID; `snapshot` has its text.
ALTER TABLE captures ADD COLUMN kind TEXT NOT NULL DEFAULT 'page' CHECK (kind IN ('page', 'requisite'));
ALTER TABLE captures ADD COLUMN status INTEGER;
ALTER TABLE captures ADD COLUMN record TEXT NOT NULL DEFAULT '';
ALTER TABLE captures ADD COLUMN snapshot TEXT;
UPDATE captures SET
    snapshot = (SELECT s.id FROM snapshots AS s WHERE s.capture = captures.id),
    status = CASE WHEN captured_from LIKE 'http%' THEN 200 END,
    record = record_id(
        CASE WHEN captured_from LIKE 'http%' THEN 'response' ELSE 'resource' END, url, captured_at, digest
    );
CREATE INDEX captures_by_record ON captures (record);
CREATE INDEX captures_by_snapshot ON captures (snapshot);

-- What a page needs to be shown: pictures, styles, the redirects on the way to it.
CREATE TABLE requisites (
    page INTEGER NOT NULL REFERENCES captures (id),
    requisite INTEGER NOT NULL REFERENCES captures (id),
    PRIMARY KEY (page, requisite)
) WITHOUT ROWID;
CREATE INDEX requisites_of ON requisites (requisite);

-- Every time an address was looked at: a capture, the same bytes again, or word that nothing has changed.
CREATE TABLE visits (
    id INTEGER PRIMARY KEY,
    capture INTEGER NOT NULL REFERENCES captures (id),
    kind TEXT NOT NULL CHECK (kind IN ('capture', 'same bytes', 'not modified')),
    canonical TEXT NOT NULL,
    visited_at TEXT NOT NULL,
    status INTEGER,
    captured_from TEXT NOT NULL,
    via TEXT,
    record TEXT NOT NULL UNIQUE,
    warc TEXT NOT NULL,
    warc_offset INTEGER NOT NULL,
    warc_length INTEGER NOT NULL
);
CREATE INDEX visits_by_address ON visits (canonical, visited_at);
CREATE INDEX visits_by_capture ON visits (capture);
INSERT INTO visits (capture, kind, canonical, visited_at, status, captured_from, via, record, warc, warc_offset, warc_length)
SELECT id, 'capture', canonical, captured_at, status, captured_from, via, record, warc, warc_offset, warc_length
FROM captures ORDER BY id;

-- How far each WARC file is written: what stands behind it is the rest of a write that was interrupted.
CREATE TABLE warc_files (
    name TEXT PRIMARY KEY,
    written INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO warc_files SELECT warc, MAX(warc_end) FROM captures GROUP BY warc;

-- An item is an article by its address. Its versions are its snapshots, from 1 in the order of capture;
-- lists show the one that was seen last and is public.
ALTER TABLE snapshots ADD COLUMN item TEXT NOT NULL DEFAULT '';
ALTER TABLE snapshots ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE snapshots ADD COLUMN text TEXT NOT NULL DEFAULT '';
ALTER TABLE snapshots ADD COLUMN captured_at TEXT NOT NULL DEFAULT '';
ALTER TABLE snapshots ADD COLUMN last_seen TEXT NOT NULL DEFAULT '';
ALTER TABLE snapshots ADD COLUMN latest INTEGER NOT NULL DEFAULT 1;
ALTER TABLE snapshots ADD COLUMN display TEXT NOT NULL DEFAULT 'full' CHECK (display IN ('full', 'excerpt', 'link'));
ALTER TABLE snapshots ADD COLUMN zone TEXT;
ALTER TABLE snapshots ADD COLUMN state TEXT NOT NULL DEFAULT 'public' CHECK (state IN ('public', 'hidden', 'erased'));
ALTER TABLE snapshots ADD COLUMN ground TEXT;
ALTER TABLE snapshots ADD COLUMN state_at TEXT;
UPDATE snapshots SET
    item = (SELECT COALESCE(NULLIF(c.canonical, ''), c.digest) FROM captures AS c WHERE c.id = snapshots.capture),
    text = text_digest(article),
    captured_at = (SELECT c.captured_at FROM captures AS c WHERE c.id = snapshots.capture),
    last_seen = (SELECT c.captured_at FROM captures AS c WHERE c.id = snapshots.capture);
UPDATE snapshots SET version = ranked.place, latest = ranked.later = 0, indexed = 0
FROM (
    SELECT id, ROW_NUMBER() OVER (PARTITION BY item ORDER BY captured_at, capture) AS place,
        COUNT(*) OVER (PARTITION BY item)
        - ROW_NUMBER() OVER (PARTITION BY item ORDER BY captured_at, capture) AS later
    FROM snapshots
) AS ranked WHERE ranked.id = snapshots.id;
CREATE INDEX snapshots_by_item ON snapshots (item, version);
DROP INDEX snapshots_by_category;
DROP INDEX snapshots_by_moment;
CREATE INDEX snapshots_by_category ON snapshots (category, moment) WHERE latest = 1 AND state = 'public';
CREATE INDEX snapshots_by_moment ON snapshots (moment) WHERE latest = 1 AND state = 'public';

-- What a snapshot said by older rules of extraction; the latest reading stands in the snapshot itself.
-- The article is not there where only the journal remembers the reading.
CREATE TABLE extractions (
    id INTEGER PRIMARY KEY,
    snapshot TEXT NOT NULL,
    extractor TEXT NOT NULL,
    text TEXT NOT NULL,
    article TEXT
);
CREATE INDEX extractions_by_snapshot ON extractions (snapshot, id);

-- How long the journal was, in bytes, when the outbox was last emptied: what came from here stands before that.
CREATE TABLE journal_reached (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    position INTEGER NOT NULL
);
INSERT INTO journal_reached VALUES (1, 0);

-- Snapshots that may be shown at all, and those that lists, searches and feeds show.
CREATE VIEW public_snapshots AS SELECT * FROM snapshots WHERE state = 'public';
CREATE VIEW listed_snapshots AS SELECT * FROM snapshots WHERE state = 'public' AND latest = 1;
CREATE VIEW public_captures AS SELECT c.* FROM captures AS c
WHERE CASE c.kind
    WHEN 'page' THEN EXISTS (SELECT 1 FROM snapshots AS s WHERE s.id = c.snapshot AND s.state = 'public')
    ELSE NOT EXISTS (SELECT 1 FROM requisites AS r WHERE r.requisite = c.id)
        OR EXISTS (
            SELECT 1 FROM requisites AS r JOIN captures AS p ON p.id = r.page JOIN snapshots AS s ON s.id = p.snapshot
            WHERE r.requisite = c.id AND s.state = 'public'
        )
END;
