-- With which key sensitive fields are sealed by now; nothing while they are not.

ALTER TABLE customer_registry_meta ADD COLUMN sealing TEXT;

-- Edits that wait for a second pair of eyes. Their content is written as a document is: sealed
-- where documents are.

CREATE TABLE customer_registry_pending (
    id       BLOB    NOT NULL PRIMARY KEY,
    customer BLOB    NOT NULL,
    version  INTEGER NOT NULL,
    actor    TEXT    NOT NULL,
    at       TEXT    NOT NULL,
    until    TEXT    NOT NULL,
    content  BLOB    NOT NULL
) WITHOUT ROWID;

CREATE INDEX customer_registry_pending_of ON customer_registry_pending (customer);

-- Entries come one behind the other; none is squeezed in, and none is replaced.

CREATE TRIGGER customer_registry_journal_goes_on
BEFORE INSERT ON customer_registry_journal
WHEN NEW.seq IS NOT 1 + (SELECT COALESCE(max(seq), 0) FROM customer_registry_journal)
BEGIN
    SELECT RAISE(ABORT, 'a journal entry comes behind the last one');
END;
