"""The ledger: every number of a range, and what became of it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from customer_registry.domain.values.code import CustomerCode
from customer_registry.operations.numbering.survey import NumberState, Survey, state_of, surveyed
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["LedgerEntry", "number_ledger"]

_BATCH = 200


@attrs.frozen(kw_only=True)
class LedgerEntry:
    """One number of a range and what became of it.

    `by` and `at` tell who registered the customer that has the code or had it, who reserved it
    (`until` when), or who raised the counter over it; a `missing` number has no explanation.
    """

    range: str
    number: int
    state: NumberState
    code: str | None = None
    customer_id: UUID | None = None
    by: str | None = None
    at: datetime | None = None
    until: datetime | None = None
    reason: str | None = attrs.field(default=None, repr=False)


def number_ledger(registry: "CustomerRegistry", name: str | None = None) -> Iterator[LedgerEntry]:
    """Yield every number of the range of a name, without one of all ranges, and what became of it.

    Ranges come by name, numbers in their order, from the first that is known to the last that the
    counter has passed. Numbers before those belong to an earlier rule. Raises NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> _ = registry.register(kind="person", name="王芳")
    >>> [(entry.number, entry.code, str(entry.state)) for entry in number_ledger(registry)]
    [(1, 'C000001', 'used')]
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("number_ledger") as work:
        known = surveyed(office, work)
    now = office.clock()
    for _, survey in sorted(known.items()):
        if name is None or name == survey.name:
            yield from _ledger(office, survey, now)


def _ledger(office: "Office", survey: Survey, now: datetime) -> Iterator[LedgerEntry]:
    """Yield a range's numbers, asking the store about customers a batch at a time."""
    batch: list[int] = []
    for number in survey.passed():
        batch.append(number)
        if len(batch) == _BATCH:
            yield from _entries(office, survey, batch, now)
            batch = []
    yield from _entries(office, survey, batch, now)


def _entries(
    office: "Office", survey: Survey, numbers: Iterable[int], now: datetime
) -> list[LedgerEntry]:
    with office.unit("number_ledger") as work:
        return [_entry(work, survey, number, now) for number in numbers]


def _entry(work: UnitOfWork, survey: Survey, number: int, now: datetime) -> LedgerEntry:
    nothing = LedgerEntry(range=survey.name, number=number, state=NumberState.MISSING)
    if (code := survey.codes.get(number)) is not None:
        return _used(work, nothing, code)
    if (kept := survey.kept.get(number)) is not None:
        return attrs.evolve(
            nothing,
            state=state_of(kept, now),
            code=str(kept.code),
            by=kept.owner,
            at=kept.at,
            until=kept.released_at or kept.until,
        )
    if (act := survey.lift_over(number)) is not None:
        state = NumberState.RAISED
        return attrs.evolve(nothing, state=state, by=act.actor, at=act.at, reason=act.reason)
    return nothing


def _used(work: UnitOfWork, entry: LedgerEntry, code: str) -> LedgerEntry:
    """Return the entry of a number whose code a customer has or had."""
    customer = work.customers.by_code(CustomerCode(code))
    if customer is None:  # erased between two batches
        return attrs.evolve(entry, code=code)
    is_present = str(customer.code) == code
    acts = work.journal.of(customer.id)
    return attrs.evolve(
        entry,
        state=NumberState.USED if is_present else NumberState.FORMERLY_USED,
        code=code,
        customer_id=customer.id,
        by=acts[0].actor if acts else None,
        at=acts[0].at if acts else None,
    )
