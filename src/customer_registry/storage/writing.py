"""Sound values as the plain ones of a document, without the fields that say the usual."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NoReturn, TypeAlias
from uuid import UUID

import attrs

from customer_registry.domain.customer import CustomValue, custom_shape
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.masked import Masked, SensitiveText
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.name import PartyName

__all__ = ["unstructured"]

_Way: TypeAlias = Callable[[Any], object]


def unstructured(value: object) -> object:
    """Return a value as JSON can hold it; raises TypeError for a mask and for what is none of ours.

    >>> unstructured(Money.parse("1200.5"))
    '1200.5 CNY'
    """
    kind: type = type(value)
    return _way(kind)(value)


@cache
def _way(kind: type) -> _Way:
    """Return how values of a kind are written."""
    if kind in _WAYS:
        return _WAYS[kind]
    if attrs.has(kind):
        return _by_fields(kind)
    if issubclass(kind, (str, int, type(None))):
        return _as_is
    raise TypeError(f"{kind.__name__} is never stored")


def _by_fields(kind: type[attrs.AttrsInstance]) -> _Way:
    """Write what a class must be told first, then what is not the usual."""
    told = sorted(attrs.fields(kind), key=lambda field: field.default is not attrs.NOTHING)
    names = tuple(field.name for field in told)
    usual = tuple(_usual(field.default) for field in told)
    held = attrgetter(*names)

    def write(value: object) -> dict[str, object]:
        return {
            name: part if type(part) is str else unstructured(part)
            for name, usually, part in zip(names, usual, held(value), strict=True)
            if part is not usually and part != usually
        }

    return write


def _usual(default: Any) -> object:  # noqa: ANN401  attrs types it so
    factory = getattr(default, "factory", None)
    return default if factory is None else factory()


def _as_is(value: object) -> object:
    return value


def _entries(values: tuple[object, ...]) -> list[object]:
    return [unstructured(value) for value in values]


def _named(values: Mapping[str, CustomValue | Masked]) -> dict[str, object]:
    return {name: _custom(value) for name, value in values.items()}


def _custom(value: CustomValue | Masked) -> object:
    if isinstance(value, Masked):
        _refuse(value)
    return {"sensitive": str(value)} if isinstance(value, SensitiveText) else custom_shape(value)


def _refuse(_: Masked) -> NoReturn:
    raise TypeError("a masked value is never stored")


_WAYS: Mapping[type, _Way] = MappingProxyType(
    {
        CustomerCode: str,
        Decimal: str,
        EmailAddress: str,
        FrozenMapping: _named,
        Masked: _refuse,
        Money: str,
        PartyName: str,
        UUID: str,
        date: date.isoformat,
        datetime: datetime.isoformat,
        tuple: _entries,
    }
)
