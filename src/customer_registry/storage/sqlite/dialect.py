"""What SQLite wants in words of its own: its full-text index above all."""

from customer_registry.storage.tables.statements import Dialect

__all__ = ["SQLITE"]


def _quoted(token: str) -> str:
    """Return a token as FTS5 takes it literally: MATCH reads a language of its own."""
    doubled = token.replace('"', '""')
    return f'"{doubled}"'


SQLITE = Dialect(
    add="""
        INSERT INTO customer_registry_customers (id, code, version, document, checksum)
        VALUES (:id, :code, :version, :document, :checksum)
        ON CONFLICT DO NOTHING
    """,
    # FAIL instead of ABORT, for which SQLite would write out the words collected so far.
    append="""
        INSERT OR FAIL INTO customer_registry_journal
            (seq, customer, chain, salt, body, body_digest, digest)
        VALUES (:seq, :customer, :chain, :salt, :body, :body_digest, :digest)
    """,
    # Of the tables of a CROSS JOIN the first is the outer one, whatever SQLite thinks of it.
    search="""
        SELECT customer.place, customer.document
        FROM customer_registry_search AS search
        CROSS JOIN customer_registry_customers AS customer ON customer.place = search.rowid
        WHERE customer_registry_search MATCH :match AND search.rowid < :before
        ORDER BY search.rowid DESC
        LIMIT :limit
    """,
    places="""
        SELECT rowid FROM customer_registry_search
        WHERE customer_registry_search MATCH :match AND rowid < :before
        ORDER BY rowid DESC
        LIMIT :limit
    """,
    count="""
        SELECT count(*) FROM customer_registry_search WHERE customer_registry_search MATCH :match
    """,
    index="INSERT INTO customer_registry_search (rowid, tokens) VALUES (:place, :tokens)",
    unindex="""
        INSERT INTO customer_registry_search (customer_registry_search, rowid, tokens)
        VALUES ('delete', :place, :tokens)
    """,
    no_tokens="""
        INSERT INTO customer_registry_search (customer_registry_search) VALUES ('delete-all')
    """,
    both=" AND ",
    either=" OR ",
    quoted=_quoted,
    joined=" ".join,
    place="rowid",
    probes=8,
    lapsed="""
        SELECT code, owner, at, until, range, number, released
        FROM customer_registry_reservations
        WHERE code = (
            SELECT code
            FROM customer_registry_reservations INDEXED BY customer_registry_reservations_rising
            WHERE number IS NOT NULL AND free_from <= :now AND range = (
                SELECT range
                FROM customer_registry_reservations
                INDEXED BY customer_registry_reservations_lapsing
                WHERE number IS NOT NULL AND free_from <= :now AND range = :range
                LIMIT 1
            )
            ORDER BY number, code
            LIMIT 1
        )
    """,
    naming="""
        SELECT actor, key, CAST(issues AS BLOB) FROM customer_registry_receipts
        WHERE instr(CAST(issues AS TEXT), :code)
    """,
    is_sealed="""
        SELECT EXISTS (
            SELECT 1 FROM (SELECT chain FROM customer_registry_journal ORDER BY seq LIMIT 1)
            WHERE chain LIKE 'hmac-%'
        ) OR EXISTS (
            SELECT 1 FROM customer_registry_customers
            WHERE instr(CAST(document AS BLOB), CAST('{"sealed":"' AS BLOB))
        )
    """,
    told="""
        SELECT seq FROM customer_registry_journal
        WHERE customer IS NULL AND (
            instr(CAST(body AS BLOB), :sealing) OR instr(CAST(body AS BLOB), :sealed)
            OR instr(CAST(body AS BLOB), :rotating) OR instr(CAST(body AS BLOB), :rotated)
        )
        ORDER BY seq DESC
        LIMIT 1
    """,
    last_place="""
        SELECT COALESCE((
            SELECT seq FROM sqlite_sequence WHERE name = 'customer_registry_customers'
        ), 0)
    """,
    keep_last_place=(
        "DELETE FROM sqlite_sequence WHERE name = 'customer_registry_customers'",
        """
        INSERT INTO sqlite_sequence (name, seq) VALUES ('customer_registry_customers', :last)
        """,
    ),
)
"""Of SQLite, with FTS5."""
