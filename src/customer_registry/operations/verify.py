"""Verify a registry: the store, the journal's chain, the customers against it, the counters."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from customer_registry.domain.errors import StorageError
from customer_registry.domain.journal import GENESIS, JournalEntry, Link
from customer_registry.operations.numbering.audit_numbering import audited
from customer_registry.repository import Disagreement, UnitOfWork
from customer_registry.storage.inspecting import is_damage
from customer_registry.storage.wire import read_entry

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["Agreement", "Disagreement", "verify"]

_TOLD = 100
"""Disagreements of one code that are told one by one."""

_STEP = 1000
_SKIPPED = 100
"""Entries that may be unreadable before the journal is given up."""


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
    registry: "CustomerRegistry", *, on_progress: Callable[[int, int], object] | None = None
) -> Agreement:
    """Return what disagrees in a registry, read in one snapshot.

    The store's own check, every customer's document, everything that finds it, the journal's chain,
    receipts, counters: see `Disagreement`. What cannot be read is told and ends no other check.
    Nothing is changed, but that `health` then knows when everything agreed, where the store can be
    written to. Little is held at a time, but the last version of each customer: some hundred bytes.

    `on_progress` is told how much is done and of how much, in entries and customers; how many
    customers there are is known once the journal is read, until then it is taken to be all entries.
    Raises NotPermitted, StorageBusy, StorageUnavailable.

    >>> from customer_registry import CustomerRegistry
    >>> verify(CustomerRegistry()).ok
    True
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    found, began = _Found(), office.clock()
    with office.unit("verify") as work:
        journal = _Journal(work, found)
        journal.follow(on_progress or _nobody)
        customers = _read_customers(work, journal, found, on_progress or _nobody)
        found.add(*_counters(office, work))
    agreement = Agreement(journal.entries, customers, found.told())
    if agreement.ok:
        with suppress(StorageError), office.repository.write() as work:
            work.keep_checked(began)
    return agreement


def _nobody(done: int, total: int) -> None:
    """Tell nobody how far it is."""


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


class _Journal:
    """What the journal says: how many entries, the last version of each customer, what is wrong."""

    def __init__(self, work: UnitOfWork, found: _Found) -> None:
        self._work = work
        self._found = found
        self._bodiless: set[int] = set()
        self._previous, self._number = GENESIS, 0
        self.entries = 0
        self.versions: dict[int, int] = {}
        self.is_whole = True

    def follow(self, tell: Callable[[int, int], object]) -> None:
        """Read every entry, and hold it against the one before it."""
        self.entries, head = self._head()
        for link in self._links():
            self._chain(link)
            self._read(link)
            if not link.number % _STEP:
                tell(link.number, max(link.number, self.entries) * 2)
        for number in sorted(self._bodiless):
            self._found.add(Disagreement("journal.body_missing", f"entry {number}"))
        if self.is_whole and (self._number, self._previous) != (self.entries, head):
            self._found.add(Disagreement("journal.head", f"after entry {self._number}"))

    def _head(self) -> tuple[int, bytes]:
        try:
            return self._work.journal.head()
        except StorageError as error:
            _refuse_passing(error)
            self._found.add(Disagreement("journal.head", "cannot be read"))
            self.is_whole = False
            return 0, GENESIS

    def _links(self) -> Iterator[Link]:
        """Yield the links that can be read, and tell of those that cannot."""
        after, skipped = 0, 0
        while True:
            try:
                for link in self._work.journal.links(after):
                    yield link
                    after = link.number
            except StorageError as error:
                _refuse_passing(error)
                after, skipped = after + 1, skipped + 1
                self._found.add(Disagreement("journal.unreadable", f"entry {after}"))
                if skipped < _SKIPPED and (after < self.entries or not self.entries):
                    continue
                self.is_whole = self.is_whole and after >= self.entries
            return

    def _chain(self, link: Link) -> None:
        if link.number != self._number + 1 or not link.holds(self._previous):
            self._found.add(Disagreement("journal.broken", f"entry {link.number}"))
        self._previous, self._number = link.digest, link.number

    def _read(self, link: Link) -> None:
        if link.body is None:
            self._bodiless.add(link.number)
            return
        try:
            entry = read_entry(link)
        except StorageError as error:
            _refuse_passing(error)
            self._found.add(Disagreement("journal.unreadable", f"entry {link.number}"))
            return
        if entry.customer_id is not None and entry.version is not None:
            self.versions[entry.customer_id.int] = entry.version
        if entry.action == "erased":
            self._bodiless -= _erased_by(entry)


def _erased_by(entry: JournalEntry) -> set[int]:
    """Return the numbers of the entries whose bodies an erasure took: its changes name them."""
    names = (change.path.removeprefix("journal.") for change in entry.changes)
    return {int(name) for name in names if name.isdigit() and int(name) < entry.number}


def _read_customers(
    work: UnitOfWork, journal: _Journal, found: _Found, tell: Callable[[int, int], object]
) -> int:
    """Return how many customers there are; find what is wrong with them and the store."""
    count, versions, expected = 0, journal.versions, len(journal.versions)
    for step in work.inspect():
        found.add(*step.found)
        version = versions.pop(step.id.int, None) if step.id else None
        if step.customer is not None:
            count += 1
            if step.customer.version != version and journal.is_whole:
                found.add(Disagreement("customer.unjournalled", step.customer.code.text))
        if not count % _STEP:
            tell(journal.entries + int(step.share * expected), journal.entries + expected)
    tell(journal.entries + expected, journal.entries + expected)
    if not found.has("store.unreadable"):
        found.add(*_missing(versions))
    return count


def _missing(versions: Iterable[int]) -> Iterator[Disagreement]:
    for number in versions:
        yield Disagreement("customer.missing", str(UUID(int=number)))


def _counters(office: "Office", work: UnitOfWork) -> Iterator[Disagreement]:
    """Yield what an audit of the numbering holds for a fault; a period ahead of today is none."""
    try:
        faults = audited(office, work).faults
    except StorageError as error:
        _refuse_passing(error)
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


def _refuse_passing(error: StorageError) -> None:
    """Raise an error that says nothing of the store, such as that others are busy with it."""
    if not is_damage(error):
        raise error
