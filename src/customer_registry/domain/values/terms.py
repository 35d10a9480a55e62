"""When and in which parts a customer pays (账期, 付款条件)."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Self, cast

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.text import line, width_folded

__all__ = ["Discount", "Installment", "PaymentTerms"]

ANCHORS = ("order", "shipment", "delivery", "invoice", "statement")
STAGES = ("order", "before_shipment", "shipment", "delivery", "invoice", "statement", "warranty")

_MOST_DAYS = 3650
_DAYS_OF_A_MONTH = 30
_MOST_MONTHS = 120
_MOST_DISCOUNTS = 4
_MOST_INSTALLMENTS = 12
_LONGEST = 300
_MOST = 10**9
_MOST_DIGITS = 4
_NUMBER = r"-?[0-9]{1,9}(?:\.[0-9]{1,2}0{0,9})?"


@attrs.frozen(kw_only=True)
class Discount:
    """So many percent off for whom pays within so many days."""

    percent: Decimal
    days: int


@attrs.frozen(kw_only=True)
class Installment:
    """A part of the price in percent, due at a stage of the business or some days after it."""

    percent: Decimal
    anchor: str
    days: int = 0


@attrs.frozen(kw_only=True)
class PaymentTerms:
    """Terms of payment: the words as typed and the structure they were understood to mean.

    The anchor's date, `months` later, moved to the month's end if `eom`, plus `days`, and from
    there to the next `due_day`. What was not understood is kept as text, `is_understood` false.

    >>> PaymentTerms.parse("票到30天").due_date(date(2026, 3, 10))
    datetime.date(2026, 4, 9)
    >>> PaymentTerms.parse("次月25日").due_date(date(2026, 3, 10))
    datetime.date(2026, 4, 25)
    """

    text: str
    anchor: str = "invoice"
    eom: bool = False
    months: int = 0
    days: int = 0
    due_day: int | None = None
    prepaid_percent: Decimal = Decimal(0)
    discounts: tuple[Discount, ...] = ()
    installments: tuple[Installment, ...] = ()
    is_understood: bool = True

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read the usual phrases of the trade, Chinese and English.

        Raises InvalidValue `credit.days_range` (`max`) for absurd periods, `payment_term.range`
        for percentages, days of a month and numbers of months that cannot be, `required` for
        blank text.

        >>> PaymentTerms.parse("2/10, n/30").discounts
        (Discount(percent=Decimal('2'), days=10),)
        """
        text = line(typed, longest=_LONGEST)
        if not text:
            raise InvalidValue("required")
        found = _meant(text)
        if found is None:
            return cls(text=text, is_understood=False)
        return cls(text=text, **found)

    @classmethod
    def from_mapping(cls, given: Mapping[str, object]) -> Self:
        """Read the structured form, the keys of `to_mapping`, all of them optional.

        A `text` that means something else than the structure is kept as a remark behind the words
        for the structure, so that the text alone always gives these very terms. Raises
        InvalidValue as `parse` does, and `field.unknown`, `field.type`, `not_in_list`.

        >>> str(PaymentTerms.from_mapping({"eom": True, "months": 1, "text": "月结30天"}))
        '开票后月末加1个月（原文：月结30天）'
        """
        text, structure = _typed_parts(given)
        if not structure:
            return cls.parse(text)
        terms = cls(text=text, **_sound(structure))
        if text:
            spoken = cls.parse(text)
            if spoken == terms:
                return spoken
        return cls.parse(terms._in_words(text))

    def to_mapping(self) -> dict[str, object]:
        """Return the structured form: plain numbers and texts, what is not set left out."""
        if not self.is_understood:
            return {"text": self.text}
        mapping: dict[str, object] = {"text": self.text, "anchor": self.anchor}
        for name in ("eom", "months", "days", "due_day"):
            if getattr(self, name):
                mapping[name] = getattr(self, name)
        if self.prepaid_percent:
            mapping["prepaid_percent"] = _bare(self.prepaid_percent)
        if self.discounts:
            mapping["discounts"] = [
                {"percent": _bare(part.percent), "days": part.days} for part in self.discounts
            ]
        if self.installments:
            mapping["installments"] = [
                {"percent": _bare(part.percent), "anchor": part.anchor, "days": part.days}
                for part in self.installments
            ]
        return mapping

    @property
    def readings(self) -> "tuple[PaymentTerms, ...]":
        """All that the text may mean; more than one makes it ambiguous, as 月结30天 is.

        >>> for reading in PaymentTerms.parse("月结30天").readings:
        ...     print(reading)
        开票后30天（原文：月结30天）
        开票后月末加30天（原文：月结30天）
        开票后月末加1个月（原文：月结30天）
        """
        possible = [PaymentTerms(text="", **one) for one in _monthly(self.text)]
        return tuple(
            attrs.evolve(terms, text=terms._in_words(self.text))  # noqa: SLF001  our own kind
            for terms in possible
        ) or (self,)

    @property
    def is_ambiguous(self) -> bool:
        """Whether people in the trade understand the text in more than one way."""
        return len(_monthly(self.text)) > 1

    @property
    def credit_days(self) -> int:
        """How long the longest part of the price is owed, a month as 30 days.

        The days until a month's end are left out, and what is kept back as a warranty.

        >>> PaymentTerms.parse("预付30%，余款货到90天").credit_days
        90
        """
        waits = [part.days for part in self.installments if part.anchor != "warranty"]
        return max([self.days + self.months * _DAYS_OF_A_MONTH, *waits])

    def due_date(self, anchor_date: date) -> date:
        """Return the day when what is not prepaid is due, counted from the anchor's date.

        >>> monthly = PaymentTerms.from_mapping({"months": 1})
        >>> monthly.due_date(date(2026, 1, 31))
        datetime.date(2026, 2, 28)
        """
        day = _months_later(anchor_date, self.months)
        if self.eom:
            day = _with_day(day, 31)
        day += timedelta(days=self.days)
        if self.due_day is None:
            return day
        return _next(self.due_day, day + timedelta(days=1) if self.eom else day)

    def __str__(self) -> str:
        return self.text

    def _in_words(self, remark: str) -> str:
        """Return words that `parse` reads to this very structure, with a remark behind."""
        from customer_registry.domain.values._terms_phrases import said  # noqa: PLC0415  as in parse

        words = said(
            attrs.asdict(self, recurse=False)
            | {
                "discounts": [attrs.astuple(part) for part in self.discounts],
                "installments": [attrs.astuple(part) for part in self.installments],
            }
        )
        plain = "".join(char for char in remark if not _BRACKETS & set(width_folded(char)))
        return f"{words}（原文：{plain}）" if plain else words


