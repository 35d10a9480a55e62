"""Everything that tables keep as parts, and parts kept in new ones."""

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice
from uuid import UUID

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import StorageCorrupt, StorageUnavailable
from customer_registry.repository import KINDS, Part
from customer_registry.storage.grams import tokens
from customer_registry.storage.portable import sound, whole
from customer_registry.storage.record import opened
from customer_registry.storage.tables.statements import BATCH, Row, Statements

__all__ = ["parts", "put"]

_META = "SELECT identity, sealing FROM customer_registry_meta"
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
_JOURNAL = ("seq", "customer", "chain", "salt", "body", "body_digest", "digest")
_RESERVATIONS = ("code", "owner", "at", "until", "range", "number", "released", "free_from")
_RECEIPTS = ("actor", "key", "salt", "digest", "customer", "version", "issues", "at")
_PENDING = ("id", "customer", "version", "actor", "at", "until", "content")
_PLACED = ("field", "text", "place")
_PUT: Mapping[str, tuple[str, Sequence[str]]] = {
    "link": ("customer_registry_journal", _JOURNAL),
    "key": ("customer_registry_keys", _PLACED),
    "claim": ("customer_registry_claims", _PLACED),
    "range": ("customer_registry_numbers", ("range", "drawn")),
    "reservation": ("customer_registry_reservations", _RESERVATIONS),
    "receipt": ("customer_registry_receipts", _RECEIPTS),
    "pending": ("customer_registry_pending", _PENDING),
}
_CUSTOMERS = ("place", "id", "code", "version", "document", "checksum")
_BECOME = "UPDATE customer_registry_meta SET identity = :identity, sealing = :sealing"


def parts(statements: Statements) -> Iterator[Part]:
    """Yield everything that a store keeps; raises StorageCorrupt for what cannot be read."""
    last = statements.one(statements.dialect.last_place) or ()
    yield sound(Part("meta", (*(statements.one(_META) or ()), *last)))
    for kind in KINDS:
        ((many,),) = statements.all(_COUNTS[kind])
        yield Part("count", (kind, many))
    for kind in KINDS:
        for row in statements.each(_ROWS[kind]):
            yield sound(Part(kind, _as_written(row) if kind == "customer" else row))


def put(statements: Statements, given: Iterable[Part]) -> UUID:
    """Keep everything that another store gave, in an empty store; return its identity.

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
            case "reservation":
                statements.fill(*_PUT[kind], map(_with_end, rows))
            case _:
                statements.fill(*_PUT[kind], (part.content for part in rows))
    for sql in statements.dialect.keep_last_place:
        statements.change(sql, {"last": last})
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
    statements.fill("customer_registry_customers", _CUSTOMERS, map(_columns, found))
    dialect = statements.dialect
    words = ((place, dialect.joined(tokens(customer))) for place, _, customer in found)
    statements.fill("customer_registry_search", (dialect.place, "tokens"), words)


def _columns(found: tuple[int, bytes, Customer]) -> Row:
    place, document, customer = found
    named = (customer.id.bytes, customer.code.text, customer.version)
    return place, *named, document, zlib.crc32(document)


def _with_end(part: Part) -> Row:
    """Return a reservation with the time from which its number is free: from ever, if released."""
    *values, released = part.content
    until = values[3]
    return *values, released, until if released is None else ""


def _batched(rows: Iterator[Part], keep: Callable[[list[Part]], None]) -> None:
    while batch := list(islice(rows, BATCH)):
        keep(batch)
