"""Lift a counter on purpose, or mend what an audit finds; the journal keeps each act."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.codes.policy import Guarantee
from customer_registry.domain.errors import InvalidValue, ValidationFailed
from customer_registry.domain.issues import Issue, Report
from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.domain.values.code import CustomerCode
from customer_registry.operations.numbering.survey import PATH, RAISED, Survey, surveyed
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["Repair", "raise_numbers", "repair_numbering"]


@attrs.frozen
class Repair:
    """What `repair_numbering` did: a counter raised `before` to `after`, or a code kept no more."""

    what: str
    name: str
    before: int | None = None
    after: int | None = None


def raise_numbers(
    registry: "CustomerRegistry", name: str, to: int | None = None, *, reason: str
) -> int:
    """Let the counter of a range go on behind the number `to`; without one `name` is a code.

    Returns the number that the counter has passed now; it is never lowered. The journal keeps the
    reason, and the ledger names it for the numbers in between. Another process that has taken a
    block of numbers (a `unique` policy) uses it up first. Raises ValidationFailed (`reason.required`,
    `code.off_pattern` for a code of no range), NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> raise_numbers(registry, "C005000", reason="编号与旧系统衔接")
    5000
    >>> str(registry.register(kind="person", name="王芳").customer.code)
    'C005001'
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    told = _reason(reason)
    name, number = (name, to) if to is not None else _range_of(office, name)
    with office.unit("raise_numbers", writing=True) as work:
        _raise(office, work, name, number, told)
        return work.numbers.peek(name) - 1


def repair_numbering(registry: "CustomerRegistry", *, reason: str) -> tuple[Repair, ...]:
    """Mend what an audit finds and what can be mended without touching a customer.

    Counters are raised over the codes in use that lie right before them. Reservations are dropped
    whose code a customer has, or that are over and explain no number. Each act is journalled with
    the reason; done twice, nothing is left to do. Gaps stay, and so does a period that lies ahead
    of today. Raises ValidationFailed (`reason.required`), NotPermitted.
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    told = _reason(reason)
    with office.unit("repair_numbering", writing=True) as work:
        known, now = surveyed(office, work), office.clock()
        return (
            *_raised_over(office, work, known.values(), told),
            *_dropped(office, work, now, told),
        )


def _raised_over(
    office: "Office", work: UnitOfWork, surveys: Iterable[Survey], reason: str
) -> Iterator[Repair]:
    for survey in surveys:
        if steps := survey.steps_over:
            _raise(office, work, survey.name, survey.last + steps, reason)
            yield Repair("raised", survey.name, survey.last, survey.last + steps)


def _dropped(office: "Office", work: UnitOfWork, now: datetime, reason: str) -> Iterator[Repair]:
    """Drop the reservations that keep nothing and explain nothing."""
    gapless = office.coding.policy.guarantee is Guarantee.GAPLESS
    for kept in work.numbers.reservations():
        taken = work.customers.by_code(kept.code) is not None
        idle = not kept.is_active(now) and not (gapless and kept.number is not None)
        if taken or idle:
            work.numbers.forget(kept.code)
            change = Change(f"reservations.{kept.code}", kept.owner, None)
            _journal(office, work, "reservation_dropped", change, reason)
            yield Repair("dropped", str(kept.code))


def _raise(office: "Office", work: UnitOfWork, name: str, number: int, reason: str) -> None:
    before = work.numbers.peek(name) - 1
    if number > before:
        office.coding.raise_to(name, number, work)
        _journal(office, work, RAISED, Change(f"{PATH}{name}", before, number), reason)


def _journal(office: "Office", work: UnitOfWork, action: str, change: Change, reason: str) -> None:
    work.journal.append(
        JournalEntry(
            at=office.clock(),
            actor=office.actor.id,
            action=action,
            changes=(change,),
            reason=reason,
        )
    )


def _range_of(office: "Office", typed: str) -> tuple[str, int]:
    """Return the range of a code and its number."""
    try:
        drawn = office.coding.drawn_from(CustomerCode.parse(typed))
    except InvalidValue as refusal:
        raise ValidationFailed(Report([refusal.issue(("code",))], {"code": typed})) from refusal
    if drawn is None:
        params = {"pattern": office.coding.policy.pattern}
        issue = Issue("code.off_pattern", ("code",), params=params)
        raise ValidationFailed(Report([issue], {"code": typed}))
    return drawn


def _reason(reason: str) -> str:
    told = reason.strip()
    if not told:
        issue = Issue("reason.required", ("reason",))
        raise ValidationFailed(Report([issue], {"reason": reason}))
    return told
