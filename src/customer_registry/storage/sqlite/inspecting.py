"""What a SQLite file shows of itself to an inspection, and what SQLite says of it."""

import sqlite3
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from functools import cache, partial
from importlib.resources import files
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import KeyUnavailable, StorageCorrupt, TamperedRecord
from customer_registry.repository import Disagreement, Inspected
from customer_registry.storage.chaining import digested
from customer_registry.storage.inspecting import Item, Row, inspected, part
from customer_registry.storage.record import Record, Records
from customer_registry.storage.sqlite.edits import unlike
from customer_registry.storage.sqlite.migrating import SCHEMA
from customer_registry.storage.sqlite.receipts import read_receipt
from customer_registry.storage.sqlite.sealed import Sealed
from customer_registry.storage.sqlite.statements import BATCH, Statements, further
from customer_registry.storage.sqlite.statements import Row as Columns

__all__ = ["inspect"]

_FAULTS = 100
_EACH_UP_TO, _THEN_ONE_IN = 10_000, 64
"""Words that are looked up: a page of the index holds some hundreds."""

_OWN = 0.2
"""The share of SQLite's own checks."""

_SOUND = "PRAGMA integrity_check(100)"
_REFERENCES = "PRAGMA foreign_key_check"
_SCHEMA = """
SELECT type || ' ' || name, sql FROM sqlite_master
WHERE name LIKE 'customer\\_registry\\_%' ESCAPE '\\'
    OR (type = 'trigger' AND tbl_name LIKE 'customer\\_registry\\_%' ESCAPE '\\')
"""
_LAST = "SELECT max(place) FROM customer_registry_customers"
# As bytes, because what is damaged need not be UTF-8; the types are asked for, because what has
# another type is found by nobody.
_ROWS = """
SELECT
    place, CAST(id AS BLOB), CAST(code AS BLOB), version, CAST(document AS BLOB), checksum,
    typeof(id) = 'blob' AND typeof(code) = 'text' AND typeof(version) = 'integer'
    AND typeof(document) = 'blob'
FROM customer_registry_customers
WHERE place > :after AND place <= :last
ORDER BY place
LIMIT :limit
"""
_KEYS = """
SELECT
    iif(typeof(field) = 'text', CAST(field AS BLOB), NULL),
    iif(typeof(text) = 'text', CAST(text AS BLOB), NULL),
    CAST(place AS INTEGER)
FROM customer_registry_keys
"""
_CODES = """
SELECT iif(typeof(text) = 'text', CAST(text AS BLOB), NULL), CAST(place AS INTEGER)
FROM customer_registry_claims
WHERE field = 'code'
"""
_UNFOUNDED = """
SELECT CAST(field AS BLOB), CAST(place AS INTEGER)
FROM customer_registry_claims AS claim
WHERE field NOT IN ('code', 'retired_code') AND NOT EXISTS (
    SELECT 1 FROM customer_registry_keys AS key
    WHERE key.field = claim.field AND key.text = claim.text AND key.place = claim.place
)
LIMIT 100
"""
_RECEIPTS = """
SELECT
    CAST(actor AS BLOB), CAST(key AS BLOB),
    salt, digest, customer, version, CAST(issues AS BLOB), CAST(at AS BLOB),
    EXISTS (
        SELECT 1 FROM customer_registry_customers AS customer
        WHERE customer.id = receipt.customer AND customer.version >= receipt.version
    )
FROM customer_registry_receipts AS receipt
"""

# What FTS5 holds can only be read through a table of its own, which is made for this connection
# alone: it writes nothing to the file.
_WORDS = """
CREATE VIRTUAL TABLE temp.customer_registry_words
USING fts5vocab(main, customer_registry_search, instance)
"""
_COUNTED_WORDS = """
CREATE VIRTUAL TABLE temp.customer_registry_words
USING fts5vocab(main, customer_registry_search, row)
"""
_VOCABULARY = "SELECT CAST(term AS BLOB), doc FROM temp.customer_registry_words"
_NO_VOCABULARY = "DROP TABLE temp.customer_registry_words"
_FOUND = """
SELECT count(*) FROM (
    SELECT rowid FROM customer_registry_search
    WHERE customer_registry_search MATCH :match
    ORDER BY rowid DESC
    LIMIT 9223372036854775807
)
"""


