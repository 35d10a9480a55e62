"""What happened in a registry since a cursor, for others who follow it: nothing is missed."""

import base64
import hashlib
import json
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.errors import InvalidCursor
from customer_registry.domain.journal import GENESIS, JournalEntry
from customer_registry.registration.bound import seen_entry
from customer_registry.registration.office import Office
from customer_registry.repository import UnitOfWork
from customer_registry.storage.wire import read_entry

if TYPE_CHECKING:
    from uuid import UUID

    from customer_registry.domain.customer import Customer

__all__ = ["Changes", "Place", "changes", "place_of", "told_place"]

_SCANNED = 10_000
"""Entries that one call looks at, however few of them the reader may see."""


@attrs.frozen(kw_only=True)
class Changes:
    """Entries of the journal, oldest first, and the cursor from which to go on.

    `next` is always there: keep it once the entries are dealt with, and ask with it again, now if
    `more` says that entries follow, later if not. Who fails in between gets them once more.
    """

    entries: tuple[JournalEntry, ...]
    next: str
    more: bool

    def __iter__(self) -> Iterator[JournalEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


@attrs.frozen
class Place:
    """Where a reader stands: behind the entry of a number, whose digest he has seen."""

    number: int = 0
    digest: bytes = GENESIS


def changes(office: Office, after: str | None = None, limit: int = 200) -> Changes:
    """Return what happened after a cursor, as far as the actor may see it.

    Numbers are given in the order of commits, and a unit reads a whole prefix of the journal: who
    has seen one entry has seen all before it.
    """
    limit = max(1, min(limit, _SCANNED))
    with office.unit("changes") as work:
        place = place_of(office, work, after)
        end, _ = work.journal.head()
        entries, place = _seen(office, work, place, limit)
    return Changes(entries=entries, next=told_place(office, place), more=place.number < end)


def place_of(office: Office, work: UnitOfWork, cursor: str | None) -> Place:
    """Return where a cursor stands; None stands before the first entry.

    Raises InvalidCursor for any other text, for the cursor of another registry, and for one whose
    entry is another by now: the journal was rolled back, and the reader has seen what is no more.
    """
    if cursor is None:
        return Place()
    number, seen = _unpacked(office, cursor)
    digest = _digest_at(work, number)
    if digest is None or _shortened(digest) != seen:
        raise InvalidCursor
    return Place(number, digest)


def told_place(office: Office, place: Place) -> str:
    """Return the cursor of a place."""
    plain = [office.repository.identity.hex, place.number, _shortened(place.digest)]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode()


def _seen(
    office: Office, work: UnitOfWork, place: Place, limit: int
) -> tuple[tuple[JournalEntry, ...], Place]:
    """Return as many entries as were asked for, and where the reading of them ended."""
    entries: list[JournalEntry] = []
    about: dict[UUID, Customer | None] = {}
    view = office.view.doing("changes")
    for link in islice(work.journal.links(place.number), _SCANNED):
        shown = seen_entry(read_entry(link), work, view, about)
        place = Place(link.number, link.digest)
        if shown is not None:
            entries.append(shown)
            if len(entries) == limit:
                break
    return tuple(entries), place


def _unpacked(office: Office, cursor: object) -> tuple[int, str]:
    try:
        packed = base64.b64decode(str(cursor).encode("ascii"), altchars=b"-_", validate=True)
        identity, number, seen = json.loads(packed)
    except (ValueError, TypeError, RecursionError) as error:
        raise InvalidCursor from error
    if identity != office.repository.identity.hex or type(number) is not int:
        raise InvalidCursor
    return number, seen


def _digest_at(work: UnitOfWork, number: int) -> bytes | None:
    """Return the digest of an entry; None where there is none."""
    last, digest = work.journal.head()
    if number == last:
        return digest
    if number == 0:
        return GENESIS
    link = next(work.journal.links(number - 1), None) if 0 < number < last else None
    return link.digest if link is not None and link.number == number else None


def _shortened(digest: bytes) -> str:
    """Return what a cursor holds of a digest: enough to know it again, and no proof of it."""
    return hashlib.sha256(digest).hexdigest()[:16]
