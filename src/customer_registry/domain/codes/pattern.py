"""A customer code as a small declarative template: `KH{date:%y%m}-{number:05,reset=month}`."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from random import SystemRandom

import attrs

from customer_registry.domain.codes.definition import defined, number_at
from customer_registry.domain.codes.policy import (
    CodeContext,
    CodeMode,
    Counting,
    Guarantee,
    NumberRanges,
    ReadableCodes,
)
from customer_registry.domain.codes.segments import (
    Attribute,
    Counter,
    Day,
    Draft,
    Segment,
)
from customer_registry.domain.codes.segments.day import day_told
from customer_registry.domain.errors import InvalidValue, PolicyError
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.values.code import CustomerCode

__all__ = ["CodeParts", "CodePattern"]

_LARGEST_BLOCK = 10_000


def _below(limit: int) -> int:
    return SystemRandom().randrange(limit)


@attrs.frozen(kw_only=True)
class CodeParts:
    """What a code of a pattern tells: fields by name, the first day that fits, range and number.

    `day` is None where the code shows none, `range` and `number` where it counts nothing.
    """

    fields: Mapping[str, str] = attrs.field(hash=False)
    day: date | None = None
    range: str | None = None
    number: int | None = None


@attrs.frozen
class CodePattern(ReadableCodes):
    """A code policy from a template; checked when made, all mistakes at once (`PolicyError`).

    `{number:05}` counts; with `by=kind+grade` apart for each word, `reset=month` begins anew,
    `start= end= step= range= alphabet= skip= overflow=` say the rest. `{date:%y%m}`, `{week}` and
    `{fiscal_year}` show the day, `{kind:person=P,organization=E}` a field, `{random:8}` chance,
    `{check:damm}` a check character over what precedes it. Braces are written twice, values with
    commas stand in double quotes. `mode` is `automatic`, `editable` (people may type a code) or
    `manual`.

    The number is drawn in the transaction that saves, so the policy is `gapless`; with
    `guarantee="unique"` each process takes `block` numbers at a time, and what it does not use is
    a gap. A pattern without a number is `random`; one by which people write the codes (`manual`)
    is `given`, and need not count.

    >>> CodePattern("KH{number:06}{check:luhn}").preview(CodeContext({}, date(2026, 11, 24)), 123)
    CustomerCode('KH0001230')
    """

    template: str
    _mode: CodeMode = attrs.field(
        default=CodeMode.AUTOMATIC, alias="mode", converter=CodeMode, kw_only=True
    )
    _guarantee: Guarantee = attrs.field(
        default=Guarantee.GAPLESS, alias="guarantee", converter=Guarantee, kw_only=True
    )
    block: int = attrs.field(default=20, kw_only=True)
    _chance: Callable[[int], int] = attrs.field(
        default=_below, alias="chance", kw_only=True, eq=False, repr=False
    )
    segments: tuple[Segment, ...] = attrs.field(init=False, repr=False, eq=False)
    """The parts of the template, in order."""
    counter: Counter | None = attrs.field(init=False, repr=False, eq=False)
    """The segment that counts; None for codes by chance."""
    _is_bare: bool = attrs.field(init=False, repr=False, eq=False)
    _number_at: int | None = attrs.field(init=False, repr=False, eq=False)
    _starts: int | None = attrs.field(init=False, repr=False, eq=False)
    _expression: str = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Read the template once; raise PolicyError with every mistake in it."""
        counts = self._mode is not CodeMode.MANUAL
        segments, starts = defined(self.template, self._chance, counts=counts)
        if self._guarantee not in {Guarantee.GAPLESS, Guarantee.UNIQUE}:
            raise PolicyError(f"a pattern is gapless or unique, not {self._guarantee}")
        if not 1 <= self.block <= _LARGEST_BLOCK:
            raise PolicyError(f"block is 1 to {_LARGEST_BLOCK} numbers")
        counters = (each for each in segments if isinstance(each, Counter))
        groups = (f"(?P<part{at}>{each.expression})" for at, each in enumerate(segments))
        object.__setattr__(self, "segments", segments)
        object.__setattr__(self, "counter", next(counters, None))
        object.__setattr__(self, "_is_bare", not self.fields)
        object.__setattr__(self, "_number_at", number_at(segments))
        object.__setattr__(self, "_starts", starts)
        object.__setattr__(self, "_expression", "".join(groups))

    @property
    def mode(self) -> CodeMode:
        """Who writes the code."""
        return self._mode

    @property
    def pattern(self) -> str:
        """The template."""
        return self.template

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that a code is made of, as `kind` or `custom.<name>`."""
        return tuple(each.name for each in self.segments if isinstance(each, Attribute))

    @property
    def guarantee(self) -> Guarantee:
        """What the pattern promises of its numbers."""
        if self._mode is CodeMode.MANUAL:
            return Guarantee.GIVEN
        return self._guarantee if self.counter else Guarantee.RANDOM

    @property
    def capacity(self) -> int:
        """How many codes one range holds, or chance has to choose from."""
        if (counter := self.counter) is not None:
            return (counter.maximum - counter.start) // counter.step + 1
        by_chance = (
            math.prod(map(len, shape))
            for each in self.segments
            if each.alphabet
            for shape in each.shapes() or ()
        )
        return next(by_chance, 1)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is not decided about the pattern, in plain English; nothing for most patterns."""
        from customer_registry.domain.codes.boundaries import undecided  # noqa: PLC0415  seldom asked

        return tuple(undecided(self.segments))

    def assign(self, context: CodeContext, numbers: NumberRanges) -> CustomerCode:
        """Return the next code, drawing its number inside the running transaction.

        A clock that went backwards re-opens no earlier period: numbers go on in the newest one.
        """
        context = self._at(context)
        if self.counter is None:
            return self._written(context, None)
        context = _in_newest_period(self.counter, context, numbers)
        return self._written(context, self.counter.draw(context, numbers))

    def preview(self, context: CodeContext, number: int | None = None) -> CustomerCode:
        """Return the code with this number, with the first one of the counter where none is given.

        Raises CodesExhausted for a number that does not fit, InvalidValue as `assign` does.
        """
        return self._written(self._at(context), number)

    def range_of(self, context: CodeContext) -> str | None:
        """Return which range a code would be drawn from now; None for codes by chance."""
        return self.counter.range_of(self._at(context)) if self.counter else None

    def accepts(self, code: CustomerCode) -> bool:
        """Return whether a code typed by people has this pattern's form, a day and right checks."""
        found = self._found(str(code))
        if found is None or not self._is_right(found):
            return False
        told = next(filter(None, (self._told(found, month) for month in self._months)), None)
        if told is None or self.counter is None or told.number is None:
            return told is not None
        return self.counter.holds(told.number)

    def parse(self, code: CustomerCode | str, *, fiscal_year_start: int = 1) -> CodeParts:
        """Return the parts of a code.

        Raises InvalidValue `code.off_pattern` for a code of another form or of a day that there is
        not, `code.check_digit` for one whose check character does not fit.

        >>> CodePattern("{kind:person=P}{date:%y%m}-{number:3}").parse("P2611-042").number
        42
        """
        found = self._found(str(CustomerCode.parse(str(code))))
        told = found and self._told(found, self._starts or fiscal_year_start)
        if found is None or told is None:
            raise InvalidValue("code.off_pattern", pattern=self.template)
        if not self._is_right(found):
            raise InvalidValue("code.check_digit")
        return told

    def counting(self, name: str) -> Counting | None:
        """Return how the range of this name counts; None for one that is not the pattern's."""
        counter = self.counter
        if counter is None or counter.told(name) is None:
            return None
        return counter.counting

    def refuse(self, code: CustomerCode) -> None:
        """Raise the InvalidValue of `parse` for a code that does not follow the pattern."""
        self.parse(code)

    def differing(self, code: CustomerCode, context: CodeContext) -> tuple[str, ...]:
        """Return the fields that a code of the pattern shows otherwise than the customer has them.

        A field that the customer lacks differs from nothing.
        """
        found = None if self.warnings else self._found(str(code))
        if found is None:
            return ()
        draft = Draft(self._at(context))
        return tuple(
            each.name
            for each, text in zip(self.segments, found.groups(), strict=True)
            if isinstance(each, Attribute)
            and context.fields.get(each.name)
            and not each.may_write(draft, text)
        )

    def drawn_from(self, code: str, *, fiscal_year_start: int = 1) -> tuple[str, int] | None:
        """Return the range that a code of this pattern belongs to, and its number there.

        None for another code, one that shows no day there is, and one by chance.

        >>> CodePattern("KH{number:06}").drawn_from("KH000123")
        ('customer', 123)
        """
        try:
            parts = self.parse(code, fiscal_year_start=fiscal_year_start)
        except InvalidValue:
            return None
        counter = self.counter
        if counter is None or parts.range is None or parts.number is None:
            return None
        if not counter.start <= parts.number <= counter.maximum:
            return None
        return parts.range, counter.kept(parts.number)

    def explain(self, language: str = "zh") -> str:
        """Return what the pattern means in a few lines, with examples, in `zh` or `en`."""
        from customer_registry.domain.codes.explaining import explained  # noqa: PLC0415  seldom asked

        return explained(self, language)

    def _at(self, context: CodeContext) -> CodeContext:
        """Return the context as codes show it: words that no table maps in capitals and padded."""
        if self._is_bare and self._starts is None:
            return context
        fields = dict(context.fields)
        for each in self.segments:
            if isinstance(each, Attribute) and not each.mapped and fields.get(each.name):
                fields[each.name] = each.shown(str(fields[each.name]))
        return CodeContext(fields, context.today, self._starts or context.fiscal_year_start)

    def _written(self, context: CodeContext, number: int | None) -> CustomerCode:
        draft, texts = Draft(context, number), list[str]()
        for each in self.segments:
            if each.checks:
                draft = Draft(context, number, tuple(texts), self._number_at)
            texts.append(each.write(draft))
        return CustomerCode.parse("".join(texts))

    def _found(self, code: str) -> re.Match[str] | None:
        return re.fullmatch(self._expression, code.upper())

    def _is_right(self, found: re.Match[str]) -> bool:
        """Return whether the check characters of a code fit."""
        nothing = CodeContext({}, date.min)
        texts = found.groups()
        return all(
            each.write(Draft(nothing, None, texts[:at], self._number_at)) == text
            for at, (each, text) in enumerate(zip(self.segments, texts, strict=True))
            if each.checks
        )

    def _told(self, found: re.Match[str], starts: int) -> CodeParts | None:
        """Return what a code tells; None where its parts go with no day."""
        fields: dict[str, str] = {}
        facts: list[tuple[str, int]] = []
        number = None
        for each, text in zip(self.segments, found.groups(), strict=True):
            match each:
                case Attribute():
                    fields[each.name] = each.meant(text)
                case Day():
                    facts += each.facts(text)
                case Counter():
                    number = each.read(text)
                case _:
                    pass
        day = day_told(facts, starts) if facts else None
        if facts and day is None:
            return None
        context = CodeContext(fields, day or date.min, starts)
        name = self.counter.range_of(context) if self.counter else None
        return CodeParts(fields=FrozenMapping(fields), day=day, range=name, number=number)

    @property
    def _months(self) -> Iterable[int]:
        """The months in which the fiscal years may start that codes show."""
        days = (each for each in self.segments if isinstance(each, Day))
        if self._starts is None and any(each.is_fiscal for each in days):
            return range(1, 13)
        return (self._starts or 1,)


def _in_newest_period(counter: Counter, context: CodeContext, numbers: NumberRanges) -> CodeContext:
    """Return the context on the day that counts, having noted when the newest period began."""
    if counter.reset == "never":
        return context
    mark = counter.mark_of(context)
    begins, newest = counter.begins(context).toordinal(), numbers.peek(mark) - 1
    if newest > begins:
        return attrs.evolve(context, today=date.fromordinal(newest))
    if newest < begins:
        numbers.raise_to(mark, begins)
    return context
