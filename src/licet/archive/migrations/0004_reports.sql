-- Items whose report is to be compared anew: triggers put them here, in the order in which it happened.
CREATE TABLE related_queue (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    item TEXT NOT NULL UNIQUE
);
CREATE TRIGGER report_comes AFTER INSERT ON snapshots BEGIN
    INSERT OR IGNORE INTO related_queue (item) VALUES (NEW.item);
END;
CREATE TRIGGER report_changes AFTER UPDATE OF article, moment, latest, state ON snapshots BEGIN
    INSERT OR IGNORE INTO related_queue (item) VALUES (NEW.item);
END;
INSERT OR IGNORE INTO related_queue (item) SELECT item FROM snapshots WHERE state = 'public' ORDER BY capture;

-- A report is the listed version of an item, with what it is compared by. Reports with the same number of `copies` are
-- near-copies, those with the same `story` are of one event. Everything here is made from the snapshots.
CREATE TABLE reports (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    item TEXT NOT NULL UNIQUE,
    snapshot TEXT NOT NULL UNIQUE,
    text TEXT NOT NULL,
    moment INTEGER NOT NULL,
    profile BLOB NOT NULL,
    copies INTEGER NOT NULL,
    story INTEGER NOT NULL
);
CREATE INDEX reports_by_copies ON reports (copies);
CREATE INDEX reports_by_story ON reports (story);

CREATE TABLE stories (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE
);

-- The words that say most of a report: who shares some of them may be of the same event.
CREATE TABLE report_keys (
    term TEXT NOT NULL,
    moment INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (term, moment, number)
) WITHOUT ROWID;
CREATE INDEX report_keys_of ON report_keys (number);

-- The bands of a MinHash signature: who shares one may be a copy. A report that went leaves its bands until a rebuild.
CREATE TABLE report_bands (
    band INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (band, number)
) WITHOUT ROWID;

-- In how many reports a term stands.
CREATE TABLE report_terms (
    term TEXT PRIMARY KEY,
    documents INTEGER NOT NULL
) WITHOUT ROWID;
