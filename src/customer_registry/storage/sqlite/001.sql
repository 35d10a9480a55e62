-- One document per customer; beside it only what finds it. Rows are found by the keys that the
-- document itself gives, so none of these tables needs a foreign key, or an index of its own to be
-- cleared.

CREATE TABLE customer_registry_meta (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    identity BLOB    NOT NULL,
    schema   INTEGER NOT NULL,
    grams    INTEGER NOT NULL
);

CREATE TABLE customer_registry_customers (
    place    INTEGER PRIMARY KEY AUTOINCREMENT,
    id       BLOB    NOT NULL UNIQUE,
    code     TEXT    NOT NULL UNIQUE,
    version  INTEGER NOT NULL,
    document BLOB    NOT NULL
);

CREATE TABLE customer_registry_keys (
    field TEXT    NOT NULL,
    text  TEXT    NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (field, text, place)
) WITHOUT ROWID;

-- Present and former codes are claimed as the field "code".
CREATE TABLE customer_registry_claims (
    field TEXT    NOT NULL,
    text  TEXT    NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (field, text)
) WITHOUT ROWID;

CREATE TABLE customer_registry_numbers (
    range TEXT    NOT NULL PRIMARY KEY,
    drawn INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE customer_registry_journal (
    seq         INTEGER PRIMARY KEY,
    customer    BLOB,
    chain       TEXT NOT NULL,
    salt        BLOB,
    body        BLOB,
    body_digest BLOB NOT NULL,
    digest      BLOB NOT NULL
);

CREATE INDEX customer_registry_journal_of ON customer_registry_journal (customer, seq);

CREATE TRIGGER customer_registry_journal_stands
BEFORE UPDATE ON customer_registry_journal
WHEN NOT (
    NEW.body IS NULL
    AND NEW.salt IS NULL
    AND NEW.seq = OLD.seq
    AND NEW.customer IS OLD.customer
    AND NEW.chain = OLD.chain
    AND NEW.body_digest = OLD.body_digest
    AND NEW.digest = OLD.digest
)
BEGIN
    SELECT RAISE(ABORT, 'a journal entry can only be erased');
END;

CREATE TRIGGER customer_registry_journal_stays
BEFORE DELETE ON customer_registry_journal
BEGIN
    SELECT RAISE(ABORT, 'a journal entry is never deleted');
END;

CREATE TABLE customer_registry_receipts (
    actor    TEXT    NOT NULL,
    key      TEXT    NOT NULL,
    salt     BLOB    NOT NULL,
    digest   BLOB    NOT NULL,
    customer BLOB    NOT NULL,
    version  INTEGER NOT NULL,
    issues   BLOB    NOT NULL,
    at       TEXT    NOT NULL,
    PRIMARY KEY (actor, key)
) WITHOUT ROWID;

-- The ascii tokenizer keeps every other character, so Han pairs and facets are tokens as they are.
CREATE VIRTUAL TABLE customer_registry_search USING fts5 (
    tokens, content = '', tokenize = 'ascii', detail = 'none', columnsize = 0
);
