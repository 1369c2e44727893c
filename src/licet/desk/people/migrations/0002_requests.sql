-- Writes that a program may send twice: the answer to the first is the answer to the second.
CREATE TABLE requests (
    owner TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    at TEXT NOT NULL,
    status INTEGER,
    headers TEXT,
    content BLOB,
    PRIMARY KEY (owner, key)
) STRICT;
CREATE INDEX requests_at ON requests (at);