def inspect(statements: Statements, sealed: Sealed) -> Iterator[Inspected]:
    """Yield what SQLite says of the file, every customer, and what does not agree with it."""
    file = _File(statements, sealed.records)
    yield from part("standing", partial(_standing, sealed), share=0.0)
    yield from part("file", file.faults, share=_OWN)
    for step in inspected(file):
        yield attrs.evolve(step, share=_OWN + (0.95 - _OWN) * step.share)
    yield from part("claims", file.unfounded_claims, start=0.95, share=0.0)
    yield from part("search", file.unfound_words, start=0.95, share=0.03)
    yield from part("edits", partial(unlike, statements, sealed), start=0.98, share=0.0)
    yield from part("receipts", file.unsound_receipts, start=0.98, share=0.02)


def _standing(sealed: Sealed) -> Iterator[Inspected]:
    yield Inspected(share=1.0, found=sealed.disagreements())


@attrs.frozen(eq=False, repr=False)
class _File:
    """The file of one unit of work, as an inspection asks for it."""

    _statements: Statements
    _records: Records

    def can_compare(self, field: str) -> bool:
        """Return whether the keys of a field follow from the customers, with what is at hand."""
        return self._records.can_compare(field)

    def due(self, customer: Customer) -> Record:
        """Return what ought to find a customer."""
        return self._records.due(customer)

    def faults(self) -> Iterator[Inspected]:
        """Yield what the checks of SQLite itself say, and how the schema differs from ours."""
        told = (*self._altered(), *self._references(), *self._damage())
        yield Inspected(share=1.0, found=told)

    def last(self) -> int:
        """Return the place of the newest customer, 0 for none."""
        ((last,),) = self._statements.all(_LAST)
        return last or 0

    def rows(self, after: int, last: int) -> Iterator[Row]:
        """Yield the customers beyond a place, up to the last."""
        values = {"after": after, "last": last, "limit": BATCH}
        while rows := self._statements.all(_ROWS, values):
            yield from (_row(columns, self._records) for columns in rows)
            values["after"] = further(rows[-1][0], values["after"])

    def keys(self) -> Iterable[Item]:
        """Yield the exact keys: field, text, place."""
        return self._statements.each(_KEYS)

    def claimed_codes(self) -> Iterable[Item]:
        """Yield the claimed codes: text, place."""
        return self._statements.each(_CODES)

    def tokens(self) -> Iterator[Item]:
        """Yield what search goes by: token, place."""
        with self._vocabulary(_WORDS) as words:
            yield from words

    def unfounded_claims(self) -> Iterator[Inspected]:
        """Yield the claims of keys that nobody has."""
        for field, place in self._statements.all(_UNFOUNDED):
            where = f"place {place}: {_shown(field)}"
            yield Inspected(share=1.0, found=(Disagreement("claim.left_over", where),))

    def unfound_words(self) -> Iterator[Inspected]:
        """Yield that words are kept which a search does not find: the first, then some of them."""
        unfound = 0
        with self._vocabulary(_COUNTED_WORDS) as words:
            for at, (word, many) in enumerate(words):
                if at < _EACH_UP_TO or not at % _THEN_ONE_IN:
                    unfound += self._holders(word) != many
        if unfound:
            yield Inspected(share=1.0, found=(Disagreement("search.unfound", f"{unfound} words"),))

    def unsound_receipts(self) -> Iterator[Inspected]:
        """Yield the receipts that cannot be read, or have no customer."""
        for actor, key, *row, is_there in self._statements.each(_RECEIPTS):
            where = f"{_shown(actor)}: {_shown(key)}"
            if not _is_receipt(row):
                yield Inspected(share=0.5, found=(Disagreement("receipt.unreadable", where),))
            elif not is_there:
                yield Inspected(share=0.5, found=(Disagreement("receipt.orphaned", where),))

    def _damage(self) -> Iterator[Disagreement]:
        """The whole check, not the quick one: it holds every index against its table."""
        for (said,) in self._statements.all(_SOUND)[:_FAULTS]:
            if said != "ok":
                yield Disagreement("store.damaged", str(said))

    def _references(self) -> Iterator[Disagreement]:
        """Only a host's own tables beside ours can have any."""
        for table, row, parent, _ in self._statements.all(_REFERENCES)[:_FAULTS]:
            yield Disagreement("store.reference", f"{table} row {row}: {parent}")

    def _altered(self) -> Iterator[Disagreement]:
        found = {name: _squeezed(sql) for name, sql in self._statements.all(_SCHEMA)}
        for name, sql in _expected().items():
            if found.get(name) != sql:
                yield Disagreement("store.schema", name)
        for name in found.keys() - _expected().keys():
            if name.startswith("trigger "):  # which would write what nobody asked for
                yield Disagreement("store.schema", name)

    def _holders(self, word: bytes) -> int:
        """Return how many customers a search for a word finds."""
        quoted = word.decode(errors="replace").replace('"', '""')
        ((found,),) = self._statements.all(_FOUND, {"match": f'"{quoted}"'})
        return int(found)

    @contextmanager
    def _vocabulary(self, made: str) -> Generator[Generator[Columns, None, None], None, None]:
        """Return a context with all words, each with its places or with how many there are."""
        with self._unlocked():
            self._statements.all(made)
        try:
            with closing(self._statements.each(_VOCABULARY)) as words:
                yield words
        finally:
            with self._unlocked():
                self._statements.all(_NO_VOCABULARY)

    @contextmanager
    def _unlocked(self) -> Generator[None, None, None]:
        """Return a context in which a connection that only reads may make a temporary table."""
        ((reads_only,),) = self._statements.all("PRAGMA query_only")
        self._statements.all("PRAGMA query_only = OFF")
        try:
            yield
        finally:
            if reads_only:
                self._statements.all("PRAGMA query_only = ON")


