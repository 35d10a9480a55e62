"""Whether two patterns may give the same code."""

from enum import StrEnum
from itertools import islice, product

from customer_registry.domain.codes.pattern import CodePattern
from customer_registry.domain.codes.segments import Shape

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
    if not any(_meet(a, b) for a, b in product(ours, theirs)):
        return Overlap.NO
    exact = all(each.is_exact for pattern in (one, other) for each in pattern.segments)
    return Overlap.YES if exact else Overlap.UNDECIDED


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


def _meet(one: Shape, other: Shape) -> bool:
    return len(one) == len(other) and all(a & b for a, b in zip(one, other, strict=True))
