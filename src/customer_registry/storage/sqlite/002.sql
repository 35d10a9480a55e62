-- Codes that are kept for somebody, and those given back whose numbers wait to be drawn again.
-- Times are text in UTC, always as wide, so that they compare as text. A number is "free_from" the
-- end of its time, or from ever once it was released: no column that SQLite works out itself, for
-- an index would have to look into the table for that.

CREATE TABLE customer_registry_reservations (
    code      TEXT NOT NULL PRIMARY KEY,
    owner     TEXT NOT NULL,
    at        TEXT NOT NULL,
    until     TEXT NOT NULL,
    range     TEXT,
    number    INTEGER,
    released  TEXT,
    free_from TEXT NOT NULL CHECK (free_from = iif(released IS NULL, until, ''))
) WITHOUT ROWID;

CREATE INDEX customer_registry_reservations_of ON customer_registry_reservations (owner);

-- The first tells at once that nothing has lapsed, the second finds the smallest number of many.
CREATE INDEX customer_registry_reservations_lapsing
ON customer_registry_reservations (range, free_from) WHERE number IS NOT NULL;

CREATE INDEX customer_registry_reservations_rising
ON customer_registry_reservations (range, number, code, free_from) WHERE number IS NOT NULL;
