-- The tables of the SQLite migration of this number; what they mean is said there.
CREATE TABLE ledger_accounts (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('flow', 'stock', 'shares')),
    unit TEXT NOT NULL CHECK (unit IN ('TPP', 'unit')),
    first_day TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C" NOT NULL,
    facts TEXT NOT NULL
);

CREATE TABLE ledger_ceilings (
    account BIGINT NOT NULL REFERENCES ledger_accounts (id),
    first_day TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C" NOT NULL,
    ceiling BIGINT NOT NULL CHECK (ceiling >= 0),
    reserved BIGINT NOT NULL CHECK (reserved >= 0),
    posted BIGINT NOT NULL CHECK (posted >= 0),
    PRIMARY KEY (account, last_day),
    CHECK (first_day <= last_day)
) WITH (fillfactor = 50);

CREATE TABLE ledger_shares (
    account BIGINT NOT NULL REFERENCES ledger_accounts (id),
    part TEXT NOT NULL,
    percent BIGINT CHECK (percent BETWEEN 0 AND 100),
    reserved BIGINT NOT NULL CHECK (reserved BETWEEN 0 AND 40000000000000000),
    posted BIGINT NOT NULL CHECK (posted BETWEEN 0 AND 40000000000000000),
    PRIMARY KEY (account, part)
) WITH (fillfactor = 50);

CREATE TABLE ledger_entries (
    sequence BIGINT PRIMARY KEY,
    time TEXT COLLATE "C" NOT NULL,
    account BIGINT,
    kind TEXT NOT NULL,
    key TEXT UNIQUE,
    amount BIGINT NOT NULL,
    reserved BIGINT NOT NULL,
    posted BIGINT NOT NULL,
    on_day TEXT COLLATE "C",
    expires TEXT COLLATE "C",
    place TEXT,
    other BIGINT,
    settles BIGINT,
    refers BIGINT,
    note TEXT,
    digest TEXT NOT NULL
);
CREATE INDEX ledger_entries_by_account ON ledger_entries (account, sequence);
CREATE INDEX ledger_entries_expiring ON ledger_entries (expires) WHERE expires IS NOT NULL;
CREATE INDEX ledger_entries_referring ON ledger_entries (refers) WHERE refers IS NOT NULL;
CREATE UNIQUE INDEX ledger_entries_settling ON ledger_entries (settles) WHERE settles IS NOT NULL;

CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER ledger_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_accounts_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_accounts
FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
