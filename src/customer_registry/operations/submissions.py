"""Edits that wait for a second person, held against what the journal tells of them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from customer_registry.domain.errors import StorageError
from customer_registry.domain.journal import Link
from customer_registry.registration.waiting import SUBMITTED, named_in
from customer_registry.repository import Disagreement, UnitOfWork, WaitingEdit
from customer_registry.storage.inspecting import is_damage
from customer_registry.storage.wire import read_entry

if TYPE_CHECKING:
    from uuid import UUID

__all__ = ["Submissions"]

_TELLING = frozenset({SUBMITTED, "rejected", "withdrawn"})


class Submissions:
    """The edits that wait in a unit of work, and what the journal told last of each."""

    def __init__(self, work: UnitOfWork, found: Callable[[Disagreement], object]) -> None:
        self._found = found
        self._waiting = {str(edit.id): edit for edit in self._listed(work)}
        self._told: dict[str, tuple[str, UUID | None, str]] = {}

    def read(self, link: Link, action: str) -> None:
        """Keep what an entry tells of an edit that waits; raises StorageCorrupt."""
        if self._waiting and action in _TELLING:
            entry = read_entry(link)
            named = named_in(entry)
            if named in self._waiting:
                self._told[named] = entry.action, entry.customer_id, entry.actor

    def ends(self) -> None:
        """Tell of the edits that nobody submitted as they wait."""
        for named, edit in self._waiting.items():
            if self._told.get(named) != (SUBMITTED, edit.customer_id, edit.actor):
                self._found(Disagreement("edit.unfounded", f"edit {named}"))

    def _listed(self, work: UnitOfWork) -> tuple[WaitingEdit, ...]:
        try:
            return work.edits.listed()
        except StorageError as error:
            if not is_damage(error):
                raise
            self._found(Disagreement("store.unreadable", "edits"))
            return ()
