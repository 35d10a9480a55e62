"""Everything that is known of the numbers of a registry, range by range, in one snapshot."""

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

import attrs

from customer_registry.domain.codes.policy import Counting, ReadableCodes
from customer_registry.domain.codes.reservation import Reservation
from customer_registry.domain.journal import JournalEntry
from customer_registry.operations.numbering.earlier import shown_in_gaps
from customer_registry.registration.raising import PATH, RAISED
from customer_registry.repository import UnitOfWork

if TYPE_CHECKING:
    from customer_registry.registration.coding import Coding

__all__ = [
    "Known",
    "NumberState",
    "Raise",
    "RangeSurvey",
    "Span",
    "Survey",
    "counting_of",
    "giving",
    "known_range",
    "state_of",
    "surveyed",
    "taking",
]

Span: TypeAlias = tuple[int, int]
"""The first and the last of numbers that follow one another."""


class NumberState(StrEnum):
    """What became of a number."""

    USED = "used"
    FORMERLY_USED = "formerly_used"
    RESERVED = "reserved"
    RELEASED = "released"
    EXPIRED = "expired"
    RAISED = "raised"
    MISSING = "missing"


@attrs.frozen
class Raise:
    """Numbers that a counter left out because somebody raised it, and the act that tells why."""

    first: int
    last: int
    act: JournalEntry = attrs.field(repr=False)


Known: TypeAlias = str | Reservation | Raise | None
"""What explains a number: the code in use, the reservation, the raise; None for nothing."""


@attrs.define(eq=False, repr=False)
class RangeSurvey:
    """A range with all that is known of its numbers, which are those that it keeps.

    `numbers` are those of codes in use, ascending, `texts` the codes themselves where they were
    asked for; `above` are the codes that the counter has not passed. `has_earlier_rule` says that
    there are codes which the rule of today cannot read, so that the first numbers may be theirs.
    """

    name: str
    counting: Counting | None
    last: int = 0
    numbers: list[int] = attrs.field(factory=list[int])
    texts: list[str] = attrs.field(factory=list[str])
    above: dict[int, str] = attrs.field(factory=dict[int, str])
    reservations: dict[int, Reservation] = attrs.field(factory=dict[int, Reservation])
    raises: list[Raise] = attrs.field(factory=list[Raise])
    has_earlier_rule: bool = False

    def shown(self, kept: int) -> int:
        """Return a number as codes show it."""
        return kept - self.counting.offset if self.counting else kept

    @property
    def begins(self) -> int:
        """The number from which on everything needs an explanation; those below are not the rule's.

        Where the rule of today cannot read all codes, it is the first number that it knows of.
        """
        if self.counting is not None and not self.has_earlier_rule:
            return self.counting.start
        known = (*self.numbers[:1], *self.reservations, *(each.first for each in self.raises))
        return min(known, default=self.last + 1)

    def passed(self) -> Iterator[tuple[int, Known]]:
        """Yield every number that the counter has passed with what explains it, ascending."""
        at, step = self.begins, self.counting.step if self.counting else 1
        codes: Iterator[tuple[int, Known]] = zip(self.numbers, self.texts, strict=True)
        for number, known in heapq.merge(codes, sorted(self._reserved(), key=_first), key=_first):
            if number > self.last:
                break
            yield from self._between(at, number - 1)
            yield number, known
            at = max(at, number + step)
        yield from self._between(at, self.last)

    def gaps(self) -> Iterator[Span]:
        """Yield the spans of numbers that nothing explains, up to the last one passed."""
        if self.counting is None:
            return
        at, step = self.begins, self.counting.step
        explained = heapq.merge(
            ((number, number + step - 1) for number in self.numbers),
            sorted((number, number + step - 1) for number, _ in self._reserved()),
            ((each.first, each.last) for each in self.raises),
        )
        end = min(self.last, self.counting.maximum)
        for first, last in chain(explained, [(end + 1, end + 1)]):
            missing, before = self.counting.fit(at), min(first - 1, end)
            if missing <= before:
                yield missing, before
            at = max(at, last + 1)

    def shows(self, number: int) -> bool:
        """Return whether a code in use shows this number."""
        return self.is_used(self.kept(number))

    def take(self, codes: Mapping[int, str], *, texts: bool) -> None:
        """Enter codes of an earlier rule by the numbers that they show."""
        added = [(self.kept(number), code) for number, code in codes.items()]
        if texts:
            known = zip(self.numbers, self.texts, strict=True)
            self.texts = [code for _, code in sorted([*known, *added])]
        self.numbers = sorted([*self.numbers, *(number for number, _ in added)])

    def kept(self, shown: int) -> int:
        """Return how the range keeps a number that codes show."""
        return shown + self.counting.offset if self.counting else shown

    def is_used(self, number: int) -> bool:
        """Return whether a code in use has this number."""
        at = bisect_left(self.numbers, number)
        return at < len(self.numbers) and self.numbers[at] == number

    def _reserved(self) -> Iterator[tuple[int, Known]]:
        """Yield the reservations of numbers that no code in use has."""
        return (each for each in self.reservations.items() if not self.is_used(each[0]))

    def _between(self, first: int, last: int) -> Iterator[tuple[int, Known]]:
        """Yield the numbers that no code and no reservation has, each with who left it out."""
        if self.counting is None:
            return
        number = self.counting.fit(first)
        while number <= min(last, self.counting.maximum):
            over = self._raise_over(number)
            yield number, over
            following = number + self.counting.step
            number = self.counting.fit(min(following, over.last + 1) if over else following)

    def _raise_over(self, number: int) -> Raise | None:
        at = bisect_left(self.raises, number, key=lambda each: each.last)
        each = self.raises[at] if at < len(self.raises) else None
        return each if each is not None and each.first <= number else None


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Survey:
    """All ranges by name, and the first day of the newest period of each scope that has periods."""

    ranges: dict[str, RangeSurvey]
    periods: dict[str, date]

    @property
    def over(self) -> frozenset[str]:
        """The ranges of periods after which another has begun."""
        return frozenset(
            name
            for scope in self.periods
            for name in sorted(each for each in self.ranges if each.rpartition("|")[0] == scope)[
                :-1
            ]
        )


