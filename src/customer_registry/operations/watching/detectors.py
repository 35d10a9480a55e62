"""Detectors: plain functions over entries of a journal, oldest first, that yield alerts."""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, timedelta, tzinfo
from typing import TypeAlias
from uuid import UUID

from customer_registry.domain.journal import JournalEntry
from customer_registry.operations.watching.alert import Alert

__all__ = [
    "Detector",
    "bank_account_changed_and_back",
    "edited_accounts",
    "export_at_night",
    "is_night",
    "many_reveals",
    "repeated_denials",
]

Detector: TypeAlias = Callable[[Sequence[JournalEntry]], Iterable[Alert]]
"""Gets entries without values and reasons; set parameters with `functools.partial`."""


def many_reveals(
    entries: Sequence[JournalEntry],
    *,
    at_least: int = 20,
    within: timedelta = timedelta(hours=1),
) -> Iterator[Alert]:
    """Yield an alert for every `at_least` reveals by one actor within a time."""
    return _crowded(entries, "revealed", "many_reveals", at_least, within)


def repeated_denials(
    entries: Sequence[JournalEntry],
    *,
    at_least: int = 5,
    within: timedelta = timedelta(hours=1),
) -> Iterator[Alert]:
    """Yield an alert for every `at_least` refused attempts of one actor within a time.

    The journal tells of the same attempt once a minute.
    """
    return _crowded(entries, "denied", "repeated_denials", at_least, within)


def bank_account_changed_and_back(
    entries: Sequence[JournalEntry], *, within: timedelta = timedelta(days=7)
) -> Iterator[Alert]:
    """Yield an alert where a number of a bank account was edited, and edited again within a time.

    That is how a payment is led astray and the trace removed. The journal does not know the
    numbers, so a slip of the pen that was mended looks the same.
    """
    edited: dict[tuple[UUID, str], JournalEntry] = {}
    for entry in entries:
        if entry.customer_id is None:
            continue
        places = [(entry.customer_id, path) for path in edited_accounts(entry)]
        earlier = [edited[place] for place in places if place in edited]
        first = next((each for each in earlier if entry.at - each.at <= within), None)
        edited.update(dict.fromkeys(places, entry))
        if first is not None:
            yield _alert("bank_account_changed_and_back", (first, entry), entry.customer_id)


def export_at_night(
    entries: Sequence[JournalEntry],
    *,
    zone: tzinfo = UTC,
    night: tuple[int, int] = (22, 6),
    actions: frozenset[str] = frozenset({"exported", "subject_exported"}),
) -> Iterator[Alert]:
    """Yield an alert for every export from the first hour of `night` to before its last.

    `watch` asks in the company's time zone and outside its `working_hours`, unless a detector is
    given with others.
    """
    for entry in entries:
        if entry.action in actions and is_night(entry.at.astimezone(zone).hour, night):
            yield _alert("export_at_night", (entry,), entry.customer_id)


def is_night(hour: int, night: tuple[int, int]) -> bool:
    """Return whether an hour of the day is one from the first of a night to before its last."""
    begins, ends = night
    return begins <= hour < ends if begins < ends else hour >= begins or hour < ends


def edited_accounts(entry: JournalEntry) -> Iterator[str]:
    """Yield the bank accounts whose numbers an act edited; a new customer's are no edit."""
    if entry.version is None or entry.action == "registered":
        return
    for change in entry.changes:
        field, _, part = change.path.rpartition(".")
        if (field.startswith("bank_accounts") and part == "number") or change.path in _WHOLE:
            yield change.path


def _crowded(
    entries: Sequence[JournalEntry], action: str, detector: str, at_least: int, within: timedelta
) -> Iterator[Alert]:
    """Yield an alert whenever one actor did something often enough; then the count begins anew."""
    recent: defaultdict[str, deque[JournalEntry]] = defaultdict(deque)
    for entry in entries:
        if entry.action != action:
            continue
        theirs = recent[entry.actor]
        theirs.append(entry)
        while entry.at - theirs[0].at > within:
            theirs.popleft()
        if len(theirs) >= at_least:
            yield _alert(detector, tuple(theirs), None)
            theirs.clear()


_WHOLE = frozenset({"invoice_profile.account"})


def _alert(detector: str, entries: Sequence[JournalEntry], customer_id: UUID | None) -> Alert:
    last = entries[-1]
    numbers = tuple(each.number for each in entries)
    return Alert(
        detector=detector, actor=last.actor, at=last.at, entries=numbers, customer_id=customer_id
    )
