"""The ledger: every number of a range, and what became of it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING
from uuid import UUID

import attrs

from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.values.code import CustomerCode
from customer_registry.operations.numbering.survey import (
    Known,
    NumberState,
    Raise,
    RangeSurvey,
    giving,
    known_range,
    state_of,
    surveyed,
    taking,
)
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["LedgerEntry", "number_ledger"]

_BATCH = 200


@attrs.frozen(kw_only=True)
class LedgerEntry:
    """One number of a range, as codes show it, and what became of it.

    `by` and `at` tell who gave the customer this code and when, who reserved it (`until` when, or
    when it was given back), or who raised the counter over it and for what `reason`. A code that a
    customer had before was his `until` then. Of a customer whom the actor may not see, the ledger
    tells that his number is used. A `missing` number has no explanation.
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
    """Return every number of the range of a name, or of all ranges, and what became of it.

    Ranges come by name, numbers in their order, from the first of the range to the last that the
    counter has passed; what `step` and `skip` leave out is no number. Only where people wrote two
    codes of one number does it come twice. Numbers below the first known one are left out where
    some codes follow no rule of today: they may belong to an earlier one, and so may those in
    between, which are told with the codes that show them.

    The codes are read at once, the customers as the ledger is read. Raises NotPermitted, ValueError
    for a range that there is not.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> _ = registry.register(kind="person", name="王芳")
    >>> [(entry.number, entry.code, str(entry.state)) for entry in number_ledger(registry)]
    [(1, 'C000001', 'used')]
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("number_ledger") as work:
        now, survey = office.clock(), surveyed(office.coding, work, only=name, texts=True)
        if name is not None and name not in survey.ranges:
            known_range(office.coding, work, name)
    return chain.from_iterable(_ledger(office, each, now) for each in survey.ranges.values())


def _ledger(office: "Office", survey: RangeSurvey, now: datetime) -> Iterator[LedgerEntry]:
    """Yield a range's numbers, asking the store about customers a batch at a time."""
    passed = survey.passed()
    while batch := list(islice(passed, _BATCH)):
        with office.unit("number_ledger") as work:
            entries = [_entry(office, work, survey, each, now) for each in batch]
        yield from entries


def _entry(
    office: "Office",
    work: UnitOfWork,
    survey: RangeSurvey,
    passed: tuple[int, Known],
    now: datetime,
) -> LedgerEntry:
    number, known = passed
    nothing = LedgerEntry(range=survey.name, number=survey.shown(number), state=NumberState.MISSING)
    match known:
        case str():
            return _used(office, work, nothing, known)
        case Reservation():
            return attrs.evolve(
                nothing,
                state=state_of(known, now),
                code=str(known.code),
                by=known.owner,
                at=known.at,
                until=known.released_at or known.until,
            )
        case Raise():
            act, state = known.act, NumberState.RAISED
            return attrs.evolve(nothing, state=state, by=act.actor, at=act.at, reason=act.reason)
        case _:
            return nothing


def _used(office: "Office", work: UnitOfWork, entry: LedgerEntry, code: str) -> LedgerEntry:
    """Return the entry of a number whose code a customer has or had."""
    customer = work.customers.by_code(CustomerCode(code))
    if customer is None:  # erased between two batches
        return attrs.evolve(entry, code=code)
    if not office.sees(customer):
        return attrs.evolve(entry, state=NumberState.USED)
    is_present = str(customer.code) == code
    acts = work.journal.of(customer.id)
    given = giving(acts, code)
    taken = None if is_present else taking(acts, code)
    return attrs.evolve(
        entry,
        state=NumberState.USED if is_present else NumberState.FORMERLY_USED,
        code=code,
        customer_id=customer.id,
        by=given.actor if given else None,
        at=given.at if given else None,
        until=taken.at if taken else None,
    )
