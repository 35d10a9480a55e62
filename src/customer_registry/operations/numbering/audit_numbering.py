"""The audit of a numbering: gaps, counters behind their codes, ranges nearly used up."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.codes.pattern import CodePattern
from customer_registry.domain.codes.policy import CodeMode, CodePolicy, Guarantee
from customer_registry.domain.codes.rules import CodeRules
from customer_registry.domain.values.code import CustomerCode
from customer_registry.operations.numbering.survey import (
    NumberState,
    RangeSurvey,
    Span,
    giving,
    state_of,
    surveyed,
)
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registration.coding import Coding
    from customer_registry.registration.office import Office
    from customer_registry.registry import CustomerRegistry

__all__ = ["NumberingAudit", "RangeAudit", "audit_numbering", "audited", "behind"]


@attrs.frozen(kw_only=True)
class RangeAudit:
    """How a range stands, in numbers as codes show them.

    `last` is the number its counter has passed, `maximum` the last there is, None where no code of
    the present rule is drawn from it; `share` is the part that is passed, 0 to 1. `used` counts the
    codes, present and former, `highest` is the largest of them. `gaps` are spans of numbers, first
    and last, that nothing explains. `behind` counts the codes that the counter gave and has not
    passed, which cannot be unless somebody bent it; `ahead` counts those that people or an import
    put before it, which it steps over when it meets them.
    """

    name: str
    last: int
    used: int
    highest: int | None
    gaps: tuple[Span, ...]
    reserved: int
    released: int
    expired: int
    behind: int
    ahead: int
    maximum: int | None
    share: float
    nearly_exhausted: bool


@attrs.frozen(kw_only=True)
class NumberingAudit:
    """How the numbering of a registry stands; `sound` where nothing needs mending.

    `periods_ahead` are the ranges whose newest period begins after today: the clock once ran ahead,
    and numbers go on in that period until it is over. Where codes can be read in two ways they are
    not `is_legible`, and gaps prove nothing.
    """

    guarantee: Guarantee
    ranges: tuple[RangeAudit, ...]
    periods_ahead: tuple[tuple[str, date], ...]
    is_legible: bool = True

    @property
    def used(self) -> int:
        """How many codes all ranges have."""
        return sum(each.used for each in self.ranges)

    @property
    def faults(self) -> tuple[RangeAudit, ...]:
        """The ranges with a counter behind its codes, or with gaps although the rule has none."""
        gapless = self.guarantee is Guarantee.GAPLESS and self.is_legible
        return tuple(each for each in self.ranges if each.behind or (gapless and each.gaps))

    @property
    def sound(self) -> bool:
        """Whether no gapless range has gaps, no counter is behind, no period ahead."""
        return not self.faults and not self.periods_ahead

    def lines(self, language: str = "zh") -> tuple[str, ...]:
        """Return the audit in sentences, `zh` or `en`, a line for each range and each finding."""
        from customer_registry.operations.numbering.told import lines  # noqa: PLC0415  read by people, seldom

        return tuple(lines(self, language))


def audit_numbering(registry: "CustomerRegistry", warn_at: float = 0.8) -> NumberingAudit:
    """Return how the numbering stands: gaps, counters behind their codes, ranges nearly used up.

    A range is nearly used up from the share `warn_at` on, unless its period is over. Numbers below
    the first known one are no gap where some codes follow no rule of today: they may belong to an
    earlier one. Above it a number is none either that such a code shows in decimal digits, as a
    rule that was in use for a while wrote it. Every code is read, in one snapshot, and hardly any
    customer. Raises NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> audit_numbering(CustomerRegistry()).sound
    True
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("audit_numbering") as work:
        return audited(office, work, warn_at)


def audited(office: "Office", work: UnitOfWork, warn_at: float = 0.8) -> NumberingAudit:
    """Return the audit of what a unit of work sees."""
    now, survey = office.clock(), surveyed(office.coding, work)
    today = office.today(now)
    return NumberingAudit(
        guarantee=office.coding.policy.guarantee,
        ranges=tuple(
            _audited(each, office.coding, work, now, 2.0 if name in survey.over else warn_at)
            for name, each in survey.ranges.items()
        ),
        periods_ahead=tuple(each for each in sorted(survey.periods.items()) if each[1] > today),
        is_legible=not any(_ambiguous(office.coding.policy)),
    )


def _ambiguous(policy: CodePolicy) -> Iterator[str]:
    """Yield how the codes of a policy can be read in two ways."""
    match policy:
        case CodePattern():
            yield from policy.warnings
        case CodeRules():
            for rule in policy.rules:
                yield from rule.pattern.warnings
        case _:
            pass


def behind(survey: RangeSurvey, coding: "Coding", work: UnitOfWork) -> list[int]:
    """Return the numbers that the counter gave, and has not passed.

    Where people write codes there are none. Elsewhere a code beyond the counter may still have come
    by `recode`, and one far ahead from a time when people wrote them.
    """
    if coding.policy.mode is not CodeMode.AUTOMATIC:
        return []
    near, at = list[int](), survey.last
    for number in sorted(survey.above):
        if coding.is_far(number, at):
            break
        near.append(number)
        at = number
    while near and not _was_drawn(work, survey.above[near[-1]]):
        near.pop()
    return near


def _was_drawn(work: UnitOfWork, code: str) -> bool:
    """Return whether a customer got his code when he was registered."""
    customer = work.customers.by_code(CustomerCode(code))
    act = giving(work.journal.of(customer.id), code) if customer else None
    return act is None or act.action == "registered"


def _share(survey: RangeSurvey) -> float:
    """Return which part of a range can be given no more: passed, or in use ahead of the counter.

    It is all of it where the next number to come lies beyond the last.
    """
    counting = survey.counting
    if counting is None:
        return 0.0
    if counting.fit(survey.last + 1) > counting.maximum:
        return 1.0
    ahead = sum(counting.start <= number <= counting.maximum for number in survey.above)
    passed = survey.last - counting.start + 1
    return (passed + ahead) / (counting.maximum - counting.start + 1)


def _audited(
    survey: RangeSurvey, coding: "Coding", work: UnitOfWork, now: datetime, warn_at: float
) -> RangeAudit:
    states = [
        state_of(kept, now)
        for number, kept in survey.reservations.items()
        if not survey.is_used(number)
    ]
    late = len(behind(survey, coding, work))
    counting, share = survey.counting, _share(survey)
    return RangeAudit(
        name=survey.name,
        last=survey.shown(survey.last),
        used=len(survey.numbers),
        highest=survey.shown(survey.numbers[-1]) if survey.numbers else None,
        gaps=tuple((survey.shown(one), survey.shown(other)) for one, other in survey.gaps()),
        reserved=states.count(NumberState.RESERVED),
        released=states.count(NumberState.RELEASED),
        expired=states.count(NumberState.EXPIRED),
        behind=late,
        ahead=len(survey.above) - late,
        maximum=survey.shown(counting.maximum) if counting else None,
        share=min(share, 1.0),
        nearly_exhausted=share >= warn_at,
    )
