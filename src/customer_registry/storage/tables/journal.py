"""The journal of one unit of work on tables: links as they were chained."""

from collections.abc import Callable, Iterator
from uuid import UUID

import attrs

from customer_registry.domain.errors import StorageCorrupt
from customer_registry.domain.journal import GENESIS, JournalEntry, Link
from customer_registry.storage.chaining import Chain
from customer_registry.storage.tables.statements import (
    BATCH,
    LARGEST,
    Row,
    Statements,
    Values,
    further,
)
from customer_registry.storage.wire import read_document, read_entry

__all__ = ["Journal", "last_document"]

_ID = 16
"""Bytes of a customer's id."""

_LONGEST_SALT = 2**16 - 1
"""Bytes whose length a digest can hold."""

_HEAD = "SELECT seq, digest FROM customer_registry_journal ORDER BY seq DESC LIMIT 1"
_OF = """
SELECT
    seq, CAST(customer AS BLOB), CAST(chain AS TEXT),
    CAST(salt AS BLOB), CAST(body AS BLOB), CAST(body_digest AS BLOB), CAST(digest AS BLOB)
FROM customer_registry_journal
WHERE customer = :customer
ORDER BY seq
"""
_OF_NOBODY = """
SELECT
    seq, CAST(customer AS BLOB), CAST(chain AS TEXT),
    CAST(salt AS BLOB), CAST(body AS BLOB), CAST(body_digest AS BLOB), CAST(digest AS BLOB)
FROM customer_registry_journal
WHERE customer IS NULL
ORDER BY seq
"""
_BODIES = """
SELECT seq, CAST(body AS BLOB) FROM customer_registry_journal
WHERE customer = :customer AND seq < :before AND body IS NOT NULL
ORDER BY seq DESC
LIMIT :limit
"""
_WITH_BODY = """
SELECT seq FROM customer_registry_journal
WHERE customer = :customer AND body IS NOT NULL
ORDER BY seq
"""
_ERASE = """
UPDATE customer_registry_journal SET body = NULL, salt = NULL
WHERE customer = :customer AND body IS NOT NULL
"""
_SINCE = """
SELECT
    seq, CAST(customer AS BLOB), CAST(chain AS TEXT),
    CAST(salt AS BLOB), CAST(body AS BLOB), CAST(body_digest AS BLOB), CAST(digest AS BLOB)
FROM customer_registry_journal
WHERE seq > :after
ORDER BY seq
LIMIT :limit
"""


@attrs.define(eq=False, repr=False)
class Journal:
    """The journal of one unit of work."""

    _statements: Statements
    _chain: Chain
    _written: Callable[[UUID], bytes | None]
    _appended: tuple[int, bytes] | None = attrs.field(init=False, default=None)
    _taken_back: int = attrs.field(init=False, default=0)

    def append(self, entry: JournalEntry) -> JournalEntry:
        """Chain an entry to the head; returns it with its number."""
        about = entry.customer_id
        document = None if about is None else self._written(about)
        link = self._chain.link(entry, self.head(), document)
        self._statements.change(self._statements.dialect.append, _link_values(link))
        self._appended, self._taken_back = (link.number, link.digest), self._statements.taken_back
        return attrs.evolve(entry, number=link.number)

    def of(self, customer_id: UUID | None) -> tuple[JournalEntry, ...]:
        """Return a customer's entries, oldest first; of None those about no customer."""
        if customer_id is None:
            rows = self._statements.all(_OF_NOBODY)
        else:
            rows = self._statements.all(_OF, {"customer": customer_id.bytes})
        return tuple(read_entry(_link(row)) for row in rows)

    def since(self, number: int, limit: int = 1000) -> tuple[JournalEntry, ...]:
        """Return entries beyond a number, oldest first."""
        values = {"after": min(number, LARGEST), "limit": min(limit, LARGEST)}
        rows = self._statements.all(_SINCE, values)
        return tuple(read_entry(_link(row)) for row in rows)

    def head(self) -> tuple[int, bytes]:
        """Return the number and digest of the last entry; (0, GENESIS) before the first."""
        if self._appended is not None and self._taken_back == self._statements.taken_back:
            return self._appended
        row = self._statements.one(_HEAD)
        if row is None:
            return 0, GENESIS
        if not isinstance(row[1], bytes):
            raise StorageCorrupt(f"journal entry {row[0]} cannot be read")
        return row[0], row[1]

    def links(self, after: int = 0) -> Iterator[Link]:
        """Yield the entries as stored and chained, oldest first, from beyond a number."""
        after = min(after, LARGEST)
        while rows := self._statements.all(_SINCE, {"after": after, "limit": BATCH}):
            yield from map(_link, rows)
            after = further(rows[-1][0], after)

    @property
    def is_keyed(self) -> bool:
        """Whether new entries are chained with a key."""
        return self._chain.is_keyed

    def holds(self, link: Link, previous: bytes) -> bool | None:
        """Return whether a link follows `previous` as written; None without the key for it."""
        return self._chain.holds(link, previous)

    def erase(self, customer_id: UUID) -> tuple[int, ...]:
        """Take the bodies of all of a customer's entries; returns their numbers."""
        values = {"customer": customer_id.bytes}
        rows = self._statements.all(_WITH_BODY, values)
        self._statements.change(_ERASE, values)
        return tuple(number for (number,) in rows)


def last_document(statements: Statements, customer_id: UUID) -> bytes | None:
    """Return the digest of the document that the last act on a customer wrote; None for none."""
    before, limit = LARGEST, 1
    while rows := statements.all(
        _BODIES, {"customer": customer_id.bytes, "before": before, "limit": limit}
    ):
        for _, body in rows:
            if (document := read_document(body)) is not None:
                return document
        before, limit = -further(-rows[-1][0], -before), BATCH
    return None


def _link_values(link: Link) -> Values:
    return {
        "seq": link.number,
        "customer": link.about or None,
        "chain": link.chain,
        "salt": link.salt,
        "body": link.body,
        "body_digest": link.body_digest,
        "digest": link.digest,
    }


def _link(row: Row) -> Link:
    number, customer, chain, salt, body, body_digest, digest = row
    about = customer or b""
    fits = len(about) in {0, _ID} and len(salt or b"") <= _LONGEST_SALT
    if not fits or None in (chain, body_digest, digest):
        raise StorageCorrupt(f"journal entry {number} cannot be read")
    return Link(number, about, chain, salt, body, body_digest, digest)
