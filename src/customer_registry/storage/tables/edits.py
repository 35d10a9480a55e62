"""The edits of one unit of work on tables that wait for a second person."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import attrs

from customer_registry.domain.errors import StorageCorrupt
from customer_registry.repository import Inspected, WaitingEdit
from customer_registry.storage.confided import edit_opened, edit_sealed, edits_unlike
from customer_registry.storage.tables.sealed import Sealed
from customer_registry.storage.tables.statements import Row, Statements
from customer_registry.storage.times import sortable
from customer_registry.storage.wire import read_fields, write_fields

__all__ = ["Edits", "unlike"]

_ADD = """
INSERT INTO customer_registry_pending (id, customer, version, actor, at, until, content)
VALUES (:id, :customer, :version, :actor, :at, :until, :content)
"""
_GET = """
SELECT id, customer, version, actor, at, until, content
FROM customer_registry_pending WHERE id = :id
"""
_OF = """
SELECT id, customer, version, actor, at, until, content
FROM customer_registry_pending WHERE customer = :customer
ORDER BY at, id
"""
_ALL = """
SELECT id, customer, version, actor, at, until, content
FROM customer_registry_pending
ORDER BY at, id
"""
_DROP = "DELETE FROM customer_registry_pending WHERE id = :id"


@attrs.define(eq=False, repr=False)
class Edits:
    """The edits of one unit of work that wait for a second person."""

    _statements: Statements
    _sealed: Sealed

    def add(self, edit: WaitingEdit) -> None:
        """Keep an edit; a sealed store seals what it says."""
        edit = edit_sealed(edit, self._sealed.records)
        values = {
            "id": edit.id.bytes,
            "customer": edit.customer_id.bytes,
            "version": edit.version,
            "actor": edit.actor,
            "at": sortable(edit.at),
            "until": sortable(edit.until),
            "content": write_fields(edit.fields),
        }
        self._statements.change(_ADD, values)

    def get(self, edit_id: UUID) -> WaitingEdit | None:
        """Return the edit with this id."""
        row = self._statements.one(_GET, {"id": edit_id.bytes})
        return None if row is None else self._edit(row)

    def of(self, customer_id: UUID | None = None) -> tuple[WaitingEdit, ...]:
        """Return the edits that wait, of a customer or all, oldest first."""
        if customer_id is None:
            return tuple(map(self._edit, self._statements.all(_ALL)))
        return tuple(map(self._edit, self._statements.all(_OF, {"customer": customer_id.bytes})))

    def listed(self) -> tuple[WaitingEdit, ...]:
        """Return all edits that wait without their fields, oldest first."""
        return tuple(attrs.evolve(_edit(row), fields={}) for row in self._statements.all(_ALL))

    def drop(self, edit_id: UUID) -> None:
        """Drop an edit, if it is there."""
        self._statements.change(_DROP, {"id": edit_id.bytes})

    def _edit(self, row: Row) -> WaitingEdit:
        return edit_opened(_edit(row), self._sealed.records)


def unlike(statements: Statements, sealed: Sealed) -> Iterator[Inspected]:
    """Yield which edits of a store are not as they were sealed."""
    edits = map(_edit, statements.all(_ALL))
    yield Inspected(share=1.0, found=tuple(edits_unlike(edits, sealed.records)))


def _edit(row: Row) -> WaitingEdit:
    edit_id, customer, version, actor, at, until, content = row
    try:
        return WaitingEdit(
            id=UUID(bytes=edit_id),
            customer_id=UUID(bytes=customer),
            version=version,
            actor=actor,
            at=datetime.fromisoformat(at),
            until=datetime.fromisoformat(until),
            fields=read_fields(content),
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise StorageCorrupt("an edit that waits cannot be read") from error
