"""The number in a code: how it counts, from where to where, for whom, and when it begins anew."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Self

import attrs

from customer_registry.domain.codes.alphabet import Alphabet
from customer_registry.domain.codes.policy import CodeContext, Counting, NumberRanges
from customer_registry.domain.codes.segments.day import fiscal_year
from customer_registry.domain.codes.segments.intervals import shapes_between
from customer_registry.domain.codes.segments.segment import Draft, Shape
from customer_registry.domain.codes.template import Placeholder, whole
from customer_registry.domain.errors import CodesExhausted
from customer_registry.domain.frozen import FrozenMapping

__all__ = ["RESETS", "Counter", "month_of"]

RESETS = ("never", "year", "fiscal_year", "quarter", "month", "week", "day")

_PERIODS = FrozenMapping(
    {
        "never": "",
        "year": r"\|\d{4}",
        "fiscal_year": r"\|FY\d{4}",
        "quarter": r"\|\d{4}-Q\d",
        "month": r"\|\d{4}-\d\d",
        "week": r"\|\d{4}-W\d\d",
        "day": r"\|\d{4}-\d\d-\d\d",
    }
)
"""How the name of a range ends that begins anew, as `period` has it."""

_WIDEST = 18
_MOST = 999_999_999_999_999_999
"""The last number in any alphabet; stores count in 64 bits."""

_OPTIONS = (
    "start",
    "end",
    "step",
    "by",
    "reset",
    "starts",
    "range",
    "alphabet",
    "skip",
    "overflow",
)


@attrs.frozen
class Counter:
    """A number of a range; ranges hold the last number passed, so the next one is above it.

    `by` names the fields whose words have counters of their own, `reset` the period, `starts` the
    first month of the fiscal year where the pattern says it; `skip` words that no number may show.
    """

    width: int | None
    start: int
    end: int | None
    step: int
    by: tuple[str, ...]
    reset: str
    starts: int | None
    range: str
    alphabet: Alphabet
    skip: tuple[str, ...]
    widens: bool
    checks = False

    @classmethod
    def of(cls, placeholder: Placeholder) -> Self:
        """Return the segment of `{number:05,by=kind,reset=month}`; raises ValueError."""
        placeholder.refuse_unknown(*_OPTIONS)
        options = placeholder.options
        width = whole(options[""], "the width") if options.get("") else None
        if width is not None and not 1 <= width <= _WIDEST:
            raise ValueError(f"the width is 1 to {_WIDEST}")
        alphabet = Alphabet.named(options.get("alphabet", "decimal"))
        start = placeholder.whole("start", 1)
        end = placeholder.whole("end", 0, least=start) if "end" in options else None
        if width is not None and max(start, end or 0) > alphabet.largest(width):
            raise ValueError(f"the width {width} holds no {max(start, end or 0)}")
        skip = tuple(word.upper() for word in placeholder.words("skip"))
        alphabet.refuse_to_count_without(skip)
        return cls(
            width=width,
            start=start,
            end=end,
            step=placeholder.whole("step", 1, least=1),
            by=placeholder.words("by"),
            reset=placeholder.one_of("reset", RESETS),
            starts=month_of(placeholder),
            range=_range(options.get("range", "customer")),
            alphabet=alphabet,
            skip=skip,
            widens=placeholder.one_of("overflow", ("stop", "widen")) == "widen",
        )

    @property
    def maximum(self) -> int:
        """The last number that there is."""
        if self.end is not None:
            return self.end
        widest = _WIDEST if self.width is None or self.widens else self.width
        return min(self.alphabet.largest(widest), _MOST)

    @property
    def expression(self) -> str:
        """The alphabet, as often as the width says; where it is open no zero stands in front."""
        signs = self.alphabet.signs
        if self.width is None:
            return f"(?:{signs[0]}|[{signs[1:]}][{signs}]*)"
        wider = f"|[{signs[1:]}][{signs}]{{{self.width},}}" if self.widens else ""
        return f"(?:[{signs}]{{{self.width}}}{wider})"

    def shapes(self) -> Iterator[Shape] | None:
        """Return shapes that make up the interval; None where the width is open."""
        if self.width is None or self.widens:
            return None
        return shapes_between(self.start, self.maximum, self.width, self.alphabet)

    def counts_with(self, other: Self) -> bool:
        """Return whether two counters draw from one range, for ever, and write numbers alike."""
        ours, theirs = ((each.range, each.alphabet, each.kept(0)) for each in (self, other))
        plain = all(not each.by and each.reset == "never" for each in (self, other))
        return plain and ours == theirs

    def scope_of(self, context: CodeContext) -> str:
        """Return the range's name without the period: with each field that has its own."""
        words = (f"{name}={_plain(context.needed(name))}" for name in self.by)
        return "|".join([self.range, *words])

    def range_of(self, context: CodeContext) -> str:
        """Return the counter's name: the range, the scope that has its own, and the period."""
        period = self.period(context)
        return "|".join([self.scope_of(context), *([period] if period else [])])

    def told(self, name: str) -> Mapping[str, str] | None:
        """Return the words in the name of one of this counter's ranges; None for other names."""
        words = "".join(rf"\|{re.escape(each)}=([^|]+)" for each in self.by)
        expression = f"{re.escape(self.range)}{words}{_PERIODS[self.reset]}"
        found = re.fullmatch(expression, name)
        return found and dict(zip(self.by, map(_word, found.groups()), strict=True))

    def period(self, context: CodeContext) -> str:
        """Return what the period of a day is called, nothing where numbers never begin anew."""
        day = context.today
        match self.reset:
            case "year":
                return f"{day.year:04}"
            case "fiscal_year":
                return f"FY{fiscal_year(day, context.fiscal_year_start):04}"
            case "quarter":
                return f"{day.year:04}-Q{(day.month + 2) // 3}"
            case "month":
                return f"{day.year:04}-{day.month:02}"
            case "week":
                year, week, _ = day.isocalendar()
                return f"{year:04}-W{week:02}"
            case "day":
                return f"{day.year:04}-{day.month:02}-{day.day:02}"
            case _:
                return ""

    def begins(self, context: CodeContext) -> date:
        """Return the first day of the period that a day lies in."""
        day = context.today
        match self.reset:
            case "year":
                return day.replace(month=1, day=1)
            case "fiscal_year":
                start = context.fiscal_year_start
                return date(max(fiscal_year(day, start), 1), start, 1)
            case "quarter":
                return day.replace(month=(day.month + 2) // 3 * 3 - 2, day=1)
            case "month":
                return day.replace(day=1)
            case "week":
                return day - timedelta(days=day.weekday())
            case _:
                return day

    def draw(self, context: CodeContext, numbers: NumberRanges) -> int:
        """Return the next number of the context's range, taken inside the running transaction.

        Raises CodesExhausted beyond the last one.
        """
        name = self.range_of(context)
        number = numbers.next(name) - self._offset
        while (fit := self.fit(number)) != number:
            numbers.raise_to(name, fit - 1 + self._offset)
            number = numbers.next(name) - self._offset
        if self.step > 1:
            numbers.raise_to(name, number + self.step - 1 + self._offset)
        if number > self.maximum:
            raise self.exhausted
        return number

    @property
    def exhausted(self) -> CodesExhausted:
        """What to raise when the numbers are used up."""
        return CodesExhausted(width=self.width or _WIDEST, maximum=self.maximum)

    def write(self, draft: Draft) -> str:
        """Return the number of the draft; raises CodesExhausted for one that does not fit."""
        number = self.fit(self.start) if draft.number is None else draft.number
        if number > self.maximum:
            raise self.exhausted
        return self.alphabet.write(number, None if self._is_wider(number) else self.width)

    def read(self, text: str) -> int:
        """Return the number that a text in a code shows."""
        return self.alphabet.read(text)

    def holds(self, number: int) -> bool:
        """Return whether a number may be one of this counter's; an end of its own has a start."""
        return number <= self.maximum and (self.end is None or number >= self.start)

    def mark_of(self, context: CodeContext) -> str:
        """Return the name under which the first day of the newest period is kept."""
        return f"{self.scope_of(context)}@{self.reset}"

    @property
    def counting(self) -> Counting:
        """How its ranges count."""
        return Counting(
            self.kept(self.start),
            self.kept(self.maximum),
            self.step,
            lambda number: self.kept(self.fit(number - self._offset)),
            self._offset,
        )

    def kept(self, number: int) -> int:
        """Return how a range keeps this number: as it is, unless counting begins at nought."""
        return number + self._offset

    def fit(self, number: int) -> int:
        """Return the first number from here on that may be shown."""
        number = max(number, self.start)
        if not self.skip or number > self.maximum:
            return number
        width = None if self._is_wider(number) else self.width
        return self.alphabet.next_without(number, self.skip, width)

    @property
    def _offset(self) -> int:
        return 1 if self.start == 0 else 0

    def _is_wider(self, number: int) -> bool:
        return self.widens and self.width is not None and number > self.alphabet.largest(self.width)


def _range(name: str) -> str:
    if not name or set("@|=") & set(name):
        raise ValueError(f"a range is a plain name, not {name!r}")
    return name


def _plain(word: str) -> str:
    """Return a word without the signs that have a meaning in the names of ranges."""
    return re.sub("[%|=@]", lambda found: f"%{ord(found[0]):02X}", word)


def _word(plain: str) -> str:
    return re.sub("%([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), plain)


def month_of(placeholder: Placeholder) -> int | None:
    """Return the month in which fiscal years start, where a placeholder says so."""
    if "starts" not in placeholder.options:
        return None
    month = placeholder.whole("starts", 1, least=1)
    if month > 12:  # noqa: PLR2004  months
        raise ValueError("starts is a month, 1 to 12")
    return month
