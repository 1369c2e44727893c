-- How likely two reports are of one event, as it was found when the later of them came; what is unlikely is not kept.
CREATE TABLE report_links (
    later INTEGER NOT NULL,
    earlier INTEGER NOT NULL,
    chance REAL NOT NULL,
    PRIMARY KEY (later, earlier)
) WITHOUT ROWID;
CREATE INDEX report_links_of ON report_links (earlier);

-- Stories stand on the links now: all reports are grouped anew.
DELETE FROM reports;
DELETE FROM stories;
DELETE FROM report_keys;
DELETE FROM report_bands;
DELETE FROM report_terms;
DELETE FROM related_queue;
INSERT INTO related_queue (item) SELECT item FROM listed_snapshots ORDER BY capture;
