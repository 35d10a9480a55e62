"""Customers, journal bodies and receipts as JSON bytes, and back without judging them again."""

import json
import re
from binascii import unhexlify
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast, get_args, get_origin
from uuid import UUID

from customer_registry.domain.customer import Customer, CustomerStatus, CustomValue, PartyKind
from customer_registry.domain.errors import StorageCorrupt
from customer_registry.domain.issues import Issue
from customer_registry.domain.journal import Change, JournalEntry, Link
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.custody import LawfulBasis
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.masked import Masked, SensitiveText
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneKind, PhoneNumber
from customer_registry.storage.writing import unstructured

if TYPE_CHECKING:
    from cattrs import Converter

__all__ = [
    "Act",
    "read_act",
    "read_customer",
    "read_document",
    "read_entry",
    "read_fields",
    "read_issues",
    "read_name",
    "read_time",
    "write_customer",
    "write_entry",
    "write_fields",
    "write_issues",
]


# A name with an escaped character in it is not matched.
_BEGINNING = rb'\{"id":"([-0-9a-f]{36})","code":"[^"\\]*","kind":"[a-z]+","name":"([^"\\]*)"'

_ACT = (
    rb'\{"at":"[^"]*","actor":"[^"\\]*(?:\\.[^"\\]*)*","action":"([a-z_]+)"'
    rb',"version":([0-9]{1,18}|null)(?:,"document":"([0-9a-f]{64})")?,"changes":\['
)

_Hook: TypeAlias = Callable[[Any, Any], Any]


class Act(NamedTuple):  # one is made of every entry that is followed, and attrs takes longer
    """What was done, the version that was written, and the digest of the document if there is one.

    Entries from before there were digests have none.
    """

    action: str
    version: int | None
    document: bytes | None


def write_customer(customer: Customer, seal: Callable[[Any], object] | None = None) -> bytes:
    """Return a customer's document; raises TypeError for one that holds masks.

    `seal` puts envelopes in the place of what is sensitive.
    """
    plain = unstructured(customer)
    if seal is not None:
        seal(plain)
    return _dumped(plain)


def read_customer(document: bytes, unseal: Callable[[Any], object] | None = None) -> Customer:
    """Return the customer of a document; raises StorageCorrupt for anything else.

    `unseal` puts texts, or masks, in the place of envelopes.
    """
    try:
        plain = _DECODER.decode(document.decode())
        if unseal is not None:
            unseal(plain)
        return _reader()(plain, Customer)
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


def write_entry(entry: JournalEntry, document: bytes | None = None) -> bytes:
    """Return the body of a journal entry: everything but its number and customer.

    `document` is the digest of what the act wrote of the customer.
    """
    body = {
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "version": entry.version,
        **({} if document is None else {"document": document.hex()}),
        "changes": [
            [change.path] if change.hidden else [change.path, change.before, change.after]
            for change in entry.changes
        ],
        "reason": entry.reason,
    }
    return _dumped(body)


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


def read_act(link: Link) -> Act:
    """Return what a body says of its act, in a tenth of the time of the whole entry.

    Raises StorageCorrupt.
    """
    begins = None if link.body is None else _act_pattern().match(link.body)
    if begins is None:
        return _act(read_entry(link))
    action, version, document = begins.groups()
    return Act(
        action.decode(),
        None if version == b"null" else int(version),
        None if document is None else unhexlify(document),
    )


def read_document(body: bytes) -> bytes | None:
    """Return the digest of the document that an act wrote; None where its body tells of none."""
    begins = _act_pattern().match(body)
    digest = None if begins is None else begins[3]
    return None if digest is None else unhexlify(digest)


def read_time(link: Link) -> datetime | None:
    """Return when an act was done, without reading the rest; None for one that was erased.

    Raises StorageCorrupt.
    """
    if link.body is None:
        return None
    try:
        return datetime.fromisoformat(link.body[7 : link.body.index(b'"', 7)].decode())
    except ValueError:
        return read_entry(link).at


@cache
def _act_pattern() -> re.Pattern[bytes]:
    return re.compile(_ACT)


def _act(entry: JournalEntry) -> Act:
    """Return the act of an entry that nobody of us wrote like that."""
    version: object = entry.version
    if type(version) is not int or version < 0:
        version = None
    return Act(str(entry.action), version, None)


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


def write_fields(fields: Mapping[str, object]) -> bytes:
    """Return fields as a form shows them as JSON bytes."""
    return _dumped(dict(fields))


def read_fields(written: bytes) -> dict[str, object]:
    """Return the fields that `write_fields` wrote; raises ValueError for anything else."""
    fields: object = json.loads(written)
    if not isinstance(fields, dict):
        raise ValueError("no fields")  # noqa: TRY004  as all else that is none
    return cast("dict[str, object]", fields)


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


_ENCODER = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,  # sound values hold no other in turn
    separators=(",", ":"),
    default=str,
)
_DECODER = json.JSONDecoder()


@cache
def _reader() -> Callable[[object, type[Customer]], Customer]:
    """Return what structures a customer; asking the converter each time takes a while."""
    return _converter().get_structure_hook(Customer)


@cache
def _converter() -> "Converter":
    from cattrs.preconf.json import make_converter  # noqa: PLC0415  paid on first use, not on import

    converter = make_converter(detailed_validation=False)
    # The converter's own ways for these ask again and again what a type is made of.
    converter.register_structure_hook_factory(_is_sequence, _read_sequence)
    converter.register_structure_hook_factory(_is_optional, _read_optional)
    for words in (PartyKind, CustomerStatus, PhoneKind, LawfulBasis):
        converter.register_structure_hook(words, _read_word(words))
    for text_value in (CustomerCode, EmailAddress, PartyName):
        converter.register_structure_hook(text_value, lambda text, cls: cls(text))
    converter.register_structure_hook(UUID, lambda text, _: UUID(text))
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text))
    converter.register_structure_hook(Decimal, lambda text, _: Decimal(text))
    converter.register_structure_hook(Money, _read_money)
    # As functions, because cattrs has ideas of its own about unions of plain types.
    converter.register_structure_hook_func(lambda cls: cls in _SENSITIVE, _read_sensitive)
    converter.register_structure_hook(str | None, _read_text)
    for shown in (EmailAddress, PhoneNumber, Money):
        _maskable(converter, shown)
    converter.register_structure_hook_func(lambda cls: cls in _CUSTOM, _read_custom)
    return converter


def _read_money(text: str, _: object) -> Money:
    amount, currency = text.split(" ")
    return Money(Decimal(amount), currency)


_SENSITIVE = (str | Masked, str | Masked | None)
_CUSTOM = (CustomValue, CustomValue | Masked)


def _maskable(converter: "Converter", shown: Any) -> None:  # noqa: ANN401  a class
    """Let a value be read where a mask could stand."""
    read = converter.get_structure_hook(shown)

    def read_shown(written: object, _: object) -> object:
        return None if written is None else read(written, shown)

    for union in (shown | Masked, shown | Masked | None):
        converter.register_structure_hook(union, read_shown)


def _read_sensitive(text: object, _: object) -> str | Masked | None:
    return text if isinstance(text, Masked) else _read_text(text, _)


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
        case {"sensitive": str(text)}:
            return SensitiveText(text)
        case {"decimal": str(text)}:
            return Decimal(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case Mapping():
            raise ValueError("no custom value")
        case _:
            return cast("CustomValue", written)
