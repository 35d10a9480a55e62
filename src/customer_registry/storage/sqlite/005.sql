-- A trigger that may ABORT opens a savepoint for its statement, at which FTS5 writes out the words
-- it has collected: once for every customer of a batch. One that may FAIL opens none, and refuses
-- the same entries, as each is inserted by a statement of its own.

DROP TRIGGER customer_registry_journal_goes_on;

CREATE TRIGGER customer_registry_journal_goes_on
BEFORE INSERT ON customer_registry_journal
WHEN NEW.seq IS NOT 1 + (SELECT COALESCE(max(seq), 0) FROM customer_registry_journal)
BEGIN
    SELECT RAISE(FAIL, 'a journal entry comes behind the last one');
END;