def surveyed(
    coding: "Coding", work: UnitOfWork, *, only: str | None = None, texts: bool = False
) -> Survey:
    """Return what is known of all ranges, or `only` of one; every code is read, no customer.

    A number takes some forty bytes, its text some sixty more.
    """
    counters = work.numbers.ranges()
    marks = {name for name in counters if _is_mark(name)}
    ranges = _Ranges(coding, counters)
    for name in counters.keys() - marks:
        ranges.found(name)
    _read_codes(ranges, coding, work, only, texts=texts)
    for kept in work.numbers.reservations():
        if kept.range is not None and kept.number is not None:
            ranges.found(kept.range).reservations[kept.number] = kept
    for act in work.journal.of(None):
        for name, first, last in _left_out(act):
            ranges.found(name).raises.append(Raise(first, last, act))
    _read_earlier_codes(ranges, coding, work, only, texts=texts)
    return Survey(
        ranges={
            name: each for name, each in sorted(ranges.by_name.items()) if only in {None, name}
        },
        periods={name.rpartition("@")[0]: _day(counters[name]) for name in marks},
    )


def counting_of(coding: "Coding", name: str) -> Counting | None:
    """Return how the range of a name counts by the rule of today; None for one that it has not."""
    policy = coding.policy
    return policy.counting(name) if isinstance(policy, ReadableCodes) else None


def known_range(coding: "Coding", work: UnitOfWork, name: str) -> Counting | None:
    """Return how a range counts, None for one of an earlier rule; raise ValueError for no range."""
    counting = counting_of(coding, name)
    known = [each for each in work.numbers.ranges() if not _is_mark(each)]
    if counting is None and name not in known:
        raise ValueError(f"there is no range {name!r}; there are {', '.join(sorted(known))}")
    return counting


def state_of(kept: Reservation, now: datetime) -> NumberState:
    """Return how a reservation stands at a time."""
    if kept.released_at is not None:
        return NumberState.RELEASED
    return NumberState.RESERVED if kept.is_active(now) else NumberState.EXPIRED


