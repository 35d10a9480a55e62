"""Sets of characters, as a pattern means them."""

from collections.abc import Iterable
from typing import Self

import attrs

__all__ = ["ANY", "DIGITS", "NOTHING", "SPACES", "WORDS", "CharSet"]

_LAST = 0x10FFFF


@attrs.frozen
class CharSet:
    """Ranges of code points in order, none touching the next.

    >>> CharSet.of("az", "AZ").overlaps(CharSet.of("mm"))
    True
    """

    ranges: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, *spans: str) -> Self:
        """Return the characters from the first to the second of every two."""
        return cls(_joined((ord(span[0]), ord(span[1])) for span in spans))

    def __or__(self, other: "CharSet") -> "CharSet":
        return CharSet(_joined((*self.ranges, *other.ranges)))

    def __invert__(self) -> "CharSet":
        edges = [-1, *(edge for span in self.ranges for edge in span), _LAST + 1]
        gaps = ((edges[at] + 1, edges[at + 1] - 1) for at in range(0, len(edges), 2))
        return CharSet(tuple((first, last) for first, last in gaps if first <= last))

    @property
    def only(self) -> int | None:
        """The one character that is in the set, None where there are more."""
        (first, last), *more = self.ranges or ((0, 1),)
        return first if first == last and not more else None

    def overlaps(self, other: "CharSet") -> bool:
        """Return whether some character is in both."""
        return any(
            first <= its_last and its_first <= last
            for first, last in self.ranges
            for its_first, its_last in other.ranges
        )


def _joined(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


NOTHING = CharSet()
ANY = ~CharSet.of("\n\n")
DIGITS = CharSet.of("09")
WORDS = CharSet.of("az", "AZ", "09", "__")
SPACES = CharSet.of("\t\r", "  ")
