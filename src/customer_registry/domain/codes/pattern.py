"""A customer code as a small declarative template: `KH{date:%y%m}-{number:05,reset=month}`."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import starmap
from typing import TypeAlias

import attrs

from customer_registry.domain.codes.policy import CodeContext, CodeMode, Guarantee, NumberRanges
from customer_registry.domain.errors import CodesExhausted, InvalidValue, PolicyError
from customer_registry.domain.values.code import CustomerCode

__all__ = ["ATTRIBUTES", "CodePattern"]

ATTRIBUTES = (
    "kind",
    "category",
    "country",
    "department",
    "grade",
    "industry",
    "region",
    "sales_region",
    "source",
)
"""The fields a code may be made of; country and region are those of the first address."""

_DATE_PARTS = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2, "%j": 3}
_SHOWN_BY = {"year": ("%Y|%y",), "month": ("%Y|%y", "%m"), "day": ("%Y|%y", "%m|%j", "%d|%j")}
_PERIODS = {"never": "", "year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}
_WIDEST = 18


@attrs.frozen
class _Constant:
    text: str


@attrs.frozen
class _Attribute:
    name: str
    mapped: Mapping[str, str]

    def of(self, context: CodeContext) -> str:
        value = context.needed(self.name)
        if not self.mapped:
            return value
        if value not in self.mapped:
            raise InvalidValue("code.field_unmapped", field=self.name, value=value)
        return self.mapped[value]


@attrs.frozen
class _Date:
    format: str


@attrs.frozen
class _Number:
    width: int | None
    start: int
    step: int
    by: tuple[str, ...]
    reset: str
    range: str

    def range_of(self, context: CodeContext) -> str:
        """Return the counter's name: the range, the scope that has its own, and the period."""
        scopes = [f"{name}={context.needed(name)}" for name in self.by]
        period = context.today.strftime(_PERIODS[self.reset])
        return "|".join([self.range, *scopes, *([period] if period else [])])

    def show(self, drawn: int) -> str:
        number = self.start + (drawn - 1) * self.step
        if self.width is None:
            return str(number)
        maximum = 10**self.width - 1
        if number > maximum:
            raise CodesExhausted(width=self.width, maximum=maximum)
        return f"{number:0{self.width}}"


_Part: TypeAlias = _Constant | _Attribute | _Date | _Number


@attrs.frozen
class CodePattern:
    """A code policy from a template; checked when made, all mistakes at once (`PolicyError`).

    `{kind:person=P,organization=E}` maps a field, `{date:%Y%m}` shows the day of registration,
    `{number:05,by=kind,reset=month}` counts: with a width, a counter of its own per `by` (several
    joined by `+`), begun anew each `year`, `month` or `day`; also `start= step= range=`. Braces
    are written twice, values with commas stand in double quotes. `mode` is `automatic`, `editable`
    (people may type a code) or `manual`.

    The number is drawn in the transaction that saves, so the policy is gapless.

    >>> CodePattern("KH{number:06}").preview(CodeContext({}, date(2026, 11, 24)), 123)
    CustomerCode('KH000123')
    """

    template: str
    _mode: CodeMode = attrs.field(
        default=CodeMode.AUTOMATIC, alias="mode", converter=CodeMode, kw_only=True
    )
    _parts: tuple[_Part, ...] = attrs.field(init=False, repr=False, eq=False)
    _expression: str = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        """Read the template once; raise PolicyError with every mistake in it."""
        mistakes: list[str] = []
        parts = tuple(_read(self.template, mistakes))
        if not mistakes:
            mistakes += _contradictions(parts)
        if mistakes:
            raise PolicyError(mistakes)
        object.__setattr__(self, "_parts", parts)
        object.__setattr__(self, "_expression", "".join(starmap(_expression, enumerate(parts))))

    @property
    def mode(self) -> CodeMode:
        """Who writes the code."""
        return self._mode

    @property
    def pattern(self) -> str:
        """The template."""
        return self.template

    @property
    def guarantee(self) -> Guarantee:
        """Gapless: the counter is part of the transaction that saves."""
        return Guarantee.GAPLESS

    def assign(self, context: CodeContext, numbers: NumberRanges) -> CustomerCode:
        """Return the next code, drawing its number inside the running transaction."""
        drawn = numbers.next(self._number.range_of(context))
        return self.preview(context, drawn)

    def preview(self, context: CodeContext, drawn: int) -> CustomerCode:
        """Return the code that the draw number `drawn`, from 1, of its range gives."""
        return CustomerCode.parse("".join(_shown(part, context, drawn) for part in self._parts))

    def accepts(self, code: CustomerCode) -> bool:
        """Return whether a code typed by people has the form of this pattern."""
        return re.fullmatch(self._expression, str(code), re.IGNORECASE) is not None

    def drawn_from(self, code: str) -> tuple[str, int] | None:
        """Return which range a code of this pattern was drawn from, and which draw it was.

        >>> CodePattern("KH{number:06}").drawn_from("KH000123")
        ('customer', 123)
        """
        found = re.fullmatch(self._expression, code, re.IGNORECASE)
        today = _date_in(self._parts, found) if found else None
        if found is None or today is None:
            return None
        context = CodeContext(_fields_in(self._parts, found), today)
        number = self._number
        draw = (int(found["number"]) - number.start) // number.step + 1
        return number.range_of(context), draw

    @property
    def _number(self) -> _Number:
        return next(part for part in self._parts if isinstance(part, _Number))


