"""Attempts that were not permitted, for the journal: each of a kind once a minute."""

import threading
from datetime import datetime, timedelta
from uuid import UUID

import attrs

from customer_registry.domain.journal import Change, JournalEntry

__all__ = ["DENIED", "Denials"]

DENIED = "denied"
"""A refused attempt, as the journal calls it; its change `action` names what was attempted."""

_PAUSE = timedelta(minutes=1)
_MOST = 10_000
"""Attempts of a kind that are remembered; beyond them nothing is written before some lapse."""

_Kind = tuple[str, str, UUID | None]


@attrs.define(eq=False, repr=False)
class Denials:
    """The attempts of this process that the journal has been told of; threads share them."""

    _told: dict[_Kind, datetime] = attrs.field(init=False, factory=dict[_Kind, datetime])
    _lock: threading.Lock = attrs.field(init=False, factory=threading.Lock)

    def forget(self, entry: JournalEntry) -> None:
        """Let an attempt be told again: the journal could not take the entry."""
        with self._lock:
            self._told.pop(_kind_of(entry), None)

    def __reduce__(self) -> tuple[object, ...]:
        return Denials, ()  # another process tells of its own

    def entry(
        self, actor: str, action: str, customer_id: UUID | None, now: datetime
    ) -> JournalEntry | None:
        """Return what the journal is to say of an attempt; None where it said so just now."""
        change = Change("action", None, action)
        entry = JournalEntry(
            at=now, actor=actor, action=DENIED, customer_id=customer_id, changes=(change,)
        )
        kind = _kind_of(entry)
        with self._lock:
            if len(self._told) >= _MOST:
                self._told = {each: at for each, at in self._told.items() if now - at < _PAUSE}
            last = self._told.get(kind)
            if len(self._told) >= _MOST or (last is not None and now - last < _PAUSE):
                return None
            self._told[kind] = now
        return entry


def _kind_of(entry: JournalEntry) -> _Kind:
    return entry.actor, str(entry.changes[0].after), entry.customer_id
