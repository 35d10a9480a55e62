"""Verify a registry: the journal's chain, the customers against it, the counters against codes."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from customer_registry.domain.errors import StorageCorrupt
from customer_registry.domain.journal import GENESIS, JournalEntry
from customer_registry.operations.numbering.audit_numbering import audited
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["Agreement", "Disagreement", "verify"]

_STEP = 1000


@attrs.frozen
class Disagreement:
    """One thing that does not agree, by its code and where it stands.

    `journal.broken` an entry that was changed or moved, `journal.head` a journal that was cut,
    `journal.body_missing` a body gone without an erasure that names it, `journal.unreadable`,
    `customer.unjournalled` a customer whose version no entry wrote, `customer.unreadable`,
    `numbers.gap` numbers that no customer, no reservation and no act explains although the rule has
    no gaps, `numbers.ahead` a counter beyond all that is explained, `numbers.behind` one below the
    codes that it gave, `numbers.unreadable`.
    """

    code: str
    where: str


@attrs.frozen
class Agreement:
    """What `verify` counted and compared; `ok` when nothing disagrees."""

    entries: int
    customers: int
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.disagreements


def verify(registry: "CustomerRegistry") -> Agreement:
    """Return what disagrees in a registry, read in one snapshot; nothing is changed.

    Raises NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> verify(CustomerRegistry()).ok
    True
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("verify") as work:
        journal = _read_journal(work)
        customers, unsound = _read_customers(work, journal.versions)
        found = journal.disagreements + unsound + tuple(_counters(office, work))
        return Agreement(journal.entries, customers, found)


@attrs.frozen
class _Journal:
    """What the journal says: how many entries, the last version of each customer, what is wrong."""

    entries: int
    versions: Mapping[UUID, int]
    disagreements: tuple[Disagreement, ...]


def _read_journal(work: UnitOfWork) -> _Journal:
    chain, bodiless = _follow_chain(work)
    versions: dict[UUID, int] = {}
    erased: set[int] = set()
    number = 0
    unreadable: tuple[Disagreement, ...] = ()
    try:
        for entry in _entries(work):
            number = entry.number
            if entry.customer_id is not None and entry.version is not None:
                versions[entry.customer_id] = entry.version
            erased |= _erased_by(entry)
    except StorageCorrupt:
        unreadable = (Disagreement("journal.unreadable", f"after entry {number}"),)
    missing = (
        Disagreement("journal.body_missing", f"entry {each}") for each in sorted(bodiless - erased)
    )
    return _Journal(work.journal.head()[0], versions, (*chain, *unreadable, *missing))


def _follow_chain(work: UnitOfWork) -> tuple[list[Disagreement], set[int]]:
    """Return where the chain breaks, and which entries have no body."""
    previous, number = GENESIS, 0
    broken: list[Disagreement] = []
    bodiless: set[int] = set()
    try:
        for link in work.journal.links():
            number += 1
            if link.number != number or not link.holds(previous):
                broken.append(Disagreement("journal.broken", f"entry {link.number}"))
            previous, number = link.digest, link.number
            if link.body is None:
                bodiless.add(number)
    except StorageCorrupt:
        return [*broken, Disagreement("journal.unreadable", f"after entry {number}")], bodiless
    if work.journal.head() != (number, previous):
        broken.append(Disagreement("journal.head", f"after entry {number}"))
    return broken, bodiless


def _entries(work: UnitOfWork) -> Iterator[JournalEntry]:
    number = 0
    while entries := work.journal.since(number, _STEP):
        yield from entries
        number = entries[-1].number


def _erased_by(entry: JournalEntry) -> set[int]:
    """Return the numbers of the entries whose bodies an erasure took: its changes name them."""
    if entry.action != "erased":
        return set()
    names = (change.path.removeprefix("journal.") for change in entry.changes)
    return {int(name) for name in names if name.isdigit() and int(name) < entry.number}


def _read_customers(
    work: UnitOfWork, versions: Mapping[UUID, int]
) -> tuple[int, tuple[Disagreement, ...]]:
    """Return how many customers there are, and those that the journal does not know as they are."""
    count, last = 0, None
    unsound: list[Disagreement] = []
    try:
        for _, customer in work.customers.iterate():
            count, last = count + 1, customer.code
            if versions.get(customer.id) != customer.version:
                unsound.append(Disagreement("customer.unjournalled", str(customer.code)))
    except StorageCorrupt:
        where = f"after {last}" if last else "the first"
        unsound.append(Disagreement("customer.unreadable", where))
    return count, tuple(unsound)


def _counters(office: "Office", work: UnitOfWork) -> Iterator[Disagreement]:
    """Yield what an audit of the numbering holds for a fault; a period ahead of today is none."""
    try:
        faults = audited(office, work).faults
    except StorageCorrupt:
        yield Disagreement("numbers.unreadable", "counters, reservations or journal")
        return
    for each in faults:
        for first, last in each.gaps:
            if last >= each.last:
                yield Disagreement("numbers.ahead", f"{each.name}: {each.last}")
            else:
                span = f"{first}" if first == last else f"{first}-{last}"
                yield Disagreement("numbers.gap", f"{each.name}: {span}")
        if each.behind:
            yield Disagreement("numbers.behind", f"{each.name}: {each.last}")
