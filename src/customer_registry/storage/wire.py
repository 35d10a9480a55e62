"""Customers, journal bodies and receipts as JSON bytes, and back without judging them again."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from customer_registry.domain.customer import Customer, CustomValue, custom_shape
from customer_registry.domain.errors import StorageCorrupt
from customer_registry.domain.issues import Issue
from customer_registry.domain.journal import Change, JournalEntry, Link
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.name import PartyName

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = [
    "linked",
    "read_customer",
    "read_entry",
    "read_issues",
    "write_customer",
    "write_entry",
    "write_issues",
]


def write_customer(customer: Customer) -> bytes:
    """Return a customer's document; raises TypeError for one that holds masks."""
    return _dumped(_converter().unstructure(customer, Customer))


def read_customer(document: bytes) -> Customer:
    """Return the customer of a document; raises StorageCorrupt for anything else."""
    try:
        return _converter().structure(json.loads(document), Customer)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
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
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"), default=str).encode()


@cache
def _converter() -> "Converter":
    from cattrs.preconf.json import make_converter  # noqa: PLC0415  paid on first use, not on import

    converter = make_converter(omit_if_default=True, detailed_validation=False)
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
