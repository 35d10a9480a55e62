"""The day of registration in a code: date, week and fiscal year, written and read back."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import MAXYEAR, MINYEAR, date, timedelta
from itertools import product
from typing import Self

import attrs

from customer_registry.domain.codes.alphabet import Alphabet
from customer_registry.domain.codes.segments.intervals import shapes_between
from customer_registry.domain.codes.segments.segment import Draft, Shape, shapes_of
from customer_registry.domain.codes.template import Placeholder

__all__ = ["Day", "calendar_week", "day_told", "fiscal_year"]

_WIDTHS = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2, "%j": 3, "%G": 4, "%V": 2, "%q": 1}
_WEEK = {"": "%V", "iso": "%V", "calendar": "%w"}
_FISCAL = {("%Y", "start"): "%F", ("%y", "start"): "%f", ("%Y", "end"): "%E", ("%y", "end"): "%e"}
_ALL_WIDTHS = {**_WIDTHS, "%w": 2, "%F": 4, "%f": 2, "%E": 4, "%e": 2}
_YEARS, _OF_A_CENTURY = (MINYEAR, MAXYEAR), (0, 99)
_BOUNDS = {
    **dict.fromkeys(("%Y", "%G", "%F", "%E"), _YEARS),
    **dict.fromkeys(("%y", "%f", "%e"), _OF_A_CENTURY),
    "%m": (1, 12),
    "%d": (1, 31),
    "%j": (1, 366),
    "%q": (1, 4),
    "%V": (1, 53),
    "%w": (0, 53),
}
_PLAIN = {"%Y", "%y", "%m", "%d"}
"""Parts of a date that are no day at all, unless `date` makes one of them."""

_LEAP_YEAR = 4
_PIVOT = 69
"""Years of two digits from here on are those of the last century, as POSIX has it."""


@attrs.frozen
class Day:
    """A part of the day: `format` holds strftime's `%Y %y %m %d %j %G %V`, the quarter as `%q`.

    Inside, `%w` is the week of the calendar year, `%F %f` the year in which the fiscal year starts,
    `%E %e` the one in which it ends.
    """

    format: str
    alphabet = None
    checks = False

    @classmethod
    def of_date(cls, placeholder: Placeholder) -> Self:
        """Return the segment of `{date:…}`; raises ValueError."""
        written = placeholder.options.get("", "")
        if not written or len(placeholder.options) > 1:
            raise ValueError("date needs a format, as in {date:%Y%m}")
        parts = re.findall("%.?", written, re.DOTALL)
        if unknown := set(parts) - _WIDTHS.keys():
            raise ValueError(f"date knows {' '.join(_WIDTHS)}, not {' '.join(sorted(unknown))}")
        if len(set(parts)) < len(parts):
            raise ValueError("date shows each part once")
        pieces = re.split("(%.)", written)
        return cls("".join(each if each in _WIDTHS else each.upper() for each in pieces))

    @classmethod
    def of_week(cls, placeholder: Placeholder) -> Self:
        """Return the segment of `{week}` (ISO 8601) or `{week:calendar}`; raises ValueError."""
        placeholder.refuse_unknown()
        kind = placeholder.options.get("", "")
        if kind not in _WEEK:
            raise ValueError(f"week is iso or calendar, not {kind!r}")
        return cls(_WEEK[kind])

    @classmethod
    def of_fiscal_year(cls, placeholder: Placeholder) -> Self:
        """Return the segment of `{fiscal_year:%Y,shown=start}`; raises ValueError."""
        placeholder.refuse_unknown("shown", "starts")
        digits = placeholder.options.get("", "%Y")
        shown = placeholder.one_of("shown", ("start", "end"))
        if (digits, shown) not in _FISCAL:
            raise ValueError(f"fiscal_year is shown as %Y or %y, not {digits!r}")
        return cls(_FISCAL[digits, shown])

    @property
    def directives(self) -> tuple[str, ...]:
        """The parts of the day that are shown, in order."""
        return tuple(re.findall("%.", self.format))

    @property
    def literals(self) -> tuple[str, ...]:
        """The texts between them."""
        return tuple(filter(None, re.split("%.", self.format)))

    @property
    def expression(self) -> str:
        """Digits, as many as each part has."""
        pieces = re.split("(%.)", self.format)
        return "".join(
            f"[0-9]{{{_ALL_WIDTHS[piece]}}}" if piece in _ALL_WIDTHS else re.escape(piece)
            for piece in pieces
        )

    def shapes(self) -> Iterator[Shape]:
        """Return the shapes of all texts whose parts are in their bounds, be it no day."""
        pieces = [list(_shapes(piece)) for piece in re.split("(%.)", self.format)]
        return (sum(parts, ()) for parts in product(*pieces))

    def write(self, draft: Draft) -> str:
        """Return the parts of the day."""
        day, start = draft.context.today, draft.context.fiscal_year_start
        return re.sub("%.", lambda found: _written(found[0], day, start), self.format)

    @property
    def is_fiscal(self) -> bool:
        """Whether it shows a fiscal year."""
        return self.format in _FISCAL.values()

    def facts(self, text: str) -> Iterator[tuple[str, int]]:
        """Yield what a text in a code tells, a directive and its number."""
        at = 0
        for piece in re.split("(%.)", self.format):
            width = _ALL_WIDTHS.get(piece, len(piece))
            if piece in _ALL_WIDTHS:
                yield piece, int(text[at : at + width])
            at += width


def _shapes(piece: str) -> Iterator[Shape]:
    if piece not in _ALL_WIDTHS:
        return shapes_of(iter([piece]))
    first, last = _BOUNDS[piece]
    return shapes_between(first, last, _ALL_WIDTHS[piece], Alphabet.named("decimal"))


def fiscal_year(day: date, start: int) -> int:
    """Return the calendar year in which the fiscal year of a day starts.

    >>> fiscal_year(date(2026, 5, 31), 6), fiscal_year(date(2026, 6, 1), 6)
    (2025, 2026)
    """
    return day.year if day.month >= start else day.year - 1


def calendar_week(day: date) -> int:
    """Return a day's week in its calendar year: ISO 8601's, but 0 and 53 at the year's ends.

    >>> [calendar_week(date(*day)) for day in [(2019, 12, 31), (2021, 1, 1), (2020, 1, 15)]]
    [53, 0, 3]
    """
    year, week, _ = day.isocalendar()
    if year < day.year:
        return 0
    return 53 if year > day.year else week


def day_told(facts: Sequence[tuple[str, int]], start: int) -> date | None:
    """Return the first day that fits what a code tells of it; None where there is none.

    What is not told is January and the first, or the first that goes with the rest; `start` is the
    month of the fiscal year's beginning.
    """
    told = _with_years(dict(facts), start)
    try:
        day = _day(told, start)
    except (ValueError, OverflowError):
        if told.keys() <= _PLAIN:
            return None
    else:
        if _fits(day, facts, start):
            return day
    return next((day for day in _days(told) if _fits(day, facts, start)), None)


def _day(facts: Mapping[str, int], start: int) -> date:
    if "%G" in facts and "%Y" not in facts:
        return date.fromisocalendar(facts["%G"], facts.get("%V", 1), 1)
    month = facts.get("%m", 3 * facts.get("%q", 1) - 2)
    if "%Y" not in facts and "%F" in facts:
        month = facts.get("%m", start)
        year = facts["%F"] + (month < start)
        return date(year, month, facts.get("%d", 1))
    year = facts.get("%Y", _LEAP_YEAR)
    if "%j" in facts:
        return date(year, 1, 1) + timedelta(days=facts["%j"] - 1)
    return date(year, month, facts.get("%d", 1))


def _fits(day: date, facts: Sequence[tuple[str, int]], start: int) -> bool:
    return all(_number(each, day, start) == number for each, number in facts)


def _days(facts: Mapping[str, int]) -> Iterator[date]:
    """Yield the days of the years that are told; where none is, of years of every kind."""
    told = [facts[each] for each in ("%Y", "%G", "%F") if each in facts]
    if told and max(told) - min(told) > 1:
        return
    for year in range(min(told) - 1, max(told) + 2) if told else range(1, 29):
        if MINYEAR <= year <= MAXYEAR:
            first = date(year, 1, 1).toordinal()
            yield from map(date.fromordinal, range(first, date(year, 12, 31).toordinal() + 1))


def _with_years(facts: Mapping[str, int], start: int) -> Mapping[str, int]:
    """Return the facts with years of four digits and fiscal years by their start."""
    told = dict(facts)
    for short, long in (("%y", "%Y"), ("%f", "%F"), ("%e", "%E")):
        if short in told:
            told.setdefault(long, told[short] + (2000 if told[short] < _PIVOT else 1900))
    if "%E" in told:
        told.setdefault("%F", told["%E"] - (start > 1))
    return told


def _written(directive: str, day: date, start: int) -> str:
    return f"{_number(directive, day, start):0{_ALL_WIDTHS[directive]}}"


def _number(directive: str, day: date, start: int) -> int:
    year, week, _ = day.isocalendar()
    began = fiscal_year(day, start)
    numbers = {
        "%Y": day.year,
        "%y": day.year % 100,
        "%m": day.month,
        "%d": day.day,
        "%j": day.timetuple().tm_yday,
        "%G": year,
        "%V": week,
        "%q": (day.month + 2) // 3,
        "%w": calendar_week(day),
        "%F": began,
        "%f": began % 100,
        "%E": began + (start > 1),
        "%e": (began + (start > 1)) % 100,
    }
    return numbers[directive]
