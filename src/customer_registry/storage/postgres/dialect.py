"""What PostgreSQL wants in words of its own: its text search above all."""

from collections.abc import Iterable

from customer_registry.storage.tables.statements import Dialect

__all__ = ["POSTGRES", "lexemes"]


def _quoted(token: str) -> str:
    """Return a token as tsquery and tsvector take it literally."""
    doubled = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def lexemes(found: Iterable[str]) -> str:
    """Return tokens as the text of a tsvector."""
    return " ".join(map(_quoted, found))


POSTGRES = Dialect(
    add="""
        WITH placed AS (UPDATE customer_registry_meta SET last = last + 1 RETURNING last)
        INSERT INTO customer_registry_customers (place, id, code, version, document, checksum)
        SELECT last, :id, :code, :version, :document, :checksum FROM placed
        ON CONFLICT DO NOTHING
        RETURNING place
    """,
    append="""
        INSERT INTO customer_registry_journal
            (seq, customer, chain, salt, body, body_digest, digest)
        VALUES (:seq, :customer, :chain, :salt, :body, :body_digest, :digest)
    """,
    # What is common is met among the newest; only for what is not, the index is asked for all of
    # it. The planner cannot choose: it takes an OR of rare tokens for a common one, and walks
    # through everybody. Adding 0 keeps it from the same walk in the second step.
    search="""
        WITH newest AS MATERIALIZED (
            SELECT place
            FROM (
                SELECT place, tokens FROM customer_registry_search
                WHERE place < :before
                ORDER BY place DESC
                LIMIT 1000
            ) AS each
            WHERE tokens @@ CAST(:match AS tsquery)
            ORDER BY place DESC
            LIMIT :limit
        ), further AS MATERIALIZED (
            SELECT place FROM customer_registry_search
            WHERE (SELECT count(*) FROM newest) < :limit
                AND tokens @@ CAST(:match AS tsquery) AND place + 0 < :before
        )
        SELECT customer.place, customer.document
        FROM (
            SELECT place FROM newest UNION SELECT place FROM further
            ORDER BY place DESC
            LIMIT :limit
        ) AS found
        JOIN customer_registry_customers AS customer ON customer.place = found.place
        ORDER BY customer.place DESC
    """,
    places="""
        SELECT place FROM customer_registry_search
        WHERE tokens @@ CAST(:match AS tsquery) AND place < :before
        ORDER BY place DESC
        LIMIT :limit
    """,
    count="""
        SELECT count(*) FROM customer_registry_search WHERE tokens @@ CAST(:match AS tsquery)
    """,
    index="""
        INSERT INTO customer_registry_search (place, tokens)
        VALUES (:place, CAST(:tokens AS tsvector))
    """,
    unindex="DELETE FROM customer_registry_search WHERE place = :place",
    no_tokens="DELETE FROM customer_registry_search",
    both=" & ",
    either=" | ",
    quoted=_quoted,
    joined=lexemes,
    place="place",
    probes=0,
    lapsed="""
        SELECT code, owner, at, until, range, number, released
        FROM customer_registry_reservations
        WHERE number IS NOT NULL AND free_from <= :now AND range = :range
        ORDER BY number, code
        LIMIT 1
    """,
    naming="""
        SELECT actor, key, issues FROM customer_registry_receipts
        WHERE position(convert_to(:code, 'UTF8') IN issues) > 0
    """,
    is_sealed="""
        SELECT EXISTS (
            SELECT 1
            FROM (SELECT chain FROM customer_registry_journal ORDER BY seq LIMIT 1) AS first
            WHERE chain LIKE 'hmac-%'
        ) OR EXISTS (
            SELECT 1 FROM customer_registry_customers
            WHERE position(convert_to('{"sealed":"', 'UTF8') IN document) > 0
        )
    """,
    told="""
        SELECT seq FROM customer_registry_journal
        WHERE customer IS NULL AND (
            position(:sealing IN body) > 0 OR position(:sealed IN body) > 0
            OR position(:rotating IN body) > 0 OR position(:rotated IN body) > 0
        )
        ORDER BY seq DESC
        LIMIT 1
    """,
    last_place="SELECT last FROM customer_registry_meta",
    keep_last_place=("UPDATE customer_registry_meta SET last = :last",),
)
"""Of PostgreSQL 15 and later."""
