"""Verify a registry: the journal's chain, the customers against it, the counters against codes."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.codes.pattern import CodePattern
from customer_registry.domain.codes.policy import CodeMode, CodePolicy
from customer_registry.domain.errors import StorageCorrupt
from customer_registry.domain.journal import GENESIS, JournalEntry
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registry import CustomerRegistry

__all__ = ["Finding", "Verification", "verify"]

_STEP = 1000


@attrs.frozen
class Finding:
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
class Verification:
    """What `verify` counted and found; `ok` when nothing disagrees."""

    entries: int
    customers: int
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything agrees."""
        return not self.findings


def verify(registry: "CustomerRegistry") -> Verification:
    """Return what disagrees in a registry, read in one snapshot; nothing is changed.

    Raises NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> verify(CustomerRegistry()).ok
    True
    """
    with registry.unit("verify") as work:
        written: dict[str, int] = {}
        findings = list(_chain(work, written))
        codes: list[str] = []
        findings += _customers(work, written, codes)
        findings += _numbers(registry.codes, codes, work.numbers.ranges())
        return Verification(work.journal.head()[0], len(codes), tuple(findings))


def _chain(work: UnitOfWork, written: dict[str, int]) -> Iterator[Finding]:
    """Follow the chain; note in `written` the last version that the journal knows of each id."""
    previous, number = GENESIS, 0
    missing: set[int] = set()
    try:
        for link in work.journal.links():
            number += 1
            if link.number != number or not link.holds(previous):
                yield Finding("journal.broken", f"entry {link.number}")
            previous, number = link.digest, link.number
            if link.body is None:
                missing.add(link.number)
    except StorageCorrupt:
        yield Finding("journal.unreadable", f"after entry {number}")
        return
    if work.journal.head() != (number, previous):
        yield Finding("journal.head", f"after entry {number}")
    yield from _entries(work, missing, written)
    yield from (Finding("journal.body_missing", f"entry {each}") for each in sorted(missing))


def _entries(work: UnitOfWork, missing: set[int], written: dict[str, int]) -> Iterator[Finding]:
    """Read every entry; strike from `missing` those that a later erasure names."""
    number = 0
    try:
        while entries := work.journal.since(number, _STEP):
            for entry in entries:
                number = entry.number
                if entry.customer_id is not None and entry.version is not None:
                    written[str(entry.customer_id)] = entry.version
                missing -= _erased_by(entry)
    except StorageCorrupt:
        yield Finding("journal.unreadable", f"after entry {number}")


def _erased_by(entry: JournalEntry) -> set[int]:
    """Return the numbers of the entries whose bodies an erasure took: its changes name them."""
    if entry.action != "erased":
        return set()
    names = (change.path.removeprefix("journal.") for change in entry.changes)
    return {int(name) for name in names if name.isdigit() and int(name) < entry.number}


def _customers(work: UnitOfWork, written: dict[str, int], codes: list[str]) -> Iterator[Finding]:
    try:
        for _, customer in work.customers.iterate():
            codes += [str(customer.code), *map(str, customer.former_codes)]
            if written.get(str(customer.id)) != customer.version:
                yield Finding("customer.unjournalled", str(customer.code))
    except StorageCorrupt:
        yield Finding("customer.unreadable", f"after {codes[-1] if codes else 'the first'}")


def _numbers(policy: CodePolicy, codes: list[str], ranges: dict[str, int]) -> Iterator[Finding]:
    """Yield what an automatic pattern's numbers lack; people's own codes prove nothing."""
    if not isinstance(policy, CodePattern) or policy.mode is not CodeMode.AUTOMATIC:
        return
    drawn: defaultdict[str, set[int]] = defaultdict(set)
    for code in codes:
        if (numbered := policy.number_in(code)) is not None:
            drawn[numbered[0]].add(numbered[1])
    highest = max(ranges.values(), default=0)
    for shape, numbers in drawn.items():
        for number in sorted(set(range(min(numbers), max(numbers))) - numbers):
            yield Finding("numbers.gap", f"{shape}: {number}")
        if max(numbers) > highest:
            yield Finding("numbers.behind", f"{shape}: {max(numbers)}")
        elif len(ranges) == len(drawn) == 1 and max(numbers) < highest:
            yield Finding("numbers.ahead", f"{shape}: {highest}")
