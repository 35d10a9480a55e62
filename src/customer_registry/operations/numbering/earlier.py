"""Codes of an earlier rule by the numbers that they show, where those of today leave a gap."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeAlias

import attrs

__all__ = ["shown_in_gaps"]

_DIGITS = re.compile("[0-9]+")
_BEFORE = (0, 2, 4, 6, 8)
"""Digits of a date that may stand right before a number: none, 26, 2026 or 2611, 202611 …"""

_BEHIND = (0, 1)
"""Check digits that may stand right behind it."""

_Place: TypeAlias = tuple[int, int, int]
"""Which run of digits, and how many digits of it stand before the number, and behind it."""


def shown_in_gaps(
    codes: Iterable[str], gaps: Sequence[tuple[int, int]], is_used: Callable[[int], bool]
) -> dict[int, str]:
    """Return the numbers within ascending gaps that codes show, each with its code.

    Codes alike but for their digits are of one rule, which writes numbers at one place: that at
    which they fill most of the gaps. A rule that drew from another counter fills one by chance; it
    is told by the numbers that others have already, and fills nothing unless it has fewer of these.

    >>> shown_in_gaps(["K0004", "K0005"], [(4, 6)], {1, 2, 3}.__contains__)
    {4: 'K0004', 5: 'K0005'}
    >>> shown_in_gaps(["K0001", "K0002", "K0004"], [(4, 6)], {1, 2, 3}.__contains__)
    {}
    """
    starts, readings = [first for first, _ in gaps], defaultdict[str, _Readings](_Readings)
    for code in codes:
        reading = readings[_DIGITS.sub(_as_nines, code)]
        for place, number in _numbers_in(code):
            at = bisect_right(starts, number) - 1
            if at >= 0 and number <= gaps[at][1]:
                reading.filled[place].setdefault(number, code)
            elif is_used(number):
                reading.taken[place] += 1
    explained: dict[int, str] = {}
    for reading in sorted(readings.values(), key=_Readings.most, reverse=True):
        explained |= reading.best(explained)
    return explained


@attrs.define(eq=False)
class _Readings:
    """What codes of one shape show at each place: numbers of gaps, and how many used ones."""

    filled: defaultdict[_Place, dict[int, str]] = attrs.field(factory=lambda: defaultdict(dict))
    taken: Counter[_Place] = attrs.field(factory=Counter[_Place])

    def most(self) -> int:
        """Return how many numbers of gaps can be filled at once."""
        return max(map(len, self.filled.values()), default=0)

    def best(self, explained: dict[int, str]) -> dict[int, str]:
        """Return what is filled, beyond what is explained, at the place where that is most."""
        worth, found = 0, dict[int, str]()
        for place, numbers in self.filled.items():
            added = {each: code for each, code in numbers.items() if each not in explained}
            if len(added) - self.taken[place] > worth:
                worth, found = len(added) - self.taken[place], added
        return found


def _numbers_in(code: str) -> Iterator[tuple[_Place, int]]:
    """Yield the numbers that a code may show, each with its place."""
    for at, run in enumerate(_DIGITS.finditer(code)):
        digits = run[0]
        for before in _BEFORE:
            for behind in _BEHIND:
                if part := digits[before : len(digits) - behind]:
                    yield (at, before, behind), int(part)


def _as_nines(run: re.Match[str]) -> str:
    return "9" * len(run[0])
