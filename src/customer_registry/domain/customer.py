"""A customer, always sound, beside the raw mapping that people type."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias, TypedDict, cast
from uuid import UUID

import attrs

from customer_registry.domain.errors import RegistryError
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.bank import BankAccount
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.custody import NO_CUSTODY, Consent, Custody
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.tax import NO_NUMBER, TaxIdentifier
from customer_registry.domain.values.terms import PaymentTerms

__all__ = [
    "SMALL_FORM",
    "CustomValue",
    "Customer",
    "CustomerStatus",
    "PartyKind",
    "RawCustomer",
    "StaleVersion",
    "custom_shape",
]

CustomValue: TypeAlias = str | int | bool | Decimal | date | None


class PartyKind(StrEnum):
    """What a customer is: a natural person, or an organisation (个体工商户 included)."""

    PERSON = "person"
    ORGANIZATION = "organization"


class CustomerStatus(StrEnum):
    """Where a customer stands in business; approval is an axis of its own."""

    PROSPECT = "prospect"
    ACTIVE = "active"
    BLOCKED = "blocked"
    INACTIVE = "inactive"
    BLACKLISTED = "blacklisted"

    def may_become(self, other: "CustomerStatus") -> bool:
        """Return whether the trade knows the way from this status to `other`.

        >>> CustomerStatus.ACTIVE.may_become(CustomerStatus.BLOCKED)
        True
        """
        return other is CustomerStatus.BLACKLISTED or other in _WAYS[self]


_WAYS = {
    CustomerStatus.PROSPECT: {CustomerStatus.ACTIVE},
    CustomerStatus.ACTIVE: {CustomerStatus.BLOCKED, CustomerStatus.INACTIVE},
    CustomerStatus.BLOCKED: {CustomerStatus.ACTIVE, CustomerStatus.INACTIVE},
    CustomerStatus.INACTIVE: {CustomerStatus.ACTIVE},
    CustomerStatus.BLACKLISTED: {CustomerStatus.INACTIVE},
}


class RawCustomer(TypedDict, total=False):
    """A customer as typed: text, number, bool, list or mapping, as JSON or a form gives it.

    `phone email contact address postal_code` are the small form: they mean the primary contact and
    address. A mapping may also carry `id` and `version`, read-only echoes of what was shown.
    """

    code: object
    status: object
    kind: object
    name: object
    short_name: object
    foreign_name: object
    mnemonic: object
    contacts: object
    addresses: object
    tax_identifiers: object
    identity_document: object
    bank_accounts: object
    invoice_profile: object
    grade: object
    credit_rating: object
    credit_limit: object
    payment_terms: object
    payment_method: object
    currency: object
    tags: object
    category: object
    industry: object
    source: object
    owner: object
    department: object
    sales_region: object
    parent: object
    website: object
    legal_representative: object
    notes: object
    consents: object
    custom: object
    phone: object
    email: object
    contact: object
    address: object
    postal_code: object


SMALL_FORM: Mapping[str, str] = MappingProxyType(
    {
        "contact": "contacts.name",
        "phone": "contacts.phones",
        "email": "contacts.emails",
        "address": "addresses.street_address",
        "postal_code": "addresses.postal_code",
    }
)
"""The flat fields of a small form, and the part of the first entry that each one means."""


@attrs.frozen(kw_only=True, repr=False)
class Customer:
    """A registered customer: frozen, made of sound values only.

    Times are aware and in UTC. `credit_limit` None means not controlled, an amount of 0 no credit.
    `verified_at` is when somebody made sure of kind, name and numbers; a change of them clears it.
    Fields that a reader may not see hold `Masked`; two customers are equal when all fields are.
    """

    id: UUID
    code: CustomerCode
    kind: PartyKind
    name: PartyName
    version: int = 1
    status: CustomerStatus = CustomerStatus.ACTIVE
    approval: str = "none"
    merged_into: UUID | None = None
    former_codes: tuple[CustomerCode, ...] = ()
    short_name: str | None = None
    foreign_name: str | None = None
    mnemonic: str | None = None
    contacts: tuple[Contact, ...] = ()
    addresses: tuple[PostalAddress, ...] = ()
    tax_identifiers: tuple[TaxIdentifier, ...] = ()
    identity_document: IdentityDocument | None = None
    bank_accounts: tuple[BankAccount, ...] = ()
    invoice_profile: InvoiceProfile | None = None
    grade: str | None = None
    credit_rating: str | None = None
    credit_limit: Money | Masked | None = None
    payment_terms: PaymentTerms | None = None
    payment_method: str | None = None
    currency: str | None = None
    tags: tuple[str, ...] = ()
    category: str | None = None
    industry: str | None = None
    source: str | None = None
    owner: str | None = None
    department: str | None = None
    sales_region: str | None = None
    parent: CustomerCode | None = None
    website: str | None = None
    legal_representative: str | Masked | None = None
    notes: str | Masked | None = None
    custom: Mapping[str, CustomValue | Masked] = attrs.field(
        factory=dict, converter=FrozenMapping[str, CustomValue | Masked]
    )
    consents: tuple[Consent, ...] = ()
    created_at: datetime
    updated_at: datetime
    verified_at: datetime | None = None
    custody: Custody = NO_CUSTODY

    @property
    def primary_contact(self) -> Contact | None:
        """The contact marked as primary, else the first one."""
        marked = (contact for contact in self.contacts if contact.is_primary)
        return next(marked, self.contacts[0] if self.contacts else None)

    @property
    def phones(self) -> tuple[PhoneNumber | Masked, ...]:
        """All phone numbers, contact by contact."""
        return tuple(phone for contact in self.contacts for phone in contact.phones)

    @property
    def emails(self) -> tuple[EmailAddress | Masked, ...]:
        """All e-mail addresses, contact by contact."""
        return tuple(email for contact in self.contacts for email in contact.emails)

    @property
    def primary_email(self) -> EmailAddress | Masked | None:
        """The first e-mail address of the primary contact, else the first of the others."""
        return next((email for contact in self._by_rank for email in contact.emails), None)

    def phone_for(self, use: str) -> PhoneNumber | Masked | None:
        """Return the phone number marked for a use such as `mobile`, else the first one.

        The primary contact is asked before the others.
        """
        phones = [phone for contact in self._by_rank for phone in contact.phones]
        meant = (each for each in phones if isinstance(each, PhoneNumber) and each.use == use)
        return next(meant, phones[0] if phones else None)

    @property
    def _by_rank(self) -> tuple[Contact, ...]:
        """The contacts, the primary one first."""
        first = self.primary_contact
        return tuple(sorted(self.contacts, key=lambda contact: contact is not first))

    def hides(self, tax_identifier: TaxIdentifier) -> bool:
        """Return whether a tax number is a person's, which makes it sensitive."""
        of_a_person = self.kind is PartyKind.PERSON and tax_identifier.scheme != NO_NUMBER
        return of_a_person or tax_identifier.is_personal

    def address_for(self, purpose: str) -> PostalAddress | None:
        """Return the address for a purpose such as `billing`, else the first one."""
        meant = (address for address in self.addresses if purpose in address.purposes)
        return next(meant, self.addresses[0] if self.addresses else None)

    def raw(self, *, as_new: bool = False) -> dict[str, object]:
        """Return the customer as a form shows it, every field present and None where empty.

        It is made of what JSON can hold; custom numbers and dates are `{"decimal": "1.5"}` and
        `{"date": "2026-11-24"}`.

        `update(customer, customer.raw())` changes nothing. With `as_new` the result registers
        another customer alike: without id, code and version, without the numbers and accounts
        that only one customer can have, and its entries are new ones.
        """
        shown = {name: shape(getattr(self, name)) for name, shape in _SHAPES.items()}
        return _as_new(shown) if as_new else shown

    def __repr__(self) -> str:
        return f"Customer(code={str(self.code)!r}, kind={str(self.kind)!r}, version={self.version})"

    def __hash__(self) -> int:
        return hash((self.id, self.version))


