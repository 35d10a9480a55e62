"""Everything that is known of the numbers of a registry, range by range."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs

from customer_registry.domain.codes.policy import CodePolicy, Counting, ReadableCodes
from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.journal import JournalEntry
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registration.office import Office

__all__ = ["PATH", "RAISED", "NumberState", "Survey", "state_of", "surveyed"]

RAISED = "numbers_raised"
"""The act of lifting a counter, as the journal calls it."""

PATH = "numbers."
"""What stands before the range in the path of such an act."""


class NumberState(StrEnum):
    """What became of a number."""

    USED = "used"
    FORMERLY_USED = "formerly_used"
    RESERVED = "reserved"
    RELEASED = "released"
    EXPIRED = "expired"
    RAISED = "raised"
    MISSING = "missing"


@attrs.define(eq=False, repr=False)
class Survey:
    """A range with all that is known of its numbers."""

    name: str
    counting: Counting | None
    last: int = 0
    codes: dict[int, str] = attrs.field(factory=dict[int, str])
    kept: dict[int, Reservation] = attrs.field(factory=dict[int, Reservation])
    raised: list[tuple[int, int, JournalEntry]] = attrs.field(
        factory=list[tuple[int, int, JournalEntry]]
    )

    def lift_over(self, number: int) -> JournalEntry | None:
        """Return the act that raised the counter over a number."""
        acts = (act for first, last, act in self.raised if first <= number <= last)
        return next(acts, None)

    def passed(self) -> Iterator[int]:
        """Yield the numbers that the counter has passed, from the first known one on."""
        known = sorted({*self.codes, *self.kept, *(first for first, _, _ in self.raised)})
        below = [number for number in known if number <= self.last]
        for one, other in pairwise([*below, self.last + 1]):
            yield one
            if self.counting is not None:
                yield from self.counting.between(one, other)

    @property
    def steps_over(self) -> int:
        """How many codes in use the counter would meet at once."""
        number, count = self.last + 1, 0
        while number in self.codes:
            number, count = number + 1, count + 1
        return count


def surveyed(office: "Office", work: UnitOfWork) -> dict[str, Survey]:
    """Return every range that has a counter, a code or a reservation."""
    coding = office.coding
    found = _Ranges(coding.policy)
    for name, last in work.numbers.ranges().items():
        if "@" not in name:
            found[name].last = last
    for code in work.customers.codes():
        if (drawn := coding.drawn_from(code)) is not None:
            found[drawn[0]].codes[drawn[1]] = code
    for kept in work.numbers.reservations():
        if kept.range is not None and kept.number is not None:
            found[kept.range].kept[kept.number] = kept
    for act in work.journal.of(None):
        for name, first, last in _spans(act):
            found[name].raised.append((first, last, act))
    return found


class _Ranges(dict[str, Survey]):
    """Surveys by range, each begun when it is first asked for."""

    def __init__(self, policy: CodePolicy) -> None:
        super().__init__()
        self._policy = policy

    def __missing__(self, name: str) -> Survey:
        policy = self._policy
        counting = policy.counting(name) if isinstance(policy, ReadableCodes) else None
        self[name] = Survey(name, counting)
        return self[name]


def _spans(act: JournalEntry) -> Iterator[tuple[str, int, int]]:
    """Yield the range and the numbers that an act lifted its counter over."""
    for change in act.changes if act.action == RAISED else ():
        before, after = change.before, change.after
        if isinstance(before, int) and isinstance(after, int):
            yield change.path.removeprefix(PATH), before + 1, after


def state_of(kept: Reservation, now: datetime) -> NumberState:
    """Return how a reservation stands at a time."""
    if kept.released_at is not None:
        return NumberState.RELEASED
    return NumberState.RESERVED if kept.is_active(now) else NumberState.EXPIRED
