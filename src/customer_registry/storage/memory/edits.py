# ruff: noqa: D102  the port tells what a method does
"""The edits of a store in memory that wait for a second person."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

import attrs

from customer_registry.repository import Disagreement, Part, WaitingEdit
from customer_registry.storage.confided import edit_opened, edit_sealed, edits_unlike
from customer_registry.storage.memory.desk import Desk
from customer_registry.storage.parts import edit_of, edit_part

__all__ = ["Edits"]


@attrs.define(eq=False, repr=False)
class Edits:
    """The edits of a unit of work."""

    _undo: list[Callable[[], object]]
    _desk: Desk
    _kept: dict[UUID, WaitingEdit] = attrs.field(factory=dict)

    def add(self, edit: WaitingEdit) -> None:
        self._keep(edit_sealed(edit, self._desk.records))

    def put(self, part: Part) -> None:
        self._keep(edit_of(part))

    def get(self, edit_id: UUID) -> WaitingEdit | None:
        edit = self._kept.get(edit_id)
        return edit and edit_opened(edit, self._desk.records)

    def of(self, customer_id: UUID | None = None) -> tuple[WaitingEdit, ...]:
        theirs = (each for each in self._kept.values() if customer_id in {None, each.customer_id})
        found = sorted(theirs, key=lambda each: (each.at, each.id.bytes))
        return tuple(edit_opened(each, self._desk.records) for each in found)

    def move_to(self, desk: Desk) -> None:
        self._desk = desk

    def parts(self) -> Iterator[Part]:
        for edit in sorted(self._kept.values(), key=lambda each: each.id.bytes):
            yield edit_part(edit)

    def listed(self) -> tuple[WaitingEdit, ...]:
        found = sorted(self._kept.values(), key=lambda each: (each.at, each.id.bytes))
        return tuple(attrs.evolve(each, fields={}) for each in found)

    def _keep(self, edit: WaitingEdit) -> None:
        self._kept[edit.id] = edit
        self._undo.append(partial(self._kept.pop, edit.id))

    def unlike(self) -> Iterator[Disagreement]:
        return edits_unlike(self._kept.values(), self._desk.records)

    def drop(self, edit_id: UUID) -> None:
        if (edit := self._kept.pop(edit_id, None)) is not None:
            self._undo.append(partial(self._kept.__setitem__, edit_id, edit))
