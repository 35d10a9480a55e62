"""Verify a registry: the store, the journal's chain, the customers against it, the counters."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.errors import KeyUnavailable, StorageError
from customer_registry.domain.journal import Head
from customer_registry.operations.following import Following, refuse_passing
from customer_registry.operations.numbering.audit_numbering import audited
from customer_registry.operations.progress import Progress, nobody
from customer_registry.operations.unclaimed import Unclaimed
from customer_registry.repository import Disagreement, Inspected, UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["Agreement", "Disagreement", "verify"]

_TOLD = 100
"""Disagreements of one code that are told one by one."""

_STEP = 1000
_MOST_HEADS = 1000


@attrs.frozen
class Agreement:
    """What `verify` counted and compared; `ok` when nothing disagrees.

    Of each code the first hundred disagreements stand one by one, the last says how many more.
    """

    entries: int
    customers: int
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.disagreements


def verify(
    registry: "CustomerRegistry",
    *,
    head: Head | Iterable[Head] | None = None,
    on_progress: Progress | None = None,
) -> Agreement:
    """Return what disagrees in a registry, read in one snapshot.

    The store's own check, every customer's document, everything that finds it, the journal's chain,
    receipts, counters: see `Disagreement`. What cannot be read is told and ends no other check.
    Nothing is changed, but that `health` then knows when everything agreed, where the store can be
    written to. Little is held at a time, however long the journal is, but the last version of each
    customer and half the digest of its document: some 140 bytes.

    `head` is one that was kept elsewhere, or many of them, such as a `HeadFile`: the more there
    are, the closer it is told where a journal was written anew. Without one nobody can tell that
    the last entries were cut off, nor, without a key, that all of it was written anew.

    `on_progress` is told how much is done and of how much, in entries and customers; how many
    customers there are is known once the journal is read, until then it is taken to be all entries.
    Raises NotPermitted, StorageBusy, StorageUnavailable, and UnreadableFile for a file of heads.

    >>> from customer_registry import CustomerRegistry
    >>> verify(CustomerRegistry()).ok
    True
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    found, began, heads = _Found(), office.clock(), _heads(head)
    with office.unit("verify") as work:
        journal = Following(work, found.add, heads)
        journal.follow(on_progress or nobody)
        unclaimed = Unclaimed(office, work, found.add)
        customers = _read_customers(work, journal, unclaimed, found, on_progress or nobody)
        unclaimed.ends()
        found.add(*_counters(office, work))
    agreement = Agreement(journal.entries, customers, found.told())
    if agreement.ok:
        with suppress(StorageError, KeyUnavailable), office.repository.write() as work:
            work.keep_checked(began)
    return agreement


def _heads(given: Head | Iterable[Head] | None) -> list[Head]:
    """Return the heads to compare: the highest, and of many one here and there."""
    if given is None or isinstance(given, Head):
        return [] if given is None else [given]
    kept, highest = list[Head](), None
    for head in given:
        kept.append(head)
        highest = head if highest is None or head.number >= highest.number else highest
        if len(kept) > _MOST_HEADS:
            kept = kept[::2]
    return kept if highest is None else [*kept, highest]


class _Found:
    """Disagreements in the order in which they were found, not too many of one code."""

    def __init__(self) -> None:
        self._told: list[Disagreement] = []
        self._counts = Counter[str]()

    def add(self, *found: Disagreement) -> None:
        for each in found:
            self._counts[each.code] += 1
            if self._counts[each.code] <= _TOLD:
                self._told.append(each)

    def has(self, code: str) -> bool:
        return code in self._counts

    def told(self) -> tuple[Disagreement, ...]:
        more = (
            Disagreement(code, f"and {count - _TOLD} more")
            for code, count in self._counts.items()
            if count > _TOLD
        )
        return (*self._told, *more)


def _read_customers(
    work: UnitOfWork,
    journal: Following,
    unclaimed: Unclaimed,
    found: _Found,
    tell: Callable[[int, int], object],
) -> int:
    """Return how many customers there are; find what is wrong with them and the store."""
    count, expected = 0, len(journal.last)
    for step in work.inspect():
        found.add(*step.found)
        if step.customer is not None:
            count += 1
            found.add(*_unlike(step, step.customer, journal))
            unclaimed.read(step.customer)
        elif step.id is not None:
            journal.last.forget(step.id.int)
        if not count % _STEP:
            tell(journal.entries + int(step.share * expected), journal.entries + expected)
    tell(journal.entries + expected, journal.entries + expected)
    if not found.has("store.unreadable"):
        found.add(*_missing(journal.last))
    return count


def _unlike(step: Inspected, customer: Customer, journal: Following) -> Iterator[Disagreement]:
    """Yield what does not agree between a customer and the last act that wrote it."""
    code = journal.last.compared(customer.id.int, customer.version, step.document)
    if code is not None and journal.is_whole:
        yield Disagreement(code, customer.code.text)


def _missing(numbers: Iterable[int]) -> Iterator[Disagreement]:
    for number in numbers:
        yield Disagreement("customer.missing", str(UUID(int=number)))


def _counters(office: "Office", work: UnitOfWork) -> Iterator[Disagreement]:
    """Yield what an audit of the numbering holds for a fault; a period ahead of today is none."""
    try:
        faults = audited(office, work).faults
    except StorageError as error:
        refuse_passing(error)
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
