"""What all segments of a template have in common."""

from collections.abc import Iterator
from typing import Protocol, TypeAlias

import attrs

from customer_registry.domain.codes.alphabet import Alphabet
from customer_registry.domain.codes.policy import CodeContext

__all__ = ["DIGITS", "Draft", "Segment", "Shape", "shapes_of"]

Shape: TypeAlias = tuple[frozenset[str], ...]
"""Texts of one length: for each place the signs that may stand there."""

DIGITS = frozenset("0123456789")


@attrs.frozen
class Draft:
    """A code under way: what it is made of, and what stands there so far.

    `number_at` is the place among the segments of the one that tells codes apart.
    """

    context: CodeContext
    number: int | None = None
    so_far: tuple[str, ...] = ()
    number_at: int | None = None


class Segment(Protocol):
    """A part of a template."""

    @property
    def alphabet(self) -> Alphabet | None:
        """The signs it counts in or draws by chance; None for other segments."""
        ...

    @property
    def checks(self) -> bool:
        """Whether the segment is a check character over those before it."""
        ...

    @property
    def expression(self) -> str:
        """A regular expression of what this segment may look like in a code."""
        ...

    def shapes(self) -> Iterator[Shape] | None:
        """Return the shapes of the segment, at least those; None where its length is open."""
        ...

    def write(self, draft: Draft) -> str:
        """Return the segment's text; raises InvalidValue or CodesExhausted."""
        ...


def shapes_of(texts: Iterator[str]) -> Iterator[Shape]:
    """Yield the shapes of plain texts, in capitals as codes are."""
    return (tuple(frozenset(char) for char in text.upper()) for text in texts)