class StaleVersion(RegistryError):
    """Somebody saved this customer since it was read; nothing was overwritten.

    `current` is the customer as it stands, `theirs` the fields changed since the version that
    was read, `overlap` those of them that this edit wanted to change as well.
    """

    def __init__(self, current: Customer, theirs: Iterable[str], overlap: Iterable[str]) -> None:
        super().__init__(f"{current.code} is at version {current.version} by now")
        self.current = current
        self.theirs = tuple(theirs)
        self.overlap = tuple(overlap)


_ONE_OF_A_KIND = frozenset(
    {
        "id",
        "code",
        "version",
        "tax_identifiers",
        "identity_document",
        "bank_accounts",
        "consents",
    }
)
_ONES_OWN_PARTS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "contacts": frozenset({"id"}),
        "addresses": frozenset({"id"}),
        "invoice_profile": frozenset({"tax_number", "bank", "account"}),
    }
)


def _as_new(shown: Mapping[str, object]) -> dict[str, object]:
    """Return a form without what belongs to one customer alone."""
    return {
        name: _without(_ONES_OWN_PARTS.get(name, frozenset()), value)
        for name, value in shown.items()
        if name not in _ONE_OF_A_KIND
    }


def _without(left_out: frozenset[str], value: object) -> object:
    """Return a mapping, or each mapping of a list, without some of its parts."""
    if not left_out:
        return value
    if isinstance(value, list):
        return [_without(left_out, entry) for entry in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    parts = cast("dict[str, object]", value)
    return {part: what for part, what in parts.items() if part not in left_out}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _as_is(value: object) -> object:
    return value


def _phone(phone: PhoneNumber | Masked) -> object:
    if isinstance(phone, Masked):
        return phone.text
    return {"number": phone.international, "use": phone.use} if phone.use else phone.international


def _contact(contact: Contact) -> dict[str, object]:
    return {
        "id": contact.id,
        "name": _text(contact.name),
        "title": contact.title,
        "phones": [_phone(phone) for phone in contact.phones],
        "emails": [str(email) for email in contact.emails],
        "messengers": {name: str(held) for name, held in contact.messengers.items()},
        "language": contact.language,
        "is_primary": contact.is_primary,
    }


def _parts(value: "attrs.AttrsInstance") -> dict[str, object]:
    return {field.name: _part(getattr(value, field.name)) for field in attrs.fields(type(value))}


def _part(part: object) -> object:
    if isinstance(part, tuple):
        return [_part(each) for each in part]
    return part if part is None or isinstance(part, (str, int)) else str(part)


def _optional_parts(value: "attrs.AttrsInstance | None") -> dict[str, object] | None:
    return None if value is None else _parts(value)


def _terms(terms: PaymentTerms | None) -> object:
    return None if terms is None else terms.to_mapping()


def _custom(custom: Mapping[str, CustomValue | Masked]) -> dict[str, object]:
    return {name: custom_shape(value) for name, value in custom.items()}


def custom_shape(value: CustomValue | Masked) -> object:
    """Return a custom value as JSON holds it, its type beside it where JSON has none."""
    match value:
        case Decimal():
            return {"decimal": str(value)}
        case date():
            return {"date": value.isoformat()}
        case Masked():
            return value.text
        case _:
            return value


def _consent(consent: Consent) -> dict[str, object]:
    return {**_parts(consent), "basis": consent.basis.value}


def _list_of(shape: Callable[..., object]) -> Callable[..., object]:
    return lambda entries: [shape(entry) for entry in entries]


_SHAPES: dict[str, Callable[..., object]] = {
    "id": _text,
    "code": _text,
    "version": _as_is,
    "status": _text,
    "kind": _text,
    "name": _text,
    "short_name": _as_is,
    "foreign_name": _as_is,
    "mnemonic": _as_is,
    "contacts": _list_of(_contact),
    "addresses": _list_of(_parts),
    "tax_identifiers": _list_of(_parts),
    "identity_document": _optional_parts,
    "bank_accounts": _list_of(_parts),
    "invoice_profile": _optional_parts,
    "grade": _as_is,
    "credit_rating": _as_is,
    "credit_limit": _text,
    "payment_terms": _terms,
    "payment_method": _as_is,
    "currency": _as_is,
    "tags": list,
    "category": _as_is,
    "industry": _as_is,
    "source": _as_is,
    "owner": _as_is,
    "department": _as_is,
    "sales_region": _as_is,
    "parent": _text,
    "website": _as_is,
    "legal_representative": _text,
    "notes": _text,
    "consents": _list_of(_consent),
    "custom": _custom,
}