def _shown(part: _Part, context: CodeContext, drawn: int) -> str:
    match part:
        case _Constant():
            return part.text
        case _Attribute():
            return part.of(context)
        case _Date():
            return context.today.strftime(part.format)
        case _Number():
            return part.show(drawn)


def _expression(place: int, part: _Part) -> str:
    """Return what a part may look like in a code, in a group that its place names."""
    match part:
        case _Constant():
            return re.escape(part.text)
        case _Attribute():
            words = "|".join(map(re.escape, part.mapped.values())) or ".+"
            return f"(?P<part{place}>{words})"
        case _Date():
            pieces = re.split("(%.)", part.format)
            written = "".join(
                f"[0-9]{{{_DATE_PARTS[piece]}}}" if piece in _DATE_PARTS else re.escape(piece)
                for piece in pieces
            )
            return f"(?P<part{place}>{written})"
        case _Number():
            return f"(?P<number>[0-9]{{{part.width}}})" if part.width else "(?P<number>[0-9]+)"


def _fields_in(parts: tuple[_Part, ...], found: re.Match[str]) -> dict[str, str | None]:
    """Return the fields whose texts stand in a code."""
    fields: dict[str, str | None] = {}
    for place, part in enumerate(parts):
        if isinstance(part, _Attribute):
            meant = {text.casefold(): value for value, text in part.mapped.items()}
            written = found[f"part{place}"]
            fields[part.name] = meant.get(written.casefold(), written)
    return fields


def _date_in(parts: tuple[_Part, ...], found: re.Match[str]) -> date | None:
    """Return the day whose parts stand in a code, as far as they tell; None for no day at all."""
    dates = [(part, place) for place, part in enumerate(parts) if isinstance(part, _Date)]
    formats = "|".join(part.format for part, _ in dates)
    written = "|".join(found[f"part{place}"] for _, place in dates)
    try:
        return datetime.strptime(written, formats).replace(tzinfo=UTC).date()
    except ValueError:
        return None


def _read(template: str, mistakes: list[str]) -> Iterator[_Part]:
    """Yield the template's parts; what cannot be read goes to `mistakes` with its position."""
    at = 0
    while at < len(template):
        char = template[at]
        if template[at : at + 2] in {"{{", "}}"}:
            yield _Constant(char)
            at += 2
        elif char == "{" and (end := template.find("}", at)) > 0:
            yield from _placeholder(template[at + 1 : end], at, mistakes)
            at = end + 1
        elif char in "{}":
            mistakes.append(f"position {at + 1}: a lone brace; write {char * 2}")
            at += 1
        else:
            yield _Constant(char)
            at += 1


def _placeholder(inside: str, at: int, mistakes: list[str]) -> Iterator[_Part]:
    name, _, written = inside.partition(":")
    try:
        options = dict(_options(written))
        if name == "number":
            yield _number(options)
        elif name == "date":
            yield _date(options)
        elif name in ATTRIBUTES:
            yield _Attribute(name, options)
        else:
            known = ", ".join(("number", "date", *ATTRIBUTES))
            mistakes.append(f"position {at + 1}: unknown {{{name}}}; known are {known}")
    except ValueError as error:
        mistakes.append(f"position {at + 1}: {error}")


