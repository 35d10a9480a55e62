"""What a SQLite store holds, read by plain sqlite3, and what is wrong beside what was told."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from uuid import UUID

import attrs

from customer_registry.domain.journal import GENESIS, Link
from customer_registry.testing.racing.numbering import Acknowledged, Promise, judge

__all__ = ["Stored", "Told", "faults_at", "stored_at"]

_GAPLESS = Promise(gapless=True)
_NUMBERED = re.compile("[A-Z]+([0-9]+)")

_META = "SELECT identity, schema FROM customer_registry_meta"
_CUSTOMERS = "SELECT id, code, version, document FROM customer_registry_customers ORDER BY place"
_JOURNAL = """
SELECT seq, customer, chain, salt, body, body_digest, digest
FROM customer_registry_journal ORDER BY seq
"""
_CLAIMED = "SELECT text FROM customer_registry_claims WHERE field = 'code'"
_DRAWN = "SELECT drawn FROM customer_registry_numbers WHERE range = 'customer'"
_KEYS = "SELECT key FROM customer_registry_receipts"
_RESERVED = "SELECT code, released IS NULL FROM customer_registry_reservations"
_TABLES = "SELECT name FROM sqlite_master WHERE name LIKE 'customer_registry_%'"


@attrs.define
class Told:
    """What people were told is saved."""

    identity: str | None = None
    customers: dict[str, int] = attrs.field(factory=dict)
    keys: set[str] = attrs.field(factory=set)
    reserved: set[str] = attrs.field(factory=set)

    @classmethod
    def by(cls, notes: Iterable[str]) -> "Told":
        """Return what the lines of a notebook tell."""
        told = cls()
        for note in notes:
            told.hear(note)
        return told

    def hear(self, note: str) -> None:
        """Take in one line: `identity`, `customer` with its version, `key` or `reserved`."""
        kind, *words = note.split()
        match kind:
            case "identity":
                self.identity = words[0]
            case "customer":
                self.customers[words[0]] = int(words[1])
            case "key":
                self.keys.add(words[0])
            case "reserved":
                self.reserved.add(words[0])
            case _:
                raise ValueError(note)


@attrs.frozen
class Stored:
    """What a file holds; two that hold the same compare equal, whatever the times and the chance.

    `entries` are the journal's actions with the codes of their customers and the versions, and
    `unsound` are words for what does not agree within the file.
    """

    schema: int = 0
    customers: dict[str, int] = attrs.field(factory=dict)
    entries: tuple[tuple[str, str | None, int | None], ...] = ()
    keys: frozenset[str] = frozenset()
    reserved: dict[str, bool] = attrs.field(factory=dict)
    drawn: int = 0
    identity: str | None = attrs.field(default=None, eq=False)
    unsound: frozenset[str] = attrs.field(default=frozenset(), eq=False)

    @property
    def numbers(self) -> set[int]:
        """The numbers that customers and reservations have."""
        return set(map(_number, filter(_NUMBERED.fullmatch, [*self.customers, *self.reserved])))

    def faults(self, told: Told) -> set[str]:
        """Return the words for what is wrong with this file beside what people were told."""
        found = set(self.unsound)
        codes = [f"C{number}" for number in self.numbers]
        heard = [Acknowledged(f"C{each}", 0, 0) for each in map(_number, told.customers) if each]
        found |= judge(heard, codes, passed=self.drawn).faults(_GAPLESS)
        lost = (
            told.identity not in {None, self.identity},
            any(self.customers.get(code, 0) < at for code, at in told.customers.items()),
            told.keys - self.keys,
            told.reserved - self.reserved.keys() - self.customers.keys(),
        )
        return found | ({"lost"} if any(lost) else set())


def stored_at(path: Path) -> Stored:
    """Return what a file holds; a database without our tables holds nothing.

    Raises sqlite3.Error where it cannot be opened or read.
    """
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        tables = {name for (name,) in connection.execute(_TABLES)}
        (checked,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        damaged = frozenset({"damaged"} if checked != "ok" else ())
        if not tables:
            return Stored(unsound=damaged)
        return _read(connection, tables, damaged)


def faults_at(path: Path, told: Told) -> set[str]:
    """Return the words for what is wrong with a file; `unreadable` where SQLite gives up."""
    try:
        return stored_at(path).faults(told)
    except (sqlite3.Error, ValueError, TypeError, LookupError, AttributeError):
        return {"unreadable"}


def _read(connection: sqlite3.Connection, tables: set[str], damaged: frozenset[str]) -> Stored:
    identity, schema = connection.execute(_META).fetchone()
    customers = connection.execute(_CUSTOMERS).fetchall()
    links = [_link(*row) for row in connection.execute(_JOURNAL)]
    codes = {key: code for key, code, _, _ in customers}
    drawn = connection.execute(_DRAWN).fetchone()
    has_reservations = "customer_registry_reservations" in tables
    stored = Stored(
        identity=identity.hex(),
        schema=schema,
        customers={code: version for _, code, version, _ in customers},
        entries=tuple(_entries(links, codes)),
        keys=frozenset(key for (key,) in connection.execute(_KEYS)),
        reserved=dict(connection.execute(_RESERVED)) if has_reservations else {},
        drawn=drawn[0] if drawn else 0,
    )
    claimed = {code for (code,) in connection.execute(_CLAIMED)}
    return attrs.evolve(stored, unsound=damaged | _unsound(stored, customers, links, claimed))


def _unsound(stored: Stored, customers: list, links: list[Link], claimed: set[str]) -> set[str]:
    """Return the words for what does not agree within a file."""
    wrong = {
        "chain": not _holds(links),
        "documents": any(not _is_of(document, *row) for *row, document in customers),
        "codes": not stored.customers.keys() <= claimed,
        "counter": bool(stored.numbers) and max(stored.numbers) != stored.drawn,
        "journal": _journalled(stored.entries) != stored.customers,
    }
    return {word for word, is_wrong in wrong.items() if is_wrong}


def _holds(links: list[Link]) -> bool:
    previous = GENESIS
    for number, link in enumerate(links, start=1):
        if link.number != number or not link.holds(previous):
            return False
        previous = link.digest
    return True


def _is_of(document: bytes, key: bytes, code: str, version: int) -> bool:
    """Return whether a document is whole and of the customer whose row it is in."""
    plain = json.loads(document)
    return (UUID(plain["id"]).bytes, plain["code"], plain.get("version", 1)) == (key, code, version)


def _entries(
    links: list[Link], codes: dict[bytes, str]
) -> Iterator[tuple[str, str | None, int | None]]:
    for link in links:
        body = json.loads(link.body or b'{"action":"erased","version":null}')
        about = codes.get(link.about, "nobody") if link.about else None
        yield body["action"], about, body["version"]


def _journalled(entries: Iterable[tuple[str, str | None, int | None]]) -> dict[str, int]:
    """Return the version of each customer by the journal."""
    return {code: version for _, code, version in entries if code is not None}


def _link(seq: int, customer: bytes | None, *rest: object) -> Link:
    names = ("chain", "salt", "body", "body_digest", "digest")
    return Link(number=seq, about=customer or b"", **dict(zip(names, rest, strict=True)))


def _number(code: str) -> int:
    """Return the number in a code; 0 for a code that was typed by hand."""
    found = _NUMBERED.fullmatch(code)
    return int(found[1]) if found else 0
