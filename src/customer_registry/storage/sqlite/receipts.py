"""The receipts of one unit of work on a SQLite file."""

from datetime import datetime
from uuid import UUID

import attrs

from customer_registry.domain.errors import StorageCorrupt
from customer_registry.repository import StoredReceipt
from customer_registry.storage.sqlite.statements import Row, Statements
from customer_registry.storage.sqlite.times import sortable
from customer_registry.storage.wire import read_issues, write_issues

__all__ = ["Receipts", "read_receipt"]

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
_PRUNE = "DELETE FROM customer_registry_receipts WHERE at < :before AND actor <> :keep_actor"


@attrs.define(eq=False, repr=False)
class Receipts:
    """The receipts of one unit of work."""

    _statements: Statements

    def get(self, actor: str, key: str) -> StoredReceipt | None:
        """Return the receipt of an actor's idempotency key."""
        row = self._statements.one(_RECEIPT, {"actor": actor, "key": key})
        if row is None:
            return None
        return read_receipt(actor, key, row)

    def add(self, receipt: StoredReceipt) -> None:
        """Keep a receipt."""
        values = {
            "actor": receipt.actor,
            "key": receipt.key,
            "salt": receipt.salt,
            "digest": receipt.digest,
            "customer": receipt.customer_id.bytes,
            "version": receipt.version,
            "issues": write_issues(receipt.issues),
            "at": sortable(receipt.at),
        }
        self._statements.change(_KEEP_RECEIPT, values)

    def prune(self, before: datetime, *, keep_actor: str) -> int:
        """Forget receipts older than a time, those of one actor apart; returns how many."""
        values = {"before": sortable(before), "keep_actor": keep_actor}
        return self._statements.change(_PRUNE, values).rowcount


def read_receipt(actor: str, key: str, row: Row) -> StoredReceipt:
    """Return a receipt of its row: salt, digest, customer, version, issues, at.

    Raises StorageCorrupt for anything else.
    """
    salt, digest, customer, version, issues, at = row
    if not isinstance(customer, bytes):
        raise StorageCorrupt("a stored receipt cannot be read")
    try:
        return StoredReceipt(
            actor=actor,
            key=key,
            salt=salt,
            digest=digest,
            customer_id=UUID(bytes=customer),
            version=version,
            issues=read_issues(issues),
            at=datetime.fromisoformat(at),
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise StorageCorrupt("a stored receipt cannot be read") from error
