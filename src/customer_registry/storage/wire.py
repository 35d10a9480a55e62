"""Customers, journal bodies and receipts as JSON bytes, and back without judging them again."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, TypeAlias, cast, get_args, get_origin
from uuid import UUID

from customer_registry.domain.customer import (
    Customer,
    CustomerStatus,
    CustomValue,
    PartyKind,
    custom_shape,
)
from customer_registry.domain.errors import StorageCorrupt
from customer_registry.domain.issues import Issue
from customer_registry.domain.journal import Change, JournalEntry, Link
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneKind

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = [
    "linked",
    "read_customer",
    "read_entry",
    "read_issues",
    "read_name",
    "write_customer",
    "write_entry",
    "write_issues",
]


# A name with an escaped character in it is not matched.
_BEGINNING = rb'\{"id":"([-0-9a-f]{36})","code":"[^"\\]*","kind":"[a-z]+","name":"([^"\\]*)"'

_Hook: TypeAlias = Callable[[Any, Any], Any]


def write_customer(customer: Customer) -> bytes:
    """Return a customer's document; raises TypeError for one that holds masks."""
    return _dumped(_writer()(customer))


def read_customer(document: bytes) -> Customer:
    """Return the customer of a document; raises StorageCorrupt for anything else."""
    try:
        return _reader()(_DECODER.decode(document.decode()), Customer)
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise StorageCorrupt("a stored customer cannot be read") from error


def read_name(document: bytes) -> tuple[UUID, str]:
    """Return the id and name that a document begins with, in a thirtieth of the time of all of it.

    Raises StorageCorrupt.
    """
    if (begins := re.match(_BEGINNING, document)) is None:
        customer = read_customer(document)
        return customer.id, customer.name.text
    try:
        return UUID(begins[1].decode()), begins[2].decode()
    except ValueError as error:
        raise StorageCorrupt("a stored customer cannot be read") from error


def write_entry(entry: JournalEntry) -> bytes:
    """Return the body of a journal entry: everything but its number and customer."""
    body = {
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "version": entry.version,
        "changes": [
            [change.path] if change.hidden else [change.path, change.before, change.after]
            for change in entry.changes
        ],
        "reason": entry.reason,
    }
    return _dumped(body)


def linked(entry: JournalEntry, head: tuple[int, bytes], salt: bytes) -> Link:
    """Return the link that chains an entry to the head of a journal."""
    number, previous = head
    return Link.after(
        previous,
        number=number + 1,
        customer_id=entry.customer_id,
        body=write_entry(entry),
        salt=salt,
    )


def read_entry(link: Link) -> JournalEntry:
    """Return the entry a link holds; an erased one says so and nothing else."""
    if link.body is None:
        erased = datetime.min.replace(tzinfo=UTC)
        about = link.customer_id
        return JournalEntry(
            number=link.number, customer_id=about, at=erased, actor="", action="erased"
        )
    try:
        return _entry(link, json.loads(link.body))
    except (ValueError, TypeError, KeyError) as error:
        raise StorageCorrupt(f"journal entry {link.number} cannot be read") from error


def write_issues(issues: tuple[Issue, ...]) -> bytes:
    """Return issues as JSON bytes, without their suggestions."""
    plain = [[issue.code, issue.path, issue.severity, dict(issue.params)] for issue in issues]
    return _dumped(plain)


def read_issues(written: bytes) -> tuple[Issue, ...]:
    """Return the issues that `write_issues` wrote."""
    return tuple(
        Issue(code, tuple(path), severity, params)
        for code, path, severity, params in json.loads(written)
    )


def _entry(link: Link, body: dict[str, Any]) -> JournalEntry:
    return JournalEntry(
        number=link.number,
        customer_id=link.customer_id,
        at=datetime.fromisoformat(body["at"]),
        actor=body["actor"],
        action=body["action"],
        version=body["version"],
        changes=tuple(
            Change(path, *values) if values else Change(path, hidden=True)
            for path, *values in body["changes"]
        ),
        reason=body["reason"],
    )


