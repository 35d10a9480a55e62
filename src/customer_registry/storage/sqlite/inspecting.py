"""What a SQLite file shows of itself to an inspection, and what SQLite says of it."""

import sqlite3
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from functools import cache
from importlib.resources import files

from customer_registry.repository import Disagreement, Inspected
from customer_registry.storage.inspecting import Item
from customer_registry.storage.sqlite.migrating import SCHEMA
from customer_registry.storage.tables.inspecting import Asked, Tables, inspected_tables
from customer_registry.storage.tables.sealed import Sealed
from customer_registry.storage.tables.statements import Row as Columns
from customer_registry.storage.tables.statements import Statements

__all__ = ["inspect"]

_FAULTS = 100
_EACH_UP_TO, _THEN_ONE_IN = 10_000, 64
"""Words that are looked up: a page of the index holds some hundreds."""

_SOUND = "PRAGMA integrity_check(100)"
_REFERENCES = "PRAGMA foreign_key_check"
_SCHEMA = """
SELECT type || ' ' || name, sql FROM sqlite_master
WHERE name LIKE 'customer\\_registry\\_%' ESCAPE '\\'
    OR (type = 'trigger' AND tbl_name LIKE 'customer\\_registry\\_%' ESCAPE '\\')
"""

# As bytes, because what is damaged need not be UTF-8; the types are asked for, because what has
# another type is found by nobody.
_ASKED = Asked(
    rows="""
        SELECT
            place, CAST(id AS BLOB), CAST(code AS BLOB), version, CAST(document AS BLOB), checksum,
            typeof(id) = 'blob' AND typeof(code) = 'text' AND typeof(version) = 'integer'
            AND typeof(document) = 'blob'
        FROM customer_registry_customers
        WHERE place > :after AND place <= :last
        ORDER BY place
        LIMIT :limit
    """,
    keys="""
        SELECT
            iif(typeof(field) = 'text', CAST(field AS BLOB), NULL),
            iif(typeof(text) = 'text', CAST(text AS BLOB), NULL),
            CAST(place AS INTEGER)
        FROM customer_registry_keys
    """,
    codes="""
        SELECT iif(typeof(text) = 'text', CAST(text AS BLOB), NULL), CAST(place AS INTEGER)
        FROM customer_registry_claims
        WHERE field = 'code'
    """,
    unfounded="""
        SELECT CAST(field AS BLOB), CAST(place AS INTEGER)
        FROM customer_registry_claims AS claim
        WHERE field NOT IN ('code', 'retired_code') AND NOT EXISTS (
            SELECT 1 FROM customer_registry_keys AS key
            WHERE key.field = claim.field AND key.text = claim.text AND key.place = claim.place
        )
        LIMIT 100
    """,
    receipts="""
        SELECT
            CAST(actor AS BLOB), CAST(key AS BLOB),
            salt, digest, customer, version, CAST(issues AS BLOB), CAST(at AS BLOB),
            EXISTS (
                SELECT 1 FROM customer_registry_customers AS customer
                WHERE customer.id = receipt.customer AND customer.version >= receipt.version
            )
        FROM customer_registry_receipts AS receipt
    """,
)

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
    return inspected_tables(_File(statements, sealed.records, _ASKED), sealed)


class _File(Tables):
    """The file of one unit of work, as an inspection asks for it."""

    def faults(self) -> Iterator[Inspected]:
        """Yield what the checks of SQLite itself say, and how the schema differs from ours."""
        told = (*self._altered(), *self._references(), *self._damage())
        yield Inspected(share=1.0, found=told)

    def tokens(self) -> Iterator[Item]:
        """Yield what search goes by: token, place."""
        with self._vocabulary(_WORDS) as words:
            yield from words

    def unfound_words(self) -> Iterator[Inspected]:
        """Yield that words are kept which a search does not find: the first, then some of them."""
        unfound = 0
        with self._vocabulary(_COUNTED_WORDS) as words:
            for at, (word, many) in enumerate(words):
                if at < _EACH_UP_TO or not at % _THEN_ONE_IN:
                    unfound += self._holders(word) != many
        if unfound:
            yield Inspected(share=1.0, found=(Disagreement("search.unfound", f"{unfound} words"),))

    def _damage(self) -> Iterator[Disagreement]:
        """The whole check, not the quick one: it holds every index against its table."""
        for (said,) in self.statements.all(_SOUND)[:_FAULTS]:
            if said != "ok":
                yield Disagreement("store.damaged", str(said))

    def _references(self) -> Iterator[Disagreement]:
        """Only a host's own tables beside ours can have any."""
        for table, row, parent, _ in self.statements.all(_REFERENCES)[:_FAULTS]:
            yield Disagreement("store.reference", f"{table} row {row}: {parent}")

    def _altered(self) -> Iterator[Disagreement]:
        found = {name: _squeezed(sql) for name, sql in self.statements.all(_SCHEMA)}
        for name, sql in _expected().items():
            if found.get(name) != sql:
                yield Disagreement("store.schema", name)
        for name in found.keys() - _expected().keys():
            if name.startswith("trigger "):  # which would write what nobody asked for
                yield Disagreement("store.schema", name)

    def _holders(self, word: bytes) -> int:
        """Return how many customers a search for a word finds."""
        quoted = word.decode(errors="replace").replace('"', '""')
        ((found,),) = self.statements.all(_FOUND, {"match": f'"{quoted}"'})
        return int(found)

    @contextmanager
    def _vocabulary(self, made: str) -> Generator[Generator[Columns, None, None], None, None]:
        """Return a context with all words, each with its places or with how many there are."""
        with self._unlocked():
            self.statements.all(made)
        try:
            with closing(self.statements.each(_VOCABULARY)) as words:
                yield words
        finally:
            with self._unlocked():
                self.statements.all(_NO_VOCABULARY)

    @contextmanager
    def _unlocked(self) -> Generator[None, None, None]:
        """Return a context in which a connection that only reads may make a temporary table."""
        ((reads_only,),) = self.statements.all("PRAGMA query_only")
        self.statements.all("PRAGMA query_only = OFF")
        try:
            yield
        finally:
            if reads_only:
                self.statements.all("PRAGMA query_only = ON")


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
