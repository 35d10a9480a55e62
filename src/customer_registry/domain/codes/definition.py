"""From a template to its segments: read, checked, every mistake told at once with its position."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, cast

from customer_registry.domain.codes.boundaries import length, varies
from customer_registry.domain.codes.segments import (
    Attribute,
    Constant,
    Counter,
    Day,
    Segment,
)
from customer_registry.domain.codes.segments.attribute import ATTRIBUTES, is_field
from customer_registry.domain.codes.segments.counter import month_of
from customer_registry.domain.codes.template import Mistakes, Placeholder, split
from customer_registry.domain.errors import InvalidValue, PolicyError
from customer_registry.domain.values.code import LONGEST, CustomerCode

if TYPE_CHECKING:
    from customer_registry.domain.codes.segments.check import Check

__all__ = ["Definition", "defined", "number_at"]

Definition = tuple[tuple[Segment, ...], int | None]
"""The segments, and the first month of the fiscal year where the template says it."""

_MOST_VARYING = 5
"""More parts of varying length would take their time to be found in a hostile code."""

_Y, _M, _D, _J = "%Y|%y", "%m", "%d", "%j"
_FISCAL = "fiscal_year"
_SHOWN_BY: dict[str, tuple[tuple[str, ...], ...]] = {
    "never": ((),),
    "year": ((_Y,),),
    "fiscal_year": ((_FISCAL,), (_Y, _M), (_Y, _J)),
    "quarter": ((_Y, "%q"), (_Y, _M), (_Y, _J), (_FISCAL, _M)),
    "month": ((_Y, _M), (_Y, _J), (_FISCAL, _M)),
    "week": (("%G", "%V"), (_Y, "week:calendar"), (_Y, _M, _D), (_Y, _J)),
    "day": ((_Y, _M, _D), (_Y, _J), (_FISCAL, _M, _D)),
}
"""By reset, what a code has to show of the day, one of these sets, or codes repeat."""

_SPOKEN = {"%F": _FISCAL, "%f": _FISCAL, "%E": _FISCAL, "%e": _FISCAL, "%w": "week:calendar"}


def defined(template: str, below: Callable[[int], int], *, counts: bool = True) -> Definition:
    """Return the segments of a template; raises PolicyError with every mistake in it.

    A template by which people write codes need not count.
    """
    mistakes: Mistakes = []
    placed = list(_segments(template, below, mistakes))
    segments = tuple(segment for segment, _ in placed)
    starts = {month for _, month in placed if month is not None}
    if len(starts) > 1:
        mistakes.append("starts is one month for the whole pattern")
    if not mistakes:
        mistakes += _contradictions(segments, next(iter(starts), None), counts=counts)
    if mistakes:
        raise PolicyError(mistakes)
    return segments, next(iter(starts), None)


def number_at(segments: Sequence[Segment]) -> int | None:
    """Return the place of the number, or of what chance gives where nothing counts."""
    counts = [at for at, each in enumerate(segments) if isinstance(each, Counter)]
    return next(iter([*counts, *(at for at, each in enumerate(segments) if each.alphabet)]), None)


def _segments(
    template: str, below: Callable[[int], int], mistakes: Mistakes
) -> Iterator[tuple[Segment, int | None]]:
    """Yield each segment with the first month of the fiscal year, where it says one."""
    for piece in split(template, mistakes):
        if isinstance(piece, str):
            yield Constant(piece.upper()), None
            continue
        try:
            yield _meant(piece, below), month_of(piece) if "starts" in piece.options else None
        except ValueError as error:
            mistakes.append(f"position {piece.position}: {error}")


def _meant(placeholder: Placeholder, below: Callable[[int], int]) -> Segment:
    match placeholder.name:
        case "number":
            return Counter.of(placeholder)
        case "date":
            return Day.of_date(placeholder)
        case "week":
            return Day.of_week(placeholder)
        case "fiscal_year":
            return Day.of_fiscal_year(placeholder)
        case "check":
            from customer_registry.domain.codes.segments.check import Check  # noqa: PLC0415  seldom

            return Check.of(placeholder)
        case "random":
            from customer_registry.domain.codes.segments.chance import Chance  # noqa: PLC0415  seldom

            return Chance.of(placeholder, below)
        case name if is_field(name):
            return Attribute.of(placeholder)
        case name:
            known = ("number", "random", "check", "date", "week", "fiscal_year", *ATTRIBUTES)
            told = ", ".join((*known, "custom.…"))
            raise ValueError(f"unknown {{{name}}}; known are {told}")


def _contradictions(
    segments: tuple[Segment, ...], starts: int | None, *, counts: bool
) -> Iterator[str]:
    """Yield why a readable template would not give codes, or would not keep them unique."""
    for text in _literals(segments):
        if not _may_stand_in_a_code(text):
            yield f"{text!r} cannot stand in a code"
    if (longest := sum(map(length, segments))) > LONGEST:
        yield f"its codes have {longest} characters or more, a code has {LONGEST} at most"
    if (many := sum(map(varies, segments))) > _MOST_VARYING:
        yield f"{_MOST_VARYING} parts at most may vary in length, not {many}; give fields a width"
    yield from _uncovered(segments)
    names = [segment.name for segment in segments if isinstance(segment, Attribute)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{{{name}}} stands in the pattern more than once"
    counters = [segment for segment in segments if isinstance(segment, Counter)]
    if len(counters) > 1 or (counts and not (counters or _by_chance(segments))):
        yield f"a pattern has exactly one {{number}}, this one {len(counters)}"
    for counter in counters[:1]:
        if counter.fit(counter.start) > counter.maximum:
            yield "no number is left between start and end"
        yield from _repetitions(counter, segments, starts)


def _repetitions(
    counter: Counter, segments: tuple[Segment, ...], starts: int | None
) -> Iterator[str]:
    """Yield why two counters of one pattern would give the same code."""
    shown = {segment.name: segment for segment in segments if isinstance(segment, Attribute)}
    for name in counter.by:
        if not is_field(name):
            yield f"by={name} is no field; known are {', '.join((*ATTRIBUTES, 'custom.…'))}"
        elif name not in shown:
            yield f"by={name} needs {{{name}}} in the pattern, or codes repeat"
        elif not shown[name].tells_apart:
            yield f"by={name} needs another text for each {name}, or codes repeat"
    told = set(_told(segments))
    if counter.reset == _FISCAL and starts == 1 and told & set(_Y.split("|")):
        return
    ways = _SHOWN_BY[counter.reset]
    if not any(all(told & set(needed.split("|")) for needed in way) for way in ways):
        needed = " and ".join(_spelt(each) for each in ways[0] if not told & set(each.split("|")))
        yield f"reset={counter.reset} needs {needed} in the date, or codes repeat"


def _spelt(needed: str) -> str:
    return "{fiscal_year}" if needed == _FISCAL else needed.replace("|", " or ")


def _told(segments: tuple[Segment, ...]) -> Iterator[str]:
    for segment in segments:
        if isinstance(segment, Day):
            yield from (_SPOKEN.get(each, each) for each in segment.directives)


def _by_chance(segments: tuple[Segment, ...]) -> bool:
    return any(each.alphabet is not None for each in segments)


def _uncovered(segments: tuple[Segment, ...]) -> Iterator[str]:
    """Yield why a check character would check nothing, or not all of a number."""
    number = number_at(segments)
    for at, each in enumerate(segments):
        if each.checks:
            check = cast("Check", each)
            before = [one for place, one in enumerate(segments[:at]) if place == number]
            yield from _uncovered_by(check, before if check.covers_number_only else segments[:at])


def _uncovered_by(check: "Check", before: Sequence[Segment]) -> Iterator[str]:
    name, covers = check.digit.name, check.digit.covers
    alphabets = [each.alphabet for each in before if each.alphabet]
    if not alphabets:
        yield f"check:{name} stands after the number that it checks"
    for alphabet in alphabets:
        if not set(alphabet.signs) <= set(covers):
            yield (
                f"check:{name} covers {covers} only, the pattern counts in {alphabet.signs};"
                " mod37-36 covers digits and letters"
            )


def _literals(segments: tuple[Segment, ...]) -> Iterator[str]:
    """Yield the texts that a template puts into codes as they stand."""
    for segment in segments:
        match segment:
            case Constant():
                yield from segment.text
                yield segment.text[:LONGEST]
            case Attribute():
                yield from filter(None, segment.mapped.values())
            case Day():
                yield from segment.literals
            case _:
                pass


def _may_stand_in_a_code(text: str) -> bool:
    try:
        return str(CustomerCode.parse(text)) == text.upper()
    except InvalidValue:
        return False