def _dumped(plain: object) -> bytes:
    return _ENCODER.encode(plain).encode()


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)
_DECODER = json.JSONDecoder()


@cache
def _writer() -> Callable[[Customer], object]:
    """Return what unstructures a customer; asking the converter each time takes a while."""
    return _converter().get_unstructure_hook(Customer)


@cache
def _reader() -> Callable[[object, type[Customer]], Customer]:
    """Return what structures a customer."""
    return _converter().get_structure_hook(Customer)


@cache
def _converter() -> "Converter":
    from cattrs.preconf.json import make_converter  # noqa: PLC0415  paid on first use, not on import

    converter = make_converter(omit_if_default=True, detailed_validation=False)
    # The converter's own ways for these ask again and again what a type is made of.
    converter.register_structure_hook_factory(_is_sequence, _read_sequence)
    converter.register_structure_hook_factory(_is_optional, _read_optional)
    for words in (PartyKind, CustomerStatus, PhoneKind):
        converter.register_structure_hook(words, _read_word(words))
    for text_value in (CustomerCode, EmailAddress, PartyName):
        converter.register_unstructure_hook(text_value, str)
        converter.register_structure_hook(text_value, lambda text, cls: cls(text))
    converter.register_unstructure_hook(UUID, str)
    converter.register_structure_hook(UUID, lambda text, _: UUID(text))
    converter.register_unstructure_hook(datetime, datetime.isoformat)
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    converter.register_unstructure_hook(Money, str)
    converter.register_structure_hook(Money, _read_money)
    for sensitive in (str | Masked, str | Masked | None):
        converter.register_unstructure_hook(sensitive, _write_unmasked)
        converter.register_structure_hook(sensitive, lambda text, _: text)
    converter.register_structure_hook(str | None, _read_text)
    converter.register_unstructure_hook(CustomValue, custom_shape)
    # As a function, because cattrs has an idea of its own about unions of plain types.
    converter.register_structure_hook_func(lambda cls: cls == CustomValue, _read_custom)
    return converter


def _read_money(text: str, _: object) -> Money:
    amount, currency = text.split(" ")
    return Money(Decimal(amount), currency)


def _write_unmasked(value: str | Masked | None) -> str | None:
    if isinstance(value, Masked):
        raise TypeError("a masked value is never stored")
    return value


def _read_text(text: object, _: object) -> str | None:
    if text is not None and type(text) is not str:
        raise ValueError("no text")
    return text


def _is_sequence(cls: Any) -> bool:  # noqa: ANN401  types, generic ones among them
    return get_origin(cls) is tuple and get_args(cls)[1:] == (...,)


def _read_sequence(cls: Any, converter: "Converter") -> _Hook:  # noqa: ANN401  as above
    entry = get_args(cls)[0]
    read = converter.get_structure_hook(entry)
    return lambda entries, _: tuple([read(each, entry) for each in entries])


def _is_optional(cls: Any) -> bool:  # noqa: ANN401  as above
    """Return whether a type is one class, or nothing; the union with masks has a hook."""
    args = get_args(cls)
    return isinstance(cls, UnionType) and len(args) == 2 and args[1] is NoneType  # noqa: PLR2004


def _read_optional(cls: Any, converter: "Converter") -> _Hook:  # noqa: ANN401  as above
    present = get_args(cls)[0]
    read = converter.get_structure_hook(present)
    return lambda value, _: None if value is None else read(value, present)


def _read_word(words: type[StrEnum]) -> _Hook:
    by_text = {word.value: word for word in words}
    return lambda text, _: by_text[text]


def _read_custom(written: object, _: object) -> CustomValue:
    match written:
        case {"decimal": str(text)}:
            return Decimal(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case Mapping():
            raise ValueError("no custom value")
        case _:
            return cast("CustomValue", written)