@lru_cache(maxsize=512)
def _meant(text: str) -> Mapping[str, Any] | None:
    """Return the sound structure a text means; a company has few terms and writes them often."""
    from customer_registry.domain.values._terms_phrases import meaning  # noqa: PLC0415  compiling the phrases takes milliseconds

    found = meaning(text)
    return None if found is None else _sound(found)


@lru_cache(maxsize=512)
def _monthly(text: str) -> tuple[Mapping[str, Any], ...]:
    """Return the structures that a text about the month's end may mean."""
    from customer_registry.domain.values._terms_phrases import monthly_readings  # noqa: PLC0415  as above

    return monthly_readings(text)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return _with_day(date(year, month + 1, 1), day.day)


def _with_day(day: date, number: int) -> date:
    """Return the month's day `number`, or its last if it is shorter."""
    from calendar import monthrange  # noqa: PLC0415  brings the locale along

    return day.replace(day=min(number, monthrange(day.year, day.month)[1]))


def _next(due_day: int, start: date) -> date:
    candidate = _with_day(start, due_day)
    return candidate if candidate >= start else _with_day(_months_later(start, 1), due_day)


def _sound(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the structure as constructor arguments, its numbers checked."""
    sound = dict(found)
    _check_days(sound.get("days", 0))
    _check("months", sound.get("months", 0), 0, _MOST_MONTHS)
    if sound.get("due_day") is not None:
        _check("due_day", sound["due_day"], 1, 31)
    _check_percent("prepaid_percent", sound.get("prepaid_percent", Decimal(0)))
    sound["discounts"] = tuple(_discount(*part) for part in found.get("discounts", ()))
    sound["installments"] = tuple(_installment(*part) for part in found.get("installments", ()))
    _check("discounts", len(sound["discounts"]), 0, _MOST_DISCOUNTS)
    _check("installments", len(sound["installments"]), 0, _MOST_INSTALLMENTS)
    if sound["installments"]:
        _check("installments", sum(part.percent for part in sound["installments"]), 100, 100)
    return sound


def _discount(percent: Decimal, days: int) -> Discount:
    _check_percent("discounts", percent)
    _check_days(days)
    return Discount(percent=percent, days=days)


def _installment(percent: Decimal, anchor: str, days: int) -> Installment:
    _check_percent("installments", percent)
    _check_days(days)
    return Installment(percent=percent, anchor=anchor, days=days)


def _check(name: str, value: Decimal | int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InvalidValue("payment_term.range", name=name, min=least, max=most)


def _check_percent(name: str, value: Decimal) -> None:
    _check(name, value, 0, 100)


def _check_days(days: int) -> None:
    if not 0 <= days <= _MOST_DAYS:
        raise InvalidValue("credit.days_range", max=_MOST_DAYS)


def _shown(name: str) -> str:
    """Return a name nobody knows; one that may be a stray number keeps its digits to itself."""
    text = line(_text(name), longest=_LONGEST)
    stray = sum(map(str.isdigit, text)) > _MOST_DIGITS
    return "".join("•" if char.isdigit() else char for char in text) if stray else text


def _typed_parts(given: Mapping[str, object]) -> tuple[str, dict[str, Any]]:
    """Split what was typed into the text and the parts of the structure, each of its type."""
    parts = {name: value for name, value in given.items() if not _is_empty(value)}
    for name in parts:
        if name not in _READERS and name != "text":
            raise InvalidValue("field.unknown", name=_shown(name), hint="")
    text = line(_text(parts.pop("text", "")), longest=_LONGEST)
    return text, {name: _READERS[name](value) for name, value in parts.items()}


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value)


def _text(typed: object) -> str:
    if not isinstance(typed, str):
        raise InvalidValue("field.type", expected="text")
    return typed


def _count(typed: object) -> int:
    number = _percent(typed)
    if number != int(number):
        raise InvalidValue("field.type", expected="number")
    return int(number)


def _percent(typed: object) -> Decimal:
    """Read a number or its text, of at most two decimals."""
    if type(typed) is int and abs(typed) < _MOST:
        return Decimal(typed)
    number = re.fullmatch(_NUMBER, _number_text(typed))
    if not number:
        raise InvalidValue("field.type", expected="number")
    return Decimal(_plain(Decimal(number[0])))


def _number_text(typed: object) -> str:
    if isinstance(typed, int) and not isinstance(typed, bool) and abs(typed) < _MOST:
        return str(typed)
    return str(typed) if isinstance(typed, (float, str, Decimal)) else ""


def _flag(typed: object) -> bool:
    if not isinstance(typed, bool):
        raise InvalidValue("field.type", expected="true/false")
    return typed


def _one_of(allowed: Collection[str]) -> Callable[[object], str]:
    def read(typed: object) -> str:
        text = line(_text(typed), longest=_LONGEST)
        if text not in allowed:
            raise InvalidValue("not_in_list", value=text)
        return text

    return read


def _entries(typed: object) -> list[Mapping[str, object]]:
    if not isinstance(typed, (list, tuple)):
        raise InvalidValue("field.type", expected="list")
    entries = cast("list[object] | tuple[object, ...]", typed)
    if not all(isinstance(entry, Mapping) for entry in entries):
        raise InvalidValue("field.type", expected="mapping")
    return [cast("Mapping[str, object]", entry) for entry in entries]


def _discounts(typed: object) -> list[tuple[Decimal, int]]:
    return [(_percent(part.get("percent")), _count(part.get("days"))) for part in _entries(typed)]


def _installments(typed: object) -> list[tuple[Decimal, str, int]]:
    stage = _one_of(STAGES)
    return [
        (_percent(part.get("percent")), stage(part.get("anchor")), _count(part.get("days", 0)))
        for part in _entries(typed)
    ]


def _bare(number: Decimal) -> int | str:
    """Return a number as JSON keeps it exactly: whole ones as numbers, others as text."""
    plain = _plain(number)
    return plain if "." in plain else int(plain)


def _plain(number: Decimal) -> str:
    """Return a number without exponent and without zeros behind the decimals."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_BRACKETS = frozenset("()")
_READERS: dict[str, Callable[[object], object]] = {
    "anchor": _one_of(ANCHORS),
    "eom": _flag,
    "months": _count,
    "days": _count,
    "due_day": _count,
    "prepaid_percent": _percent,
    "discounts": _discounts,
    "installments": _installments,
}
