"""The receipts of one unit of work on tables."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import attrs

from customer_registry.domain.values.code import CustomerCode
from customer_registry.repository import Part, StoredReceipt
from customer_registry.storage.confided import receipt_opened, receipt_resealed, receipt_sealed
from customer_registry.storage.parts import receipt_of, receipt_part
from customer_registry.storage.receipts import without
from customer_registry.storage.tables.sealed import Sealed
from customer_registry.storage.tables.statements import BATCH, Row, Statements
from customer_registry.storage.times import sortable
from customer_registry.storage.wire import read_issues, write_issues

__all__ = ["Receipts", "read_receipt"]

_COLUMNS = ("actor", "key", "salt", "digest", "customer", "version", "issues", "at")
_KEEP_RECEIPT = """
INSERT INTO customer_registry_receipts
    (actor, key, salt, digest, customer, version, issues, at)
VALUES (:actor, :key, :salt, :digest, :customer, :version, :issues, :at)
"""
_RECEIPT = """
SELECT salt, digest, customer, version, issues, at
FROM customer_registry_receipts
WHERE actor = :actor AND key = :key
"""
_OF = """
SELECT actor, key, salt, digest, customer, version, issues, at
FROM customer_registry_receipts
WHERE customer = :customer
ORDER BY at, key
"""
_BEYOND = """
SELECT actor, key, salt, digest, customer, version, issues, at
FROM customer_registry_receipts
WHERE (actor, key) > (:actor, :key)
ORDER BY actor, key
LIMIT :limit
"""
_RESALT = """
UPDATE customer_registry_receipts SET salt = :salt WHERE actor = :actor AND key = :key
"""
_FORGET = "DELETE FROM customer_registry_receipts WHERE customer = :customer"
_SAY_LESS = """
UPDATE customer_registry_receipts SET issues = :issues WHERE actor = :actor AND key = :key
"""
# Not `actor <> :keep_actor`, for which SQLite would read the receipts of all imports each time.
_PRUNE = """
DELETE FROM customer_registry_receipts
WHERE at < :before AND (actor < :keep_actor OR actor > :keep_actor)
"""


@attrs.define(eq=False, repr=False)
class Receipts:
    """The receipts of one unit of work."""

    _statements: Statements
    _sealed: Sealed

    def get(self, actor: str, key: str) -> StoredReceipt | None:
        """Return the receipt of an actor's idempotency key."""
        row = self._statements.one(_RECEIPT, {"actor": actor, "key": key})
        if row is None:
            return None
        return receipt_opened(read_receipt(actor, key, row), self._sealed.reading)

    def add(self, receipt: StoredReceipt) -> None:
        """Keep a receipt; a sealed file seals the salt of its digest."""
        kept = receipt_part(receipt_sealed(receipt, self._sealed.records))
        self._statements.change(_KEEP_RECEIPT, dict(zip(_COLUMNS, kept.content, strict=True)))

    def prune(self, before: datetime, *, keep_actor: str) -> int:
        """Forget receipts older than a time, those of one actor apart; returns how many."""
        values = {"before": sortable(before), "keep_actor": keep_actor}
        return self._statements.change(_PRUNE, values)

    def of(self, customer_id: UUID) -> tuple[StoredReceipt, ...]:
        """Return the receipts about a customer, oldest first."""
        rows = self._statements.all(_OF, {"customer": customer_id.bytes})
        records = self._sealed.reading
        kept = (read_receipt(actor, key, tuple(row)) for actor, key, *row in rows)
        return tuple(receipt_opened(each, records) for each in kept)

    def reseal(self, after: tuple[str, str] = ("", "")) -> tuple[str, str] | None:
        """Seal some receipts beyond one anew; returns the last of them, None at the end."""
        values = {"actor": after[0], "key": after[1], "limit": BATCH}
        rows, records = self._statements.all(_BEYOND, values), self._sealed.records
        for actor, key, *row in rows:
            salt = receipt_resealed(read_receipt(actor, key, tuple(row)), records).salt
            self._statements.change(_RESALT, {"actor": actor, "key": key, "salt": salt})
        return (str(rows[-1][0]), str(rows[-1][1])) if rows else None

    def forget(self, customer_id: UUID, codes: Iterable[CustomerCode]) -> None:
        """Drop the receipts about a customer, and what others say of one with these codes."""
        self._statements.change(_FORGET, {"customer": customer_id.bytes})
        naming = self._statements.dialect.naming
        for code in codes:
            for actor, key, issues in self._statements.all(naming, {"code": code.text}):
                kept = write_issues(without(code, read_issues(issues)))
                self._statements.change(_SAY_LESS, {"actor": actor, "key": key, "issues": kept})


def read_receipt(actor: str, key: str, row: Row) -> StoredReceipt:
    """Return a receipt of its row: salt, digest, customer, version, issues, at.

    Raises StorageCorrupt for anything else.
    """
    return receipt_of(Part("receipt", (actor, key, *row)))