def giving(acts: tuple[JournalEntry, ...], code: str) -> JournalEntry | None:
    """Return the latest of a customer's acts that gave him a code."""
    return next((act for act in reversed(acts) if _changed(act, code, "after")), None)


def taking(acts: tuple[JournalEntry, ...], code: str) -> JournalEntry | None:
    """Return the latest of a customer's acts that took a code from him."""
    return next((act for act in reversed(acts) if _changed(act, code, "before")), None)


@attrs.define(eq=False, repr=False)
class _Ranges:
    """Surveys by range, each begun when it is first asked for."""

    _coding: "Coding"
    _counters: dict[str, int]
    by_name: dict[str, RangeSurvey] = attrs.field(factory=dict[str, RangeSurvey])

    def found(self, name: str) -> RangeSurvey:
        """Return the survey of a range."""
        if name not in self.by_name:
            counting = counting_of(self._coding, name)
            least = counting.start - 1 if counting else 0
            last = max(self._counters.get(name, 0), least)
            self.by_name[name] = RangeSurvey(name, counting, last)
        return self.by_name[name]


def _read_codes(
    ranges: _Ranges, coding: "Coding", work: UnitOfWork, only: str | None, *, texts: bool
) -> None:
    """Enter every code in use into the survey of its range, numbers ascending."""
    codes: defaultdict[str, list[str]] = defaultdict(list)
    unread = 0
    for code in work.customers.codes():
        drawn = coding.drawn_from(code)
        if drawn is None:
            unread += 1
        elif only in {None, drawn[0]}:
            survey = ranges.found(drawn[0])
            survey.numbers.append(drawn[1])
            if texts:
                codes[drawn[0]].append(code)
            if drawn[1] > survey.last:
                survey.above[drawn[1]] = code
    for name, survey in ranges.by_name.items():
        survey.has_earlier_rule = unread > 0
        if texts:
            order = sorted(range(len(survey.numbers)), key=survey.numbers.__getitem__)
            survey.texts = [codes[name][at] for at in order]
        survey.numbers.sort()


def _read_earlier_codes(
    ranges: _Ranges, coding: "Coding", work: UnitOfWork, only: str | None, *, texts: bool
) -> None:
    """Enter codes that no rule of today reads where they show a number of a gap.

    A rule that was in use for a while drew from the same counter.
    """
    gaps = {
        name: spans
        for name, each in sorted(ranges.by_name.items())
        if only in {None, name} and each.has_earlier_rule and (spans := list(each.gaps()))
    }
    if not gaps:
        return
    unread = [code for code in work.customers.codes() if coding.drawn_from(code) is None]
    for name, spans in gaps.items():
        survey = ranges.by_name[name]
        shown = shown_in_gaps(
            unread,
            [(survey.shown(first), survey.shown(last)) for first, last in spans],
            survey.shows,
        )
        survey.take(shown, texts=texts)
        taken = set(shown.values())
        unread = [code for code in unread if code not in taken]


def _left_out(act: JournalEntry) -> Iterator[tuple[str, int, int]]:
    """Yield the range and the numbers that an act raised its counter over."""
    for change in act.changes if act.action == RAISED else ():
        before, after = change.before, change.after
        if isinstance(before, int) and isinstance(after, int):
            yield change.path.removeprefix(PATH), before + 1, after


def _is_mark(name: str) -> bool:
    """Return whether a range only keeps the day on which the newest period of others began."""
    from customer_registry.domain.codes.segments.counter import RESETS  # noqa: PLC0415  as the patterns

    _, at, reset = name.rpartition("@")
    return bool(at) and reset in RESETS


def _day(ordinal: int) -> date:
    """Return the day of a mark, whatever somebody made of it."""
    return date.fromordinal(min(ordinal, date.max.toordinal()))


def _changed(act: JournalEntry, code: str, side: str) -> bool:
    return any(each.path == "code" and getattr(each, side) == code for each in act.changes)


def _first(known: tuple[int, Known]) -> int:
    return known[0]
