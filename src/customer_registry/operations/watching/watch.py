"""Hold what happened since a cursor against detectors."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.operations.watching import detectors as ready
from customer_registry.operations.watching.alert import Alert
from customer_registry.operations.watching.detectors import Detector
from customer_registry.repository import UnitOfWork
from customer_registry.storage.wire import read_entry

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["Watched", "ready_detectors", "stripped", "watch"]

_STEP = 1000
_MOST_BEFORE = 100_000
"""Entries before the cursor that are read again, at most."""


@attrs.frozen(kw_only=True)
class Watched:
    """The alerts since a cursor, in the order of their last entries, and the cursor to go on from.

    `more` says that entries follow which were not looked at yet.
    """

    alerts: tuple[Alert, ...]
    next: str
    more: bool

    def __iter__(self) -> Iterator[Alert]:
        return iter(self.alerts)

    def __len__(self) -> int:
        return len(self.alerts)


def watch(
    registry: "CustomerRegistry",
    after: str | None = None,
    *,
    detectors: Iterable[Detector] | None = None,
    on_alert: Iterable[Callable[[Alert], object]] = (),
    looking_back: timedelta = timedelta(days=7),
    limit: int = 10_000,
) -> Watched:
    """Return what deserves a second look among the next `limit` entries after a cursor.

    The detectors, the ready ones unless others are given, get these entries and those of the time
    `looking_back` before them, without values and reasons; told is what ends after the cursor. Each
    callable of `on_alert` is called with each alert: one that raises leaves you where you were, so
    that the alerts come again. Run it every few minutes with the `next` of the run before. Raises
    InvalidCursor, also where the journal was rolled back, NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> seen = watch(registry)
    >>> seen.alerts, watch(registry, seen.next).alerts
    ((), ())
    """
    from customer_registry.registration.changes import place_of, told_place  # noqa: PLC0415  seldom

    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("watch") as work:
        place = place_of(office, work, after)
        end, _ = work.journal.head()
        since = place.number
        fresh: list[JournalEntry] = []
        for link in islice(work.journal.links(since), limit):
            place = attrs.evolve(place, number=link.number, digest=link.digest)
            if link.body is not None:
                fresh.append(stripped(read_entry(link)))
        entries = [*_before(work, since, fresh, looking_back), *fresh]
    chosen = ready_detectors(office) if detectors is None else tuple(detectors)
    alerts = tuple(_told(chosen, entries, since))
    for alert in alerts:
        for hook in on_alert:
            hook(alert)
    return Watched(alerts=alerts, next=told_place(office, place), more=place.number < end)


def stripped(entry: JournalEntry) -> JournalEntry:
    """Return an entry that tells who did what and when, to which fields, and no value or reason."""
    changes = tuple(Change(change.path, hidden=True) for change in entry.changes)
    return attrs.evolve(entry, changes=changes, reason=None)


def ready_detectors(office: "Office") -> tuple[Detector, ...]:
    """Return the detectors that are there, in the company's time zone and working hours."""
    begins, ends = office.engine.policy.working_hours
    return (
        ready.many_reveals,
        ready.bank_account_changed_and_back,
        partial(ready.export_at_night, zone=office.zone, night=(ends, begins)),
        ready.repeated_denials,
    )


def _told(chosen: Iterable[Detector], entries: list[JournalEntry], since: int) -> list[Alert]:
    found = [alert for detector in chosen for alert in detector(entries)]
    ended = [alert for alert in found if max(alert.entries, default=0) > since]
    return sorted(ended, key=lambda alert: (max(alert.entries), alert.detector))


def _before(
    work: UnitOfWork, since: int, fresh: list[JournalEntry], looking_back: timedelta
) -> Iterator[JournalEntry]:
    """Yield the entries of the time before the first fresh one."""
    if not fresh or not since:
        return
    start = _reached_back(work, since, fresh[0].at - looking_back)
    for link in islice(work.journal.links(start), since - start):
        if link.body is not None:
            yield stripped(read_entry(link))


def _reached_back(work: UnitOfWork, since: int, time: datetime) -> int:
    """Return a number behind which the entries of a time begin, as far back as is read."""
    start, least = since, max(0, since - _MOST_BEFORE)
    while start > least:
        start = max(least, start - _STEP)
        link = next(work.journal.links(start), None)
        if link is not None and link.body is not None and read_entry(link).at < time:
            break
    return start
