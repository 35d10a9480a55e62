"""Raise a counter on purpose, or mend what an audit finds; the journal keeps each act."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.codes.policy import Guarantee
from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.errors import CodesExhausted, InvalidValue, ValidationFailed
from customer_registry.domain.issues import Issue, Report
from customer_registry.domain.journal import Change, JournalEntry
from customer_registry.domain.values.code import CustomerCode
from customer_registry.operations.numbering.audit_numbering import behind
from customer_registry.operations.numbering.survey import (
    Survey,
    counting_of,
    known_range,
    surveyed,
)
from customer_registry.registration import raising
from customer_registry.registration.reason import read_reason
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["Repair", "raise_numbers", "repair_numbering"]


_LARGEST = 10**18 - 1
"""The last number that every store can count to."""


@attrs.frozen
class Repair:
    """What `repair_numbering` did: a counter raised `before` to `after`, or a code kept no more.

    `what` is `raised` or `dropped`, `name` the range or the code.
    """

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
    block of numbers (a `unique` policy) uses it up first. Raises ValidationFailed
    (`reason.required`, `code.off_pattern` for a code of no range), CodesExhausted for a number
    beyond the last there is, ValueError for a range that there is not or for no whole number,
    NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> registry = CustomerRegistry()
    >>> raise_numbers(registry, "C005000", reason="编号与旧系统衔接")
    5000
    >>> str(registry.register(kind="person", name="王芳").customer.code)
    'C005001'
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("raise_numbers", writing=True) as work:
        told = _told(reason, *(_misread(office, name) if to is None else ()))
        if to is None:
            name, number = office.coding.drawn_from(CustomerCode.parse(name)) or (name, 0)
            kept = office.coding.passing(name, number)
        else:
            kept = _kept(office, work, name, to)
        _raise(office, work, name, kept, reason=told, now=office.clock())
        counting = counting_of(office.coding, name)
        return work.numbers.peek(name) - 1 - (counting.offset if counting else 0)


def repair_numbering(registry: "CustomerRegistry", *, reason: str) -> tuple[Repair, ...]:
    """Mend what an audit finds and what can be mended without touching a customer.

    Counters that are behind the codes they gave are raised over them. Reservations are dropped
    whose code a customer has, or that are over and explain no number. Each act is journalled with
    the reason; done twice, nothing is left to do. Gaps stay, and so does a period that lies ahead
    of today. Raises ValidationFailed (`reason.required`), NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> repair_numbering(CustomerRegistry(), reason="季度检查")
    ()
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("repair_numbering", writing=True) as work:
        told, now = _told(reason), office.clock()
        survey = surveyed(office.coding, work)
        raised = tuple(_raised(office, work, survey, told, now))
        return (*raised, *_dropped(office, work, survey, told, now))


def _raised(
    office: "Office", work: UnitOfWork, survey: Survey, reason: str, now: datetime
) -> Iterator[Repair]:
    for name, each in survey.ranges.items():
        if late := behind(each, office.coding, work):
            last = office.coding.passing(name, late[-1])
            _raise(office, work, name, last, reason=reason, now=now)
            yield Repair("raised", name, each.shown(each.last), each.shown(late[-1]))


def _dropped(
    office: "Office", work: UnitOfWork, survey: Survey, reason: str, now: datetime
) -> Iterator[Repair]:
    """Drop the reservations that keep nothing and explain nothing."""
    gapless = office.coding.policy.guarantee is Guarantee.GAPLESS
    for kept in work.numbers.reservations():
        explains = gapless and _explains(survey, kept)
        if _is_taken(work, kept.code) or not (kept.is_active(now) or explains):
            work.numbers.forget(kept.code)
            change = Change(f"reservations.{kept.code}", kept.owner, None)
            act = JournalEntry(
                at=now,
                actor=office.actor.id,
                action="reservation_dropped",
                changes=(change,),
                reason=reason,
            )
            work.journal.append(act)
            yield Repair("dropped", str(kept.code))


def _is_taken(work: UnitOfWork, code: CustomerCode) -> bool:
    return next(work.customers.codes(prefix=str(code)), None) == str(code)


def _explains(survey: Survey, kept: Reservation) -> bool:
    """Return whether a reservation has a number that no code in use has."""
    if kept.range is None or kept.number is None:
        return False
    return not survey.ranges[kept.range].is_used(kept.number)


def _raise(
    office: "Office", work: UnitOfWork, name: str, kept: int, *, reason: str, now: datetime
) -> None:
    drawing, by = office.coding.drawing(work), office.actor.id
    raising.raise_numbers(drawing, work, name, kept, by=by, now=now, reason=reason)


def _kept(office: "Office", work: UnitOfWork, name: str, number: int) -> int:
    """Return a number as its range keeps it."""
    if type(number) is not int or abs(number) > _LARGEST:
        raise ValueError(f"a number is a whole one up to {_LARGEST}")
    counting = known_range(office.coding, work, name)
    if counting is None:
        return number
    last = counting.maximum - counting.offset
    if number > last:
        raise CodesExhausted(width=len(str(last)), maximum=last)
    return number + counting.offset


def _misread(office: "Office", typed: str) -> Iterator[Issue]:
    """Yield why a code tells no range."""
    try:
        drawn = office.coding.drawn_from(CustomerCode.parse(typed))
    except InvalidValue as refusal:
        yield refusal.issue(("code",))
        return
    if drawn is None:
        params = {"pattern": office.coding.policy.pattern}
        yield Issue("code.off_pattern", ("code",), params=params)


def _told(reason: object, *issues: Issue) -> str:
    """Return a reason, tidied; raise ValidationFailed for none, together with other issues."""
    told, lacking = read_reason(reason, required=True)
    if issues or told is None:
        raise ValidationFailed(Report([*issues, *lacking], {"reason": reason}))
    return told