def _row(columns: Columns, records: Records) -> Row:
    place, own, code, version, document, checksum, typed = columns
    label = _shown(code)
    customer_id = UUID(bytes=own) if own is not None and len(own) == 16 else None  # noqa: PLR2004
    try:
        customer = records.opened(document)
    except KeyUnavailable:
        return _distrusted("customer.unopened", place, label, customer_id)
    except TamperedRecord:
        return _distrusted("customer.altered", place, label, customer_id)
    except StorageCorrupt:
        return _distrusted("customer.unreadable", place, label, customer_id)
    if zlib.crc32(document) != checksum:
        return _distrusted("customer.altered", place, label, customer_id)
    agrees = typed and _agrees(customer, customer_id, code, version)
    found = () if agrees else (Disagreement("customer.row", label),)
    return Row(
        place=place,
        label=label,
        id=customer_id,
        customer=customer,
        document=digested(document),
        found=found,
    )


def _distrusted(code: str, place: int, label: str, customer_id: UUID | None) -> Row:
    return Row(place=place, label=label, id=customer_id, found=(Disagreement(code, label),))


def _agrees(customer: Customer, own: UUID | None, code: bytes, version: object) -> bool:
    return (customer.id, customer.code.text.encode(), customer.version) == (own, code, version)


def _is_receipt(row: Sequence[object]) -> bool:
    *parts, at = row
    try:
        read_receipt("", "", (*parts, _shown(at)))
    except StorageCorrupt:
        return False
    return all(isinstance(each, bytes) for each in row[:3])


@cache
def _expected() -> Mapping[str, str]:
    """Return the schema as this SQLite keeps it of our own files."""
    folder = files("customer_registry.storage.sqlite")
    with closing(sqlite3.connect(":memory:")) as fresh:
        for number in range(1, SCHEMA + 1):
            fresh.executescript(folder.joinpath(f"{number:03}.sql").read_text("utf-8"))
        laid_out = fresh.execute(_SCHEMA).fetchall()
    return {name: _squeezed(sql) for name, sql in laid_out if not _is_shadow(name)}


def _is_shadow(name: str) -> bool:
    """Return whether a table is one that FTS5 makes for itself, as its version does."""
    return name.startswith("table customer_registry_search_")


def _squeezed(sql: str | None) -> str:
    return " ".join((sql or "").split())


def _shown(written: object) -> str:
    return written.decode(errors="replace") if isinstance(written, bytes) else "?"
