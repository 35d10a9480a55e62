"""How long the parts of a code are, and where those begin and end whose length varies."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

from customer_registry.domain.codes.segments import Attribute, Constant, Counter, Segment

__all__ = ["length", "undecided", "varies"]


def varies(segment: Segment) -> bool:
    """Return whether the texts of a segment have several lengths."""
    if (shapes := segment.shapes()) is not None:
        return len(set(map(len, shapes))) > 1
    return not (isinstance(segment, Attribute) and segment.width)


def length(segment: Segment) -> int:
    """Return how long a segment may have to be; an open one as short as it can."""
    if (shapes := segment.shapes()) is not None:
        return max(map(len, shapes))
    return (segment.width if isinstance(segment, Attribute | Counter) else None) or 1


def undecided(segments: Sequence[Segment]) -> Iterator[str]:
    """Yield, in plain English, where a code may be read in two ways.

    Of the parts that vary those are plain whose end is plain, counted from the front, or whose
    beginning is, counted from the back; one more has what is left.
    """
    front = [at for at, each in enumerate(segments) if varies(each)]
    back = front[::-1]
    ended = len(list(takewhile(lambda at: _is_cut(segments, at, 1), front)))
    begun = len(list(takewhile(lambda at: _is_cut(segments, at, -1), back)))
    for one, other in pairwise(front[ended : len(front) - begun]):
        named = _named(segments[one]), _named(segments[other])
        yield "not decided: where {} ends and {} begins".format(*named)


def _is_cut(segments: Sequence[Segment], at: int, way: int) -> bool:
    """Return whether reading on in one direction it is plain where a segment is over."""
    following = segments[at + way] if 0 <= at + way < len(segments) else None
    if isinstance(following, Constant):
        sign = following.text[0 if way > 0 else -1]
        signs = _signs(segments[at])
        if signs is not None and sign not in signs:
            return True
    texts = _texts(segments[at])
    ordered = sorted(text[::way] for text in texts or ())
    return texts is not None and not any(other.startswith(one) for one, other in pairwise(ordered))


def _texts(segment: Segment) -> frozenset[str] | None:
    if isinstance(segment, Attribute) and segment.mapped:
        return frozenset(segment.mapped.values())
    return None


def _signs(segment: Segment) -> frozenset[str] | None:
    """Return the signs that may stand in a segment; None for any."""
    if isinstance(segment, Counter):
        return frozenset(segment.alphabet.signs)
    texts = _texts(segment)
    return None if texts is None else frozenset("".join(texts))


def _named(segment: Segment) -> str:
    return f"{{{segment.name}}}" if isinstance(segment, Attribute) else "the number"
