"""The audit of a numbering: gaps, counters behind their codes, ranges nearly used up."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.codes.policy import Guarantee
from customer_registry.operations.numbering.survey import NumberState, Survey, state_of, surveyed
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registry import CustomerRegistry

__all__ = ["NumberingAudit", "RangeAudit", "audit_numbering"]


@attrs.frozen(kw_only=True)
class RangeAudit:
    """How a range stands: `last` is the number its counter has passed, `maximum` the last there is.

    `gaps` are spans of numbers, first and last, that nothing explains; `steps_over` says how many
    codes in use lie right before the counter, which it has to step over; `ahead` how many more lie
    beyond. `share` is the part of the range that is passed, 0 to 1.
    """

    name: str
    last: int
    used: int
    highest: int | None
    gaps: tuple[tuple[int, int], ...]
    reserved: int
    released: int
    expired: int
    steps_over: int
    ahead: int
    maximum: int | None
    share: float
    nearly_exhausted: bool


@attrs.frozen(kw_only=True)
class NumberingAudit:
    """How the numbering of a registry stands; `sound` where nothing needs mending.

    `periods_ahead` are ranges whose newest period begins after today: the clock once ran ahead, and
    numbers go on in that period until it is over.
    """

    guarantee: Guarantee
    ranges: tuple[RangeAudit, ...]
    periods_ahead: tuple[tuple[str, date], ...]

    @property
    def sound(self) -> bool:
        """Whether no gapless range has gaps, no counter is behind, no period ahead."""
        gapless = self.guarantee is Guarantee.GAPLESS
        faulty = any(each.steps_over or (gapless and each.gaps) for each in self.ranges)
        return not faulty and not self.periods_ahead

    def lines(self, language: str = "zh") -> tuple[str, ...]:
        """Return the audit in sentences, `zh` or `en`, a line for each range and each finding."""
        from customer_registry.operations.numbering.told import lines  # noqa: PLC0415  read by people, seldom

        return tuple(lines(self, language))


def audit_numbering(registry: "CustomerRegistry", warn_at: float = 0.8) -> NumberingAudit:
    """Return how the numbering stands: gaps, counters behind their codes, ranges nearly used up.

    A range is nearly used up from the share `warn_at` on. Raises NotPermitted.

    >>> from customer_registry import CustomerRegistry
    >>> audit_numbering(CustomerRegistry()).sound
    True
    """
    office = registry._office  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  a room of its own
    with office.unit("audit_numbering") as work:
        known = surveyed(office, work)
        marks = _marks(work)
    now = office.clock()
    return NumberingAudit(
        guarantee=office.coding.policy.guarantee,
        ranges=tuple(_audited(each, now, warn_at) for _, each in sorted(known.items())),
        periods_ahead=tuple(
            (scope, day) for scope, day in sorted(marks.items()) if day > office.today(now)
        ),
    )


def _marks(work: UnitOfWork) -> Mapping[str, date]:
    """Return the day on which the newest period of each scope began."""
    ranges = work.numbers.ranges().items()
    return {name: date.fromordinal(day) for name, day in ranges if "@" in name and day > 0}


def _audited(survey: Survey, now: datetime, warn_at: float) -> RangeAudit:
    states = [state_of(kept, now) for kept in survey.kept.values()]
    counting = survey.counting
    above = sum(number > survey.last for number in survey.codes)
    share = 0.0
    if counting is not None:
        share = max(0, survey.last - counting.start + 1) / (counting.maximum - counting.start + 1)
    return RangeAudit(
        name=survey.name,
        last=survey.last,
        used=len(survey.codes),
        highest=max(survey.codes, default=None),
        gaps=tuple(_gaps(survey)),
        reserved=states.count(NumberState.RESERVED),
        released=states.count(NumberState.RELEASED),
        expired=states.count(NumberState.EXPIRED),
        steps_over=survey.steps_over,
        ahead=above - survey.steps_over,
        maximum=counting.maximum if counting else None,
        share=min(share, 1.0),
        nearly_exhausted=share >= warn_at,
    )


def _gaps(survey: Survey) -> Iterator[tuple[int, int]]:
    """Yield the spans of numbers that nothing explains."""
    first = last = None
    for number in survey.passed():
        explained = number in survey.codes or number in survey.kept or survey.lift_over(number)
        if not explained:
            first, last = (number if first is None else first), number
        elif first is not None and last is not None:
            yield first, last
            first = last = None
    if first is not None and last is not None:
        yield first, last
