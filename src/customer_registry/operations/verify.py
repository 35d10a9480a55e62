"""Verify a registry: the journal's chain, the customers against it, the counters against codes."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from customer_registry.domain.codes.pattern import CodePattern
from customer_registry.domain.codes.policy import CodeMode, CodePolicy
from customer_registry.domain.errors import StorageCorrupt
from customer_registry.domain.journal import GENESIS, JournalEntry
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registry import CustomerRegistry

__all__ = ["Agreement", "Disagreement", "verify"]

_STEP = 1000


@attrs.frozen
class Disagreement:
    """One thing that does not agree, by its code and where it stands.

    `journal.broken` an entry that was changed or moved, `journal.head` a journal that was cut,
    `journal.body_missing` a body gone without an erasure that names it, `journal.unreadable`,
    `customer.unjournalled` a customer whose version no entry wrote, `customer.unreadable`,
    `numbers.gap` a number without a customer, `numbers.behind` a counter below its codes,
    `numbers.ahead` a counter beyond them.
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
    with registry.unit("verify") as work:
        journal = _read_journal(work)
        codes, unsound = _read_customers(work, journal.versions)
        counters = tuple(_counters(registry.codes, codes, work.numbers.ranges()))
        found = journal.disagreements + unsound + counters
        return Agreement(journal.entries, len(codes), found)


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
) -> tuple[list[str], tuple[Disagreement, ...]]:
    """Return all codes, and the customers that the journal does not know as they are."""
    codes: list[str] = []
    unsound: list[Disagreement] = []
    try:
        for _, customer in work.customers.iterate():
            codes += [str(customer.code), *map(str, customer.former_codes)]
            if versions.get(customer.id) != customer.version:
                unsound.append(Disagreement("customer.unjournalled", str(customer.code)))
    except StorageCorrupt:
        where = f"after {codes[-1]}" if codes else "the first"
        unsound.append(Disagreement("customer.unreadable", where))
    return codes, tuple(unsound)


def _counters(
    policy: CodePolicy, codes: list[str], ranges: Mapping[str, int]
) -> Iterator[Disagreement]:
    """Yield what an automatic pattern's numbers lack; people's own codes prove nothing.

    Numbers before the first one of a range belong to an earlier pattern.
    """
    if not isinstance(policy, CodePattern) or policy.mode is not CodeMode.AUTOMATIC:
        return
    drawn: defaultdict[str, set[int]] = defaultdict(set)
    for code in codes:
        if (numbered := policy.drawn_from(code)) is not None:
            drawn[numbered[0].casefold()].add(numbered[1])
    counters = {name.casefold(): counter for name, counter in ranges.items()}
    for name, numbers in drawn.items():
        last, counter = max(numbers), counters.get(name, 0)
        for number in sorted(set(range(min(numbers), last)) - numbers):
            yield Disagreement("numbers.gap", f"{name}: {number}")
        if last != counter:
            code = "numbers.behind" if last > counter else "numbers.ahead"
            yield Disagreement(code, f"{name}: {counter}")
