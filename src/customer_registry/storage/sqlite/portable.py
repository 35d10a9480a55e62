"""Everything that a SQLite file keeps as parts, and parts kept in a new file."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby, islice
from uuid import UUID

from customer_registry.domain.errors import StorageCorrupt, StorageUnavailable
from customer_registry.repository import KINDS, Part
from customer_registry.storage.grams import tokens
from customer_registry.storage.portable import sound, whole
from customer_registry.storage.record import opened
from customer_registry.storage.sqlite.statements import BATCH, Row, Statements, Values

__all__ = ["parts", "put"]

_META = """
SELECT identity, sealing, COALESCE((
    SELECT seq FROM sqlite_sequence WHERE name = 'customer_registry_customers'
), 0)
FROM customer_registry_meta
"""
_COUNTS: Mapping[str, str] = {
    "link": "SELECT count(*) FROM customer_registry_journal",
    "customer": "SELECT count(*) FROM customer_registry_customers",
    "key": "SELECT count(*) FROM customer_registry_keys",
    "claim": "SELECT count(*) FROM customer_registry_claims",
    "range": "SELECT count(*) FROM customer_registry_numbers",
    "reservation": "SELECT count(*) FROM customer_registry_reservations",
    "receipt": "SELECT count(*) FROM customer_registry_receipts",
    "pending": "SELECT count(*) FROM customer_registry_pending",
}
_ROWS: Mapping[str, str] = {
    "link": """
        SELECT seq, customer, chain, salt, body, body_digest, digest
        FROM customer_registry_journal ORDER BY seq
    """,
    "customer": """
        SELECT place, document, checksum FROM customer_registry_customers ORDER BY place
    """,
    "key": "SELECT field, text, place FROM customer_registry_keys ORDER BY field, text, place",
    "claim": "SELECT field, text, place FROM customer_registry_claims ORDER BY field, text",
    "range": "SELECT range, drawn FROM customer_registry_numbers ORDER BY range",
    "reservation": """
        SELECT code, owner, at, until, range, number, released
        FROM customer_registry_reservations ORDER BY code
    """,
    "receipt": """
        SELECT actor, key, salt, digest, customer, version, issues, at
        FROM customer_registry_receipts ORDER BY actor, key
    """,
    "pending": """
        SELECT id, customer, version, actor, at, until, content
        FROM customer_registry_pending ORDER BY id
    """,
}
_PUT: Mapping[str, str] = {
    "link": """
        INSERT INTO customer_registry_journal
            (seq, customer, chain, salt, body, body_digest, digest)
        VALUES (:0, :1, :2, :3, :4, :5, :6)
    """,
    "key": "INSERT INTO customer_registry_keys (field, text, place) VALUES (:0, :1, :2)",
    "claim": "INSERT INTO customer_registry_claims (field, text, place) VALUES (:0, :1, :2)",
    "range": "INSERT INTO customer_registry_numbers (range, drawn) VALUES (:0, :1)",
    "reservation": """
        INSERT INTO customer_registry_reservations
            (code, owner, at, until, range, number, released, free_from)
        VALUES (:0, :1, :2, :3, :4, :5, :6, iif(:6 IS NULL, :3, ''))
    """,
    "receipt": """
        INSERT INTO customer_registry_receipts
            (actor, key, salt, digest, customer, version, issues, at)
        VALUES (:0, :1, :2, :3, :4, :5, :6, :7)
    """,
    "pending": """
        INSERT INTO customer_registry_pending
            (id, customer, version, actor, at, until, content)
        VALUES (:0, :1, :2, :3, :4, :5, :6)
    """,
}
_PUT_CUSTOMER = """
INSERT INTO customer_registry_customers (place, id, code, version, document, checksum)
VALUES (:place, :id, :code, :version, :document, :checksum)
"""
_INDEX = "INSERT INTO customer_registry_search (rowid, tokens) VALUES (:place, :tokens)"
_BECOME = "UPDATE customer_registry_meta SET identity = :identity, sealing = :sealing"
_FORGET_PLACE = "DELETE FROM sqlite_sequence WHERE name = 'customer_registry_customers'"
_LAST_PLACE = """
INSERT INTO sqlite_sequence (name, seq) VALUES ('customer_registry_customers', :last)
"""


def parts(statements: Statements) -> Iterator[Part]:
    """Yield everything that a file keeps; raises StorageCorrupt for what cannot be read."""
    yield sound(Part("meta", statements.one(_META) or ()))
    for kind in KINDS:
        ((many,),) = statements.all(_COUNTS[kind])
        yield Part("count", (kind, many))
    for kind in KINDS:
        for row in statements.each(_ROWS[kind]):
            yield sound(Part(kind, _as_written(row) if kind == "customer" else row))


def put(statements: Statements, given: Iterable[Part]) -> UUID:
    """Keep everything that another store gave, in an empty file; return its identity.

    Raises StorageUnavailable, StorageCorrupt.
    """
    _refuse_more_than_nothing(statements)
    identity, last = UUID(int=0), 0
    for kind, rows in groupby(whole(given), key=lambda part: part.kind):
        match kind:
            case "meta":
                identity, last = _become(statements, next(rows))
            case "customer":
                _batched(rows, lambda batch: _put_customers(statements, batch))
            case "count":
                pass
            case _:
                statements.change_many(_PUT[kind], (_named(part.content) for part in rows))
    statements.change(_FORGET_PLACE)
    statements.change(_LAST_PLACE, {"last": last})
    return identity


def _as_written(row: Row) -> Row:
    """Return the place and document of a customer who is as he was written."""
    place, document, checksum = row
    written = isinstance(document, bytes) and checksum in {None, zlib.crc32(document)}
    if not written:
        raise StorageCorrupt(f"the customer at place {place} was altered; run verify")
    return place, document


def _refuse_more_than_nothing(statements: Statements) -> None:
    for sql in _COUNTS.values():
        if statements.all(sql) != [(0,)]:
            raise StorageUnavailable("only an empty store takes what another one gave")


def _become(statements: Statements, meta: Part) -> tuple[UUID, int]:
    values: Row = meta.content
    identity, sealing, last = values
    statements.change(_BECOME, {"identity": identity, "sealing": sealing})
    try:
        return UUID(bytes=identity), last
    except ValueError as error:
        raise StorageCorrupt("a stored meta cannot be read") from error


def _put_customers(statements: Statements, batch: list[Part]) -> None:
    """Keep some customers and make anew what finds them by their words."""
    rows: list[Row] = [part.content for part in batch]
    found = [(place, document, opened(document)) for place, document in rows]
    statements.change_many(
        _PUT_CUSTOMER,
        [
            {
                "place": place,
                "id": customer.id.bytes,
                "code": customer.code.text,
                "version": customer.version,
                "document": document,
                "checksum": zlib.crc32(document),
            }
            for place, document, customer in found
        ],
    )
    statements.change_many(
        _INDEX,
        [{"place": place, "tokens": " ".join(tokens(customer))} for place, _, customer in found],
    )


def _batched(rows: Iterator[Part], keep: Callable[[list[Part]], None]) -> None:
    while batch := list(islice(rows, BATCH)):
        keep(batch)


def _named(values: Row) -> Values:
    return {str(at): value for at, value in enumerate(values)}
