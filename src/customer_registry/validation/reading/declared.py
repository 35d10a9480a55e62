"""Readers of the custom fields that a company declares, by their type."""

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, cast

from customer_registry.domain.customer import CustomValue, custom_shape
from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.policy import CustomField, FieldType
from customer_registry.domain.policy.patterns import fits
from customer_registry.domain.spelling import nearest
from customer_registry.domain.values import text
from customer_registry.domain.values.late_pattern import late_pattern
from customer_registry.domain.values.masked import SensitiveText
from customer_registry.validation.reading.typed import (
    attempt,
    is_blank,
    is_number,
    number_text,
    parsed,
    text_of,
    whole_number,
)
from customer_registry.validation.scene import Scene

__all__ = ["read_declared", "reads_as", "tell_undeclared"]

_LONGEST = 4000
_LARGEST = 10**30
_NUMBER = late_pattern(r"[+-]?(?:[0-9]{1,30}|[0-9]{1,3}(?:,[0-9]{3}){1,9})(?:\.[0-9]{1,30})?")
_DATE = late_pattern(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日"
    r"|([0-9]{2})([0-9]{2}))(?:[ T]00:00(?::00)?)?"
)
_YES = frozenset("1 true yes y t on 是 对 真 有 √ ✓".split())
_NO = frozenset("0 false no n f off 否 不 不是 错 假 无 没有 × ✗".split())


def reads_as(typed: object, stored: CustomValue) -> bool:
    """Return whether what was typed is exactly the stored value, or its shape in a form."""
    if isinstance(stored, SensitiveText):
        return isinstance(typed, str) and typed == stored
    shapes = (stored, custom_shape(stored))
    return any(type(typed) is type(shape) and typed == shape for shape in shapes)


def tell_undeclared(name: str, declared: Mapping[str, CustomField], scene: Scene) -> None:
    """Say that no custom field is called so, and which one may be meant."""
    names = {label: field.name for field in declared.values() for label in field.labels.values()}
    names |= {called: called for called in declared}
    near = nearest(name, names)
    meant = names[near] if near else None
    params = {"hint": f" ({meant}?)" if meant else ""}
    scene.say("custom.unknown", suggestion=meant, params=params)


def read_declared(field: CustomField, typed: object, scene: Scene) -> CustomValue:
    """Read a value as its declaration asks; None for nothing or for a refusal said."""
    if is_blank(typed):
        return None
    value: Any = _READERS[field.type](field, typed, scene)
    if field.minimum is not None and value is not None and value < field.minimum:
        scene.say("custom.minimum", params={"minimum": str(field.minimum)})
    if field.maximum is not None and value is not None and value > field.maximum:
        scene.say("custom.maximum", params={"maximum": str(field.maximum)})
    return cast("CustomValue", value)


def _read_text(field: CustomField, typed: object, scene: Scene) -> str | None:
    written = number_text(typed, scene) if is_number(typed) else text_of(typed, scene)
    longest = field.max_length or _LONGEST
    tidy = parsed(lambda words: text.block(words, longest=longest), written, scene)
    if tidy and field.pattern is not None and not fits(field.pattern, tidy):
        scene.say("format", params={"example": field.example or field.pattern})
    if not tidy:
        return None
    return SensitiveText(tidy) if field.sensitive else tidy


def _read_number(_field: CustomField, typed: object, scene: Scene) -> int | Decimal | None:
    match typed:
        case {"decimal": str(words), **more} if not more:
            return attempt(lambda: _exact(words), scene)
        case str():
            return attempt(lambda: _number(typed), scene)
        case bool():
            scene.say("custom.number")
        case int() if abs(typed) < _LARGEST:
            return int(typed)
        case Decimal() if typed.is_finite() and typed.copy_abs() < _LARGEST:
            return typed
        case float() if math.isfinite(typed) and abs(typed) < _LARGEST:
            return Decimal(float.__repr__(typed))
        case _ if (whole := whole_number(typed)) is not None:
            return whole
        case _:
            scene.say("custom.number")
    return None


def _number(words: str) -> int | Decimal:
    """Return a number with all its digits, groups of three allowed."""
    plain = text.width_folded(words[:_LONGEST]).strip().replace("\u2212", "-")
    if not _NUMBER.fullmatch(plain):
        raise InvalidValue("custom.number")
    plain = plain.replace(",", "")
    return Decimal(plain) if "." in plain else int(plain)


def _exact(words: str) -> Decimal:
    """Return the number that a form shows as `{"decimal": …}`."""
    try:
        number = Decimal(words)
    except InvalidOperation:
        raise InvalidValue("custom.number") from None
    if not (number.is_finite() and number.copy_abs() < _LARGEST):
        raise InvalidValue("custom.number")
    return number


def _read_date(_field: CustomField, typed: object, scene: Scene) -> date | None:
    match typed:
        case datetime() if typed.time() == time():
            return typed.date()
        case date() if not isinstance(typed, datetime):
            return typed
        case {"date": str(words), **more} if not more:
            return attempt(lambda: _date(words), scene)
        case str():
            return attempt(lambda: _date(typed), scene)
        case int() if is_number(typed) and len(str(typed)) == len("20240105"):
            return attempt(lambda: _date(str(typed)), scene)
        case _:
            scene.say("custom.date")
            return None


def _date(words: str) -> date:
    found = _DATE.fullmatch(text.width_folded(words[:_LONGEST]).strip())
    if found is None:
        raise InvalidValue("custom.date")
    year, _sign, *parts = found.groups()
    month, day = filter(None, parts)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise InvalidValue("custom.date") from None


def _read_choice(field: CustomField, typed: object, scene: Scene) -> str | None:
    word = parsed(lambda words: text.line(words, longest=_LONGEST), typed, scene)
    if not word:
        return None
    key = text.match_key(word)
    same = next((each for each in field.choices if text.match_key(each) == key), None)
    if same is None:
        scene.say("not_in_list", params={"value": word, "allowed": field.choices})
    return same or word


def _read_bool(_field: CustomField, typed: object, scene: Scene) -> bool | None:
    if isinstance(typed, bool):
        return typed
    word = text.match_key(str(typed)) if isinstance(typed, str) or is_number(typed) else ""
    if word not in _YES | _NO:
        scene.say("custom.bool")
        return None
    return word in _YES


_READERS: Mapping[FieldType, Callable[[CustomField, Any, Scene], Any]] = MappingProxyType(
    {
        FieldType.TEXT: _read_text,
        FieldType.NUMBER: _read_number,
        FieldType.DATE: _read_date,
        FieldType.CHOICE: _read_choice,
        FieldType.BOOL: _read_bool,
    }
)
