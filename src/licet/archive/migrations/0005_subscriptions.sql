-- Subscriptions of readers without an account. `token` is the SHA-256 of the private link's token; days, not moments.
CREATE TABLE subscriptions (
    token TEXT PRIMARY KEY,
    wishes TEXT NOT NULL,
    made TEXT NOT NULL,
    used TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX subscriptions_by_use ON subscriptions (used);
