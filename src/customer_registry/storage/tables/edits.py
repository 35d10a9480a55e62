"""The edits of one unit of work on tables that wait for a second person."""

from collections.abc import Iterator
from uuid import UUID

import attrs

from customer_registry.repository import Inspected, Part, WaitingEdit
from customer_registry.storage.confided import edit_opened, edit_sealed, edits_unlike
from customer_registry.storage.parts import edit_of, edit_part
from customer_registry.storage.tables.sealed import Sealed
from customer_registry.storage.tables.statements import Row, Statements

__all__ = ["Edits", "unlike"]

_ADD = """
INSERT INTO customer_registry_pending (id, customer, version, actor, at, until, content)
VALUES (:id, :customer, :version, :actor, :at, :until, :content)
"""
_COLUMNS = ("id", "customer", "version", "actor", "at", "until", "content")
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
        kept = edit_part(edit_sealed(edit, self._sealed.records))
        self._statements.change(_ADD, dict(zip(_COLUMNS, kept.content, strict=True)))

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
    return edit_of(Part("pending", row))
