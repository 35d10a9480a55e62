"""Times as search tokens: year, month, day, hour and minute, all in UTC, so that a period is a few.

What lies before 2000 or after 2099 has a token for all of it, and is looked at more closely.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

import attrs

__all__ = ["Period", "covering", "moments"]

_FIRST = datetime(2000, 1, 1, tzinfo=UTC)
_END = datetime(2100, 1, 1, tzinfo=UTC)
_BEFORE, _AFTER = "1999", "2100"
_FIRST_DAY = _FIRST.date().toordinal()
_MINUTE = timedelta(minutes=1)


@attrs.frozen
class Period:
    """Times of a field from `since` on and before `until`, None for no such end."""

    field: str
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Return whether a moment lies within."""
        return (self.since is None or self.since <= moment) and (
            self.until is None or moment < self.until
        )

    @property
    def is_covered(self) -> bool:
        """Whether tokens alone tell who lies within: the ends are whole minutes, not far off."""
        return all(
            end is None or (_FIRST <= end <= _END and not (end.second or end.microsecond))
            for end in (self.since, self.until)
        )


def moments(field: str, moment: datetime) -> Iterator[str]:
    """Yield the tokens of a customer's time, the year's first."""
    moment = moment.astimezone(UTC)
    if not _FIRST <= moment < _END:
        yield _token(field, _BEFORE if moment < _FIRST else _AFTER)
        return
    year = _token(field, f"{moment.year}")
    month = f"{year}{moment.month:02}"
    day = f"{month}{moment.day:02}"
    hour = f"{day}{moment.hour:02}"
    yield from (year, month, day, hour, f"{hour}{moment.minute:02}")


def covering(period: Period) -> frozenset[str]:
    """Return the fewest tokens of which every time within a period has one."""
    found = set[str]()
    if period.since is None or period.since < _FIRST:
        found.add(_BEFORE)
    if period.until is None or period.until > _END:
        found.add(_AFTER)
    first = (max(period.since or _FIRST, _FIRST) - _FIRST) // _MINUTE
    last = -((_FIRST - min(period.until or _END, _END)) // _MINUTE)
    if first < last:
        hours = _whole(found, (first, last), _minute, 60)
        days = _whole(found, hours, _hour, 24)
        years = _whole(found, _whole_months(found, days), _month, 12)
        found.update(map(_year, range(*years)))
    return frozenset(_token(period.field, each) for each in found)


_Span: TypeAlias = tuple[int, int]


def _whole(found: set[str], span: _Span, spell: Callable[[int], str], size: int) -> _Span:
    """Return the larger units that a span holds whole; what is left at its ends is spelt."""
    low, high = span
    return _split(found, span, spell, (-(-low // size), high // size), lambda unit: unit * size)


def _whole_months(found: set[str], days: _Span) -> _Span:
    low, high = days
    return _split(found, days, _day, (_month_of(low - 1) + 1, _month_of(high)), _first_day)


def _split(
    found: set[str],
    span: _Span,
    spell: Callable[[int], str],
    whole: _Span,
    start: Callable[[int], int],
) -> _Span:
    if whole[0] >= whole[1]:
        found.update(map(spell, range(*span)))
        return 0, 0
    found.update(map(spell, range(span[0], start(whole[0]))))
    found.update(map(spell, range(start(whole[1]), span[1])))
    return whole


def _month_of(day: int) -> int:
    found = date.fromordinal(_FIRST_DAY + day)
    return (found.year - _FIRST.year) * 12 + found.month - 1


def _first_day(month: int) -> int:
    return date(_FIRST.year + month // 12, month % 12 + 1, 1).toordinal() - _FIRST_DAY


def _minute(minute: int) -> str:
    return f"{_hour(minute // 60)}{minute % 60:02}"


def _hour(hour: int) -> str:
    return f"{_day(hour // 24)}{hour % 24:02}"


def _day(day: int) -> str:
    found = date.fromordinal(_FIRST_DAY + day)
    return f"{found.year}{found.month:02}{found.day:02}"


def _month(month: int) -> str:
    return f"{_year(month // 12)}{month % 12 + 1:02}"


def _year(year: int) -> str:
    return f"{_FIRST.year + year}"


def _token(field: str, written: str) -> str:
    return f"§{field.removesuffix('_at')}§{written}"