def _options(written: str) -> Iterator[tuple[str, str]]:
    """Yield key and value; one bare word may come first and has the empty key."""
    if written.count('"') % 2:
        raise ValueError("a quotation mark is never closed")
    for place, option in enumerate(re.findall(r'(?:[^,"]|"[^"]*")+', written)):
        key, equals, value = option.partition("=")
        if not equals and place:
            raise ValueError(f"{option!r} needs a key, as in by={option}")
        yield (key.strip(), value.strip().strip('"')) if equals else ("", key.strip().strip('"'))


def _number(options: dict[str, str]) -> _Number:
    unknown = options.keys() - {"", "by", "reset", "start", "step", "range"}
    if unknown:
        raise ValueError(f"number knows no {', '.join(sorted(unknown))}")
    reset = options.get("reset", "never")
    if reset not in _PERIODS:
        raise ValueError(f"reset is one of {', '.join(_PERIODS)}, not {reset!r}")
    width = _whole(options.get("", ""), "the width") if options.get("") else None
    if width is not None and not 1 <= width <= _WIDEST:
        raise ValueError(f"the width is 1 to {_WIDEST}")
    step = _whole(options.get("step", "1"), "step")
    if step == 0:
        raise ValueError("step is at least 1, or codes repeat")
    return _Number(
        width=width,
        start=_whole(options.get("start", "1"), "start"),
        step=step,
        by=tuple(name.strip() for name in options.get("by", "").split("+") if name.strip()),
        reset=reset,
        range=options.get("range", "customer"),
    )


def _whole(written: str, meaning: str) -> int:
    if not (written.isascii() and written.isdigit()):
        raise ValueError(f"{meaning} is a whole number, not {written!r}")
    return int(written)


def _date(options: dict[str, str]) -> _Date:
    written = options.get("", "")
    if not written or options.keys() - {""}:
        raise ValueError("date needs a format, as in {date:%Y%m}")
    unknown = set(re.findall("%.?", written)) - _DATE_PARTS.keys()
    if unknown:
        raise ValueError(f"date knows {' '.join(_DATE_PARTS)}, not {' '.join(sorted(unknown))}")
    return _Date(written)


def _contradictions(parts: tuple[_Part, ...]) -> Iterator[str]:
    """Yield why a readable template would not give codes, or would not keep them unique."""
    for text in _literals(parts):
        if not _may_stand_in_a_code(text):
            yield f"{text!r} cannot stand in a code"
    numbers = [part for part in parts if isinstance(part, _Number)]
    if len(numbers) != 1:
        yield f"a pattern has exactly one {{number}}, this one {len(numbers)}"
        return
    shown = {part.name: part.mapped for part in parts if isinstance(part, _Attribute)}
    for name in numbers[0].by:
        if name not in ATTRIBUTES:
            yield f"by={name} is no field; known are {', '.join(ATTRIBUTES)}"
        elif name not in shown:
            yield f"by={name} needs {{{name}}} in the pattern, or codes repeat"
        elif len(set(shown[name].values())) < len(shown[name]):
            yield f"by={name} needs another text for each {name}, or codes repeat"
    dates = "".join(part.format for part in parts if isinstance(part, _Date))
    for needed in _SHOWN_BY.get(numbers[0].reset, ()):
        if not any(piece in dates for piece in needed.split("|")):
            spoken = needed.replace("|", " or ")
            yield f"reset={numbers[0].reset} needs {spoken} in the date, or codes repeat"


def _literals(parts: tuple[_Part, ...]) -> Iterator[str]:
    """Yield the texts that a template puts into codes as they stand."""
    for part in parts:
        match part:
            case _Constant():
                yield part.text
            case _Attribute():
                yield from filter(None, part.mapped.values())
            case _Date():
                yield from filter(None, re.split("%.", part.format))
            case _Number():
                pass


def _may_stand_in_a_code(text: str) -> bool:
    try:
        return str(CustomerCode.parse(text)) == text.upper()
    except InvalidValue:
        return False
