"""Readers of the fields a company adds."""

import math
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from customer_registry.domain.customer import CustomValue
from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values import text
from customer_registry.domain.values.masked import SensitiveText
from customer_registry.validation.reading.declared import (
    read_declared,
    reads_as,
    tell_undeclared,
)
from customer_registry.validation.reading.parts import read_names
from customer_registry.validation.reading.typed import parsed, whole_number
from customer_registry.validation.scene import Scene

__all__ = ["read_custom"]

_LONGEST = 4000
_LARGEST = 10**30


def read_custom(
    typed: object, scene: Scene, before: Mapping[str, CustomValue]
) -> dict[str, CustomValue]:
    """Read a mapping of custom fields; a field not typed stays, one typed empty goes.

    Once a company has declared fields, each is read by its declaration and others are told. A
    stored value that comes back as it was is never judged again.
    """
    declared = scene.policy.custom_fields
    if not declared:
        return _as_sensitive(read_names(typed, scene, before, _read_value), before)

    def read(value: object, here: Scene) -> CustomValue:
        name = str(here.path[-1])
        if name in before and reads_as(value, before[name]):
            return before[name]
        if name in declared:
            return read_declared(declared[name], value, here)
        tell_undeclared(name, declared, here)
        return _read_value(value, here)

    return _as_sensitive(read_names(typed, scene, before, read), before)


def _as_sensitive(
    read: dict[str, CustomValue], before: Mapping[str, object]
) -> dict[str, CustomValue]:
    """Return what was read; a text in the place of a sensitive one is sensitive, whoever reads."""
    for name, value in read.items():
        if isinstance(before.get(name), SensitiveText) and type(value) is str:
            read[name] = SensitiveText(value)
    return read


def _read_value(typed: object, scene: Scene) -> CustomValue:
    match typed:
        case None | bool():
            return typed
        case {"decimal": str(words), **more} if not more:
            return parsed(_decimal, words, scene)
        case {"date": str(words), **more} if not more:
            return parsed(_date, words, scene)
        case str():
            return parsed(lambda words: text.block(words, longest=_LONGEST), typed, scene) or None
        case datetime():
            return typed.date()
        case date():
            return typed
        case int() if abs(typed) < _LARGEST:
            return int(typed)  # a subclass would not come back from a file as it went in
        case Decimal() if typed.is_finite() and -_LARGEST < typed < _LARGEST:
            return typed
        case float() if math.isfinite(typed):
            return Decimal(float.__repr__(typed))
        case _:
            return _of_another_library(typed, scene)


def _of_another_library(typed: object, scene: Scene) -> int | None:
    """Read a whole number of a table library, or its blank; anything else is no value."""
    whole = whole_number(typed)
    if whole is None and not (isinstance(typed, float) and math.isnan(typed)):
        scene.say("field.type", params={"expected": "text, number, date, yes/no"})
    return whole


def _decimal(words: str) -> Decimal:
    try:
        number = Decimal(words)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= _LARGEST:
        raise InvalidValue("field.type", expected="number")
    return number


def _date(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise InvalidValue("field.type", expected="date") from None
