"""A customer as somebody sees it who may not see all of it."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import attrs

from customer_registry.domain.access.sight import MASKABLE, Sight
from customer_registry.domain.customer import Customer, CustomValue
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.bank import BankAccount, looks_like_personal_card
from customer_registry.domain.values.contact import Contact
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.domain.values.masked import Masked
from customer_registry.domain.values.masks import MaskKind, mask, phone_mask
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.tax import NO_NUMBER, TaxIdentifier

__all__ = ["HIDDEN", "seen"]

HIDDEN = Masked("****")
"""What stands for a value of which nothing may be known, not even whether there is one."""

_NOWHERE = "ZZ"
"""The country of a hidden address: ISO 3166 leaves it to users, CLDR calls it unknown."""


def seen(
    customer: Customer, sight: Callable[[str], Sight], fields: Iterable[str] = MASKABLE
) -> Customer:
    """Return a customer with masks where `sight` shows less; the very same where it shows all.

    A masked field is like the stored one, its values masked: how many there are can be seen. A
    hidden one is the same whatever is stored. `fields` are those of which less may be shown.
    """
    changed: dict[str, Any] = {}
    for field in fields:
        if field == "custom":
            if (shown := _custom(customer.custom, sight)) != customer.custom:
                changed[field] = shown
        elif (level := sight(field)) is Sight.HIDDEN:
            changed[field] = _HIDDEN[field]
        elif level is Sight.MASKED and getattr(customer, field):
            changed[field] = _MASKED[field](customer)
    if not changed:
        return customer
    parts = {name: getattr(customer, name) for name in _NAMES}  # a third of what evolve takes
    return Customer(**{**parts, **changed})


_NAMES = tuple(field.name for field in attrs.fields(Customer))


_HIDDEN: Mapping[str, object] = MappingProxyType(
    {
        "contacts": (Contact(name=HIDDEN, phones=(HIDDEN,), emails=(HIDDEN,)),),
        "addresses": (PostalAddress(country=_NOWHERE, street_address=HIDDEN, postal_code=HIDDEN),),
        "tax_identifiers": (TaxIdentifier(HIDDEN.text, HIDDEN),),
        "identity_document": IdentityDocument(HIDDEN.text, HIDDEN),
        "bank_accounts": (BankAccount(bank=HIDDEN, number=HIDDEN),),
        "invoice_profile": InvoiceProfile(title=HIDDEN, tax_number=HIDDEN, account=HIDDEN),
        "credit_limit": HIDDEN,
        "legal_representative": HIDDEN,
        "notes": HIDDEN,
    }
)


def _custom(
    custom: Mapping[str, CustomValue | Masked], sight: Callable[[str], Sight]
) -> dict[str, CustomValue | Masked]:
    """Return a company's own fields, each by its own sight; hidden ones are left out."""
    levels = {name: sight(f"custom.{name}") for name in custom}
    return {
        name: value if levels[name] >= Sight.SEEN else HIDDEN
        for name, value in custom.items()
        if levels[name] is not Sight.HIDDEN
    }


def _text(kind: MaskKind, value: str | Masked | None) -> Masked | None:
    """Return the mask of a text; a mask that a store without its key gave stays one."""
    if value is None or isinstance(value, Masked):
        return value
    return Masked(mask(value, kind))


def _number(kind: MaskKind, number: str | Masked) -> Masked:
    return number if isinstance(number, Masked) else Masked(mask(number, kind))


def _phone(phone: PhoneNumber | Masked) -> Masked:
    return phone if isinstance(phone, Masked) else Masked(mask(phone, phone_mask(phone)))


def _email(email: EmailAddress | Masked) -> Masked:
    return email if isinstance(email, Masked) else Masked(mask(email, "email"))


def _contacts(customer: Customer) -> tuple[Contact, ...]:
    return tuple(
        attrs.evolve(
            contact,
            name=_text("person_name", contact.name),
            phones=tuple(map(_phone, contact.phones)),
            emails=tuple(map(_email, contact.emails)),
            messengers=dict.fromkeys(contact.messengers, HIDDEN),
        )
        for contact in customer.contacts
    )


def _addresses(customer: Customer) -> tuple[PostalAddress, ...]:
    return tuple(
        attrs.evolve(
            address,
            street_address=_text("address", address.street_address),
            postal_code=None if address.postal_code is None else HIDDEN,
        )
        for address in customer.addresses
    )


def _tax_identifiers(customer: Customer) -> tuple[TaxIdentifier, ...]:
    return tuple(map(partial(_tax_identifier, customer), customer.tax_identifiers))


def _tax_identifier(customer: Customer, held: TaxIdentifier) -> TaxIdentifier:
    """Return a tax number masked, but for a company's own, which is public, and a stated lack."""
    if held.scheme == NO_NUMBER or isinstance(held.number, Masked):
        return held
    kind: MaskKind = "identity_number" if customer.hides(held) else "tax_number"
    shown = mask(held.number, kind)
    return held if shown == held.number else attrs.evolve(held, number=Masked(shown))


def _identity_document(customer: Customer) -> IdentityDocument | None:
    held = customer.identity_document
    return held and attrs.evolve(held, number=_number("identity_number", held.number))


def _bank_accounts(customer: Customer) -> tuple[BankAccount, ...]:
    return tuple(
        attrs.evolve(
            account,
            number=_number(_account_kind(account.number), account.number),
            holder=_text("person_name", account.holder),
        )
        for account in customer.bank_accounts
    )


def _account_kind(number: str | Masked | None) -> MaskKind:
    is_card = isinstance(number, str) and looks_like_personal_card(number)
    return "bank_card" if is_card else "bank_account"


def _invoice_profile(customer: Customer) -> InvoiceProfile | None:
    held = customer.invoice_profile
    return held and attrs.evolve(
        held,
        tax_number=_text("identity_number", held.tax_number),
        address=_text("address", held.address),
        phone=_text("landline", held.phone),
        account=_text(_account_kind(held.account), held.account),
        email=_text("email", held.email),
    )


def _legal_representative(customer: Customer) -> Masked | None:
    return _text("person_name", customer.legal_representative)


def _whole(_: Customer) -> Masked:
    return HIDDEN


_MASKED: Mapping[str, Callable[[Customer], object]] = MappingProxyType(
    {
        "contacts": _contacts,
        "addresses": _addresses,
        "tax_identifiers": _tax_identifiers,
        "identity_document": _identity_document,
        "bank_accounts": _bank_accounts,
        "invoice_profile": _invoice_profile,
        "credit_limit": _whole,
        "legal_representative": _legal_representative,
        "notes": _whole,
    }
)
