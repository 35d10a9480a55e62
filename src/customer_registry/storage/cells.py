"""Where in a customer's document sensitive values stand, each by a name of its own."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias, TypeVar, cast

import attrs

from customer_registry.domain.customer import Customer
from customer_registry.domain.values.masked import Masked, SensitiveText
from customer_registry.domain.values.tax import TaxIdentifier

__all__ = ["Filled", "Place", "filled", "put", "sealed_in", "unmasked"]

Place: TypeAlias = tuple[str, str]
"""The field, and which of its entries: what an envelope is bound to."""

_Value = TypeVar("_Value")
_Way: TypeAlias = tuple[str | int, ...]


@attrs.frozen
class Filled:
    """A sensitive value, the name of its place, and the way to it in the document."""

    place: Place
    way: _Way
    value: str | Masked = attrs.field(repr=False)

    @property
    def plain(self) -> object:
        """The value as a document without keys holds it."""
        return {"sensitive": str(self.value)} if self.place[0] == "custom" else self.value


def filled(customer: Customer) -> Iterator[Filled]:
    """Yield the sensitive values of a customer, masks among them."""
    if (document := customer.identity_document) is not None:
        way = ("identity_document", "number")
        yield Filled(("identity_document.number", document.type), way, document.number)
    if (profile := customer.invoice_profile) is not None:
        if profile.tax_number is not None and _hides(customer, profile.tax_number):
            way = ("invoice_profile", "tax_number")
            yield Filled(("invoice_profile.tax_number", ""), way, profile.tax_number)
        if profile.account is not None:
            way = ("invoice_profile", "account")
            yield Filled(("invoice_profile.account", ""), way, profile.account)
    accounts = ((each.id or "", each.number) for each in customer.bank_accounts)
    yield from map(_filled, _entries("bank_accounts", enumerate(accounts)))
    numbers = (
        (at, (each.scheme, each.number))
        for at, each in enumerate(customer.tax_identifiers)
        if customer.hides(each)
    )
    yield from map(_filled, _entries("tax_identifiers", numbers))
    for name, value in customer.custom.items():
        if isinstance(value, SensitiveText | Masked):
            yield Filled(("custom", name), ("custom", name), value)


def sealed_in(document: Any) -> Iterator[tuple[Place, _Way, Mapping[str, Any]]]:  # noqa: ANN401
    """Yield the envelopes of a document as JSON reads it; raises ValueError for what is none."""
    for place, way, value in list(_written(document)):
        if isinstance(value, Mapping) and "sealed" in value:
            yield place, way, _sound(cast("Mapping[str, Any]", value))


def put(document: Any, way: _Way, value: object) -> None:  # noqa: ANN401  as JSON reads it
    """Let a value stand in a document."""
    for step in way[:-1]:
        document = document[step]
    document[way[-1]] = value


def unmasked(customer: Customer) -> Customer:
    """Return a customer with nothing where masks stand for sensitive values."""
    return attrs.evolve(
        customer,
        identity_document=_blank(customer.identity_document, "number"),
        invoice_profile=_blank(customer.invoice_profile, "tax_number", "account"),
        bank_accounts=tuple(_blank(each, "number") for each in customer.bank_accounts),
        tax_identifiers=tuple(_blank(each, "number") for each in customer.tax_identifiers),
        custom={
            name: "" if isinstance(value, Masked) else value
            for name, value in customer.custom.items()
        },
    )


def _hides(customer: Customer, number: str | Masked) -> bool:
    """Return whether a tax number of an invoice is a person's: a company's is public."""
    return customer.hides(TaxIdentifier(scheme="unchecked", number=number))


def _written(document: Any) -> Iterator[tuple[Place, _Way, object]]:  # noqa: ANN401  as above
    """Yield what a document holds where envelopes may stand."""
    if identity := document.get("identity_document"):
        place = ("identity_document.number", identity["type"])
        yield place, ("identity_document", "number"), identity["number"]
    profile = document.get("invoice_profile") or {}
    for part in ("tax_number", "account"):
        if part in profile:
            yield (f"invoice_profile.{part}", ""), ("invoice_profile", part), profile[part]
    accounts = (
        (each.get("id") or "", each["number"]) for each in document.get("bank_accounts", ())
    )
    yield from _entries("bank_accounts", enumerate(accounts))
    numbers = (
        (at, (each["scheme"], each["number"]))
        for at, each in enumerate(document.get("tax_identifiers", ()))
        if isinstance(each["number"], Mapping)
    )
    yield from _entries("tax_identifiers", numbers)
    for name, value in document.get("custom", {}).items():
        yield ("custom", name), ("custom", name), value


def _entries(
    field: str, entries: Iterable[tuple[int, tuple[str, _Value]]]
) -> Iterator[tuple[Place, _Way, _Value]]:
    """Yield the numbers of a field's entries; those of one name are told apart by their order."""
    met: dict[str, int] = {}
    for at, (name, value) in entries:
        met[name] = times = met.get(name, 0) + 1
        entry = name if times == 1 else f"{name}#{times}"
        yield (f"{field}.number", entry), (field, at, "number"), value


def _filled(entry: tuple[Place, _Way, str | Masked]) -> Filled:
    return Filled(*entry)


def _sound(envelope: Mapping[str, Any]) -> Mapping[str, Any]:
    version = envelope.get("version")
    if set(envelope) != {"sealed", "version"} or type(envelope["sealed"]) is not str:
        raise ValueError("no envelope")
    if type(version) is not int or not 0 < version < 2**63:
        raise ValueError("no version")
    return envelope


_Holder = TypeVar("_Holder")


def _blank(holder: _Holder, *parts: str) -> _Holder:
    """Return a value with nothing in the parts that are masked."""
    masked = [part for part in parts if isinstance(getattr(holder, part, None), Masked)]
    if not masked:
        return holder
    return cast("_Holder", attrs.evolve(cast("Any", holder), **dict.fromkeys(masked, "")))
