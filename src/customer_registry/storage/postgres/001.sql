-- One document per customer; beside it only what finds it. Rows are found by the keys that the
-- document itself gives, so none of these tables needs a foreign key, or an index of its own to be
-- cleared. Texts sort by code points whatever the locale of the cluster, ids are their sixteen
-- bytes, times texts in UTC that sort as time does.

-- Every transaction that writes begins by counting in the one row here. So writers queue, one
-- behind the other, and one with a snapshot from before its turn is told to start afresh.

CREATE TABLE customer_registry_meta (
    one      smallint NOT NULL PRIMARY KEY CHECK (one = 1),
    identity bytea    NOT NULL,
    schema   integer  NOT NULL,
    grams    integer  NOT NULL,
    turn     bigint   NOT NULL DEFAULT 0,
    last     bigint   NOT NULL DEFAULT 0,
    checked  text     COLLATE "C",
    sealing  text     COLLATE "C"
) WITH (fillfactor = 10);

CREATE TABLE customer_registry_customers (
    place    bigint  NOT NULL PRIMARY KEY,
    id       bytea   NOT NULL UNIQUE,
    code     text    COLLATE "C" NOT NULL UNIQUE,
    version  bigint  NOT NULL,
    document bytea   NOT NULL,
    checksum bigint
);

CREATE TABLE customer_registry_keys (
    field text   COLLATE "C" NOT NULL,
    text  text   COLLATE "C" NOT NULL,
    place bigint NOT NULL,
    PRIMARY KEY (field, text, place)
);

-- Present and former codes are claimed as the field "code".
CREATE TABLE customer_registry_claims (
    field text   COLLATE "C" NOT NULL,
    text  text   COLLATE "C" NOT NULL,
    place bigint NOT NULL,
    PRIMARY KEY (field, text)
);

