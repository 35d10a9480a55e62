"""Judges a history of registrations: what was acknowledged, what is stored, what was promised."""

from collections import Counter
from collections.abc import Iterable

import attrs

__all__ = ["Acknowledged", "Promise", "Verdict", "judge"]


@attrs.frozen
class Acknowledged:
    """A code that somebody was told, and when he began to ask and was told, on one clock."""

    code: str
    began: int
    ended: int


@attrs.frozen
class Promise:
    """What a code policy promises beside that no code is given twice."""

    gapless: bool = False
    ordered: bool = False


@attrs.frozen
class Verdict:
    """What is wrong with a history; a sound one has zeros only."""

    duplicates: int = 0
    lost: int = 0
    gaps: int = 0
    order_violations: int = 0
    first_gaps: tuple[int, ...] = ()

    def faults(self, promise: Promise) -> set[str]:
        """Return the words for what this policy should not have done."""
        told = {
            "duplicates": self.duplicates,
            "lost": self.lost,
            "gaps": self.gaps if promise.gapless else 0,
            "order": self.order_violations if promise.ordered else 0,
        }
        return {fault for fault, times in told.items() if times}


def judge(
    acknowledged: Iterable[Acknowledged],
    stored: Iterable[str],
    *,
    explained: Iterable[int] = (),
    passed: int = 0,
) -> Verdict:
    """Return what is wrong with the codes told, beside those stored.

    Codes are one letter and a number. `explained` are numbers that nobody has for a reason that
    the store can tell; `passed` is the last number that the counter went by. What is stored and
    was never acknowledged is fine: its clerk died before he heard.
    """
    told, kept = list(acknowledged), list(stored)
    gaps = _gaps(kept, set(explained), passed)
    return Verdict(
        duplicates=_twice(each.code for each in told) + _twice(kept),
        lost=len({each.code for each in told} - set(kept)),
        gaps=len(gaps),
        order_violations=_order_violations(told),
        first_gaps=tuple(gaps[:5]),
    )


def _twice(codes: Iterable[str]) -> int:
    return sum(times - 1 for times in Counter(codes).values())


def _gaps(stored: list[str], explained: set[int], passed: int) -> list[int]:
    """Return the numbers that nobody has and nobody can explain; codes without one count none."""
    if not all(code[1:].isdecimal() for code in stored):
        return []
    used = {int(code[1:]) for code in stored} | explained
    return [number for number in range(1, max([passed, *used]) + 1) if number not in used]


def _order_violations(told: list[Acknowledged]) -> int:
    """Count who began after another was told, and yet has no larger code."""
    ended = sorted(told, key=lambda each: each.ended)
    violations, done, largest = 0, 0, ""
    for each in sorted(told, key=lambda each: each.began):
        while done < len(ended) and ended[done].ended < each.began:
            largest = max(largest, ended[done].code)
            done += 1
        violations += each.code <= largest
    return violations
