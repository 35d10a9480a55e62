"""Whether two patterns may give the same code."""

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice, product
from operator import and_

from customer_registry.domain.codes.pattern import CodePattern
from customer_registry.domain.codes.segments import Shape
from customer_registry.domain.values.code import CustomerCode

__all__ = ["Overlap", "overlap"]

_MOST = 20_000
"""Shapes of one pattern, and pairs of them, beyond which nobody decides."""


class Overlap(StrEnum):
    """Whether two patterns have a code in common; `undecided` where one is too open to tell."""

    NO = "no"
    YES = "yes"
    UNDECIDED = "undecided"


def overlap(one: CodePattern, other: CodePattern) -> Overlap:
    """Return whether two patterns may give the same code.

    >>> overlap(CodePattern("P{number:5}"), CodePattern("E{number:5}"))
    <Overlap.NO: 'no'>
    """
    ours, theirs = _shapes(one), _shapes(other)
    if ours is None or theirs is None or len(ours) * len(theirs) > _MOST:
        return Overlap.UNDECIDED
    if not (common := list(_common(ours, theirs))):
        return Overlap.NO
    if any(_gives(one, code) and _gives(other, code) for code in common):
        return Overlap.YES
    return Overlap.UNDECIDED


def _shapes(pattern: CodePattern) -> list[Shape] | None:
    """Return the shapes of a pattern's codes; None for an open length, or too many."""
    alternatives: list[list[Shape]] = []
    for segment in pattern.segments:
        shapes = segment.shapes()
        if shapes is None:
            return None
        alternatives.append(list(islice(shapes, _MOST)))
    joined = [sum(parts, ()) for parts in islice(product(*alternatives), _MOST)]
    return joined if len(joined) < _MOST else None


def _common(ours: list[Shape], theirs: list[Shape]) -> Iterator[str]:
    """Yield a text of each two shapes that have one in common."""
    for one, other in product(ours, theirs):
        if len(one) == len(other) and all(map(and_, one, other)):
            yield "".join(map(min, map(and_, one, other)))


def _gives(pattern: CodePattern, code: str) -> bool:
    """Return whether a pattern gives a code, and not only others of its shape."""
    if (counter := pattern.counter) is None:
        return pattern.accepts(CustomerCode(code))
    drawn = pattern.drawn_from(code)
    return drawn is not None and counter.counting.fit(drawn[1]) == drawn[1]