CREATE TABLE customer_registry_numbers (
    range text   COLLATE "C" NOT NULL PRIMARY KEY,
    drawn bigint NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE customer_registry_journal (
    seq         bigint NOT NULL PRIMARY KEY,
    customer    bytea,
    chain       text   COLLATE "C" NOT NULL,
    salt        bytea,
    body        bytea,
    body_digest bytea  NOT NULL,
    digest      bytea  NOT NULL
);

CREATE INDEX customer_registry_journal_of ON customer_registry_journal (customer, seq);

CREATE TABLE customer_registry_receipts (
    actor    text   COLLATE "C" NOT NULL,
    key      text   COLLATE "C" NOT NULL,
    salt     bytea  NOT NULL,
    digest   bytea  NOT NULL,
    customer bytea  NOT NULL,
    version  bigint NOT NULL,
    issues   bytea  NOT NULL,
    at       text   COLLATE "C" NOT NULL,
    PRIMARY KEY (actor, key)
);

-- Codes that are kept for somebody, and those given back whose numbers wait to be drawn again. A
-- number is "free_from" the end of its time, or from ever once it was released.

CREATE TABLE customer_registry_reservations (
    code      text   COLLATE "C" NOT NULL PRIMARY KEY,
    owner     text   COLLATE "C" NOT NULL,
    at        text   COLLATE "C" NOT NULL,
    until     text   COLLATE "C" NOT NULL,
    range     text   COLLATE "C",
    number    bigint,
    released  text   COLLATE "C",
    free_from text   COLLATE "C" NOT NULL
        CHECK (free_from = CASE WHEN released IS NULL THEN until ELSE '' END)
);

CREATE INDEX customer_registry_reservations_of ON customer_registry_reservations (owner);

CREATE INDEX customer_registry_reservations_rising
ON customer_registry_reservations (range, number, code, free_from) WHERE number IS NOT NULL;

-- Edits that wait for a second pair of eyes, written as a document is: sealed where documents are.

CREATE TABLE customer_registry_pending (
    id       bytea  NOT NULL PRIMARY KEY,
    customer bytea  NOT NULL,
    version  bigint NOT NULL,
    actor    text   COLLATE "C" NOT NULL,
    at       text   COLLATE "C" NOT NULL,
    until    text   COLLATE "C" NOT NULL,
    content  bytea  NOT NULL
);

CREATE INDEX customer_registry_pending_of ON customer_registry_pending (customer);

-- Our own tokens as lexemes: nothing here depends on a text search configuration, or a locale.

CREATE TABLE customer_registry_search (
    place  bigint   NOT NULL PRIMARY KEY,
    tokens tsvector NOT NULL
);

CREATE INDEX customer_registry_search_of ON customer_registry_search USING gin (tokens);

-- An entry is appended behind the last one, may be erased, and is neither changed nor deleted.

CREATE FUNCTION customer_registry_journal_goes_on() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    first bigint;
    last  bigint;
    many  bigint;
BEGIN
    SELECT min(seq), max(seq), count(*) INTO first, last, many FROM appended;
    IF many > 0 AND (
        last - first + 1 <> many
        OR first <> 1 + COALESCE((
            SELECT max(seq) FROM customer_registry_journal WHERE seq < first
        ), 0)
    ) THEN
        RAISE EXCEPTION 'a journal entry comes behind the last one';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER customer_registry_journal_goes_on
AFTER INSERT ON customer_registry_journal
REFERENCING NEW TABLE AS appended
FOR EACH STATEMENT EXECUTE FUNCTION customer_registry_journal_goes_on();

CREATE FUNCTION customer_registry_journal_stands() RETURNS trigger
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
    RAISE EXCEPTION 'a journal entry can only be erased';
END
$$;

CREATE TRIGGER customer_registry_journal_stands
BEFORE UPDATE ON customer_registry_journal
FOR EACH ROW
WHEN (NOT (
    NEW.body IS NULL
    AND NEW.salt IS NULL
    AND NEW.seq = OLD.seq
    AND NEW.customer IS NOT DISTINCT FROM OLD.customer
    AND NEW.chain = OLD.chain
    AND NEW.body_digest = OLD.body_digest
    AND NEW.digest = OLD.digest
))
EXECUTE FUNCTION customer_registry_journal_stands();

CREATE TRIGGER customer_registry_journal_stays
BEFORE DELETE OR TRUNCATE ON customer_registry_journal
FOR EACH STATEMENT EXECUTE FUNCTION customer_registry_journal_stands();

-- What reporting tools read: a row of plain texts for each customer, and nothing sensitive. Documents
-- leave out what is as usual. Contacts are asked as the library asks them, the primary one first.

CREATE VIEW customer_registry_report AS
SELECT
    customer.code,
    told.document ->> 'name' AS name,
    told.document ->> 'short_name' AS short_name,
    told.document ->> 'kind' AS kind,
    COALESCE(told.document ->> 'status', 'active') AS status,
    told.document ->> 'grade' AS grade,
    told.document ->> 'category' AS category,
    told.document ->> 'industry' AS industry,
    told.document ->> 'owner' AS owner,
    told.document ->> 'department' AS department,
    told.document ->> 'sales_region' AS sales_region,
    contact.document ->> 'name' AS contact,
    (
        SELECT (phone.document ->> 'number') || COALESCE(';ext=' || (phone.document ->> 'extension'), '')
        FROM jsonb_array_elements(told.document -> 'contacts') WITH ORDINALITY AS each (document, at)
        CROSS JOIN LATERAL jsonb_array_elements(each.document -> 'phones')
            WITH ORDINALITY AS phone (document, at)
        ORDER BY each.document IS DISTINCT FROM contact.document, each.at, phone.at
        LIMIT 1
    ) AS phone,
    (
        SELECT email.text
        FROM jsonb_array_elements(told.document -> 'contacts') WITH ORDINALITY AS each (document, at)
        CROSS JOIN LATERAL jsonb_array_elements_text(each.document -> 'emails')
            WITH ORDINALITY AS email (text, at)
        ORDER BY each.document IS DISTINCT FROM contact.document, each.at, email.at
        LIMIT 1
    ) AS email,
    CASE WHEN address.document IS NOT NULL
        THEN COALESCE(address.document ->> 'country', 'CN') END AS country,
    address.document ->> 'region' AS region,
    address.document ->> 'locality' AS city,
    address.document ->> 'district' AS district,
    (
        SELECT string_agg(tag.text, ', ' ORDER BY tag.at)
        FROM jsonb_array_elements_text(told.document -> 'tags') WITH ORDINALITY AS tag (text, at)
    ) AS tags,
    replace(substr(told.document ->> 'created_at', 1, 19), 'T', ' ') AS created_at,
    replace(substr(told.document ->> 'updated_at', 1, 19), 'T', ' ') AS updated_at,
    customer.version
FROM customer_registry_customers AS customer
CROSS JOIN LATERAL (
    SELECT convert_from(customer.document, 'UTF8')::jsonb AS document
) AS told
CROSS JOIN LATERAL (SELECT told.document -> 'addresses' -> 0 AS document) AS address
LEFT JOIN LATERAL (
    SELECT each.document
    FROM jsonb_array_elements(told.document -> 'contacts') WITH ORDINALITY AS each (document, at)
    ORDER BY NOT COALESCE((each.document ->> 'is_primary')::boolean, false), each.at
    LIMIT 1
) AS contact ON true;
