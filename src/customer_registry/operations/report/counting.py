"""Acts counted from a journal: by kind, actor, day and hour."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta, tzinfo

import attrs

from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.operations.export import COUNTED, EXPORTED
from customer_registry.operations.watching.detectors import edited_accounts
from customer_registry.operations.watching.watch import stripped
from customer_registry.repository import UnitOfWork
from customer_registry.storage.wire import read_entry, read_time

__all__ = ["SENSITIVE", "Counts", "counted"]

SENSITIVE = frozenset({"denied", "revealed"})
"""Acts that a chart of days shows apart."""

_SUSPECT = SENSITIVE | {"exported", "subject_exported"}
_BEFORE = timedelta(days=7)
"""How long before the first day entries are still of use to detectors."""


@attrs.frozen(kw_only=True)
class Counts:
    """How many acts there were, by their words, those who did them, days and hours.

    Words and actors come the most frequent first; of each day how many, and how many of those
    reveals or refusals; every day of the time is there. `first_number` is the number of the first
    entry of the time, `backed_up` when a backup was last made, whether in that time or not.
    `exported` is how many customers were written to files, each time counted again.
    """

    entries: int
    actions: Mapping[str, int]
    actors: Mapping[str, int]
    days: Mapping[date, tuple[int, int]]
    hours: tuple[int, ...]
    first_number: int | None = None
    backed_up: datetime | None = None
    exported: int = 0


def counted(
    work: UnitOfWork, since: date, until: date, zone: tzinfo
) -> tuple[Counts, list[JournalEntry]]:
    """Return what was done from one day to another, and the entries that detectors ask for."""
    tally = _Tally(since, until, zone)
    for link in work.journal.links():
        at = read_time(link)
        if at is None:
            continue
        day = at.astimezone(zone).date()
        if since - _BEFORE <= day <= until:
            tally.add(read_entry(link), day)
        elif link.customer_id is None:
            tally.see(read_entry(link))
    return tally.counts(), tally.suspects


class _Tally:
    def __init__(self, since: date, until: date, zone: tzinfo) -> None:
        self._since, self._until, self._zone = since, until, zone
        self._actions, self._actors = Counter[str](), Counter[str]()
        self._days, self._sensitive = Counter[date](), Counter[date]()
        self._hours = [0] * 24
        self._exported = 0
        self._first: int | None = None
        self._backed_up: datetime | None = None
        self.suspects: list[JournalEntry] = []

    def see(self, entry: JournalEntry) -> None:
        """Note when a backup was made."""
        if entry.action == "backed_up":
            self._backed_up = entry.at

    def add(self, entry: JournalEntry, day: date) -> None:
        """Count an entry of the time, and keep one that a detector may ask for."""
        self.see(entry)
        if entry.action in _SUSPECT or any(edited_accounts(entry)):
            self.suspects.append(stripped(entry))
        if day < self._since:
            return
        self._first = self._first or entry.number
        self._actions[entry.action] += 1
        self._actors[entry.actor] += 1
        self._days[day] += 1
        self._sensitive[day] += entry.action in SENSITIVE
        self._hours[entry.at.astimezone(self._zone).hour] += 1
        if entry.action == EXPORTED:
            self._exported += sum(_customers_in(change) for change in entry.changes)

    def counts(self) -> Counts:
        """Return what was counted."""
        span = range((self._until - self._since).days + 1)
        days = (self._since + timedelta(days=each) for each in span)
        return Counts(
            entries=self._days.total(),
            actions=dict(self._actions.most_common()),
            actors=dict(self._actors.most_common()),
            days={day: (self._days[day], self._sensitive[day]) for day in days},
            hours=tuple(self._hours),
            first_number=self._first,
            backed_up=self._backed_up,
            exported=self._exported,
        )


def _customers_in(change: Change) -> int:
    many = change.after if change.path == COUNTED else None
    return many if isinstance(many, int) else 0
