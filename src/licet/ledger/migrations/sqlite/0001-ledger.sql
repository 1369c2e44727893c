-- An account is opened once; what changes of it is in the rows that guard it.
CREATE TABLE ledger_accounts (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('flow', 'stock', 'shares')),
    unit TEXT NOT NULL CHECK (unit IN ('TPP', 'unit')),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    facts TEXT NOT NULL
) STRICT;

-- The guarded rows of an account with limits: one for each stretch of days with one limit, with what is held at its
-- fullest day. Whoever grows reserved + posted past the ceiling of a row is refused by the statement itself.
CREATE TABLE ledger_ceilings (
    account INTEGER NOT NULL REFERENCES ledger_accounts (id),
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    ceiling INTEGER NOT NULL CHECK (ceiling >= 0),
    reserved INTEGER NOT NULL CHECK (reserved >= 0),
    posted INTEGER NOT NULL CHECK (posted >= 0),
    PRIMARY KEY (account, last_day),
    CHECK (first_day <= last_day)
) STRICT, WITHOUT ROWID;

-- The guarded rows of an account whose limits are shares of its own whole: 'total', a part for each share that has one
-- for all places together, a part for each place of a share that counts them one by one.
CREATE TABLE ledger_shares (
    account INTEGER NOT NULL REFERENCES ledger_accounts (id),
    part TEXT NOT NULL,
    percent INTEGER CHECK (percent BETWEEN 0 AND 100),
    reserved INTEGER NOT NULL CHECK (reserved BETWEEN 0 AND 40000000000000000),
    posted INTEGER NOT NULL CHECK (posted BETWEEN 0 AND 40000000000000000),
    PRIMARY KEY (account, part)
) STRICT, WITHOUT ROWID;

-- What happened, in order, never changed. reserved and posted are what the entry changes, in thousandths; settles is the
-- reservation that it ends, refers the entry that it corrects or is the other half of.
CREATE TABLE ledger_entries (
    sequence INTEGER PRIMARY KEY,
    time TEXT NOT NULL,
    account INTEGER,
    kind TEXT NOT NULL,
    key TEXT UNIQUE,
    amount INTEGER NOT NULL,
    reserved INTEGER NOT NULL,
    posted INTEGER NOT NULL,
    on_day TEXT,
    expires TEXT,
    place TEXT,
    other INTEGER,
    settles INTEGER,
    refers INTEGER,
    note TEXT,
    digest TEXT NOT NULL
) STRICT;
CREATE INDEX ledger_entries_by_account ON ledger_entries (account, sequence);
CREATE INDEX ledger_entries_expiring ON ledger_entries (expires) WHERE expires IS NOT NULL;
CREATE INDEX ledger_entries_referring ON ledger_entries (refers) WHERE refers IS NOT NULL;
-- A reservation is settled once, whoever comes first.
CREATE UNIQUE INDEX ledger_entries_settling ON ledger_entries (settles) WHERE settles IS NOT NULL;

CREATE TRIGGER ledger_entries_stay BEFORE UPDATE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER ledger_entries_remain BEFORE DELETE ON ledger_entries
BEGIN SELECT RAISE(ABORT, 'ledger entries are append-only'); END;
CREATE TRIGGER ledger_accounts_stay BEFORE UPDATE ON ledger_accounts
BEGIN SELECT RAISE(ABORT, 'ledger accounts are append-only'); END;
CREATE TRIGGER ledger_accounts_remain BEFORE DELETE ON ledger_accounts
BEGIN SELECT RAISE(ABORT, 'ledger accounts are append-only'); END;
