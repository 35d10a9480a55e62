"""The checks of every kind of value, each callable alone: no registry, store or policy needed."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import attrs

from customer_registry.domain.customer import PartyKind
from customer_registry.domain.errors import MissingExtra
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.bank import BankAccount, bic_code, cnaps_code
from customer_registry.domain.values.code import CustomerCode
from customer_registry.domain.values.country import CountryCode
from customer_registry.domain.values.email import EmailAddress
from customer_registry.domain.values.identifiers import abroad
from customer_registry.domain.values.identifiers.iban import canonical as canonical_iban
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.money import Money
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.phone import PhoneNumber
from customer_registry.domain.values.tax import TaxIdentifier
from customer_registry.domain.values.terms import PaymentTerms
from customer_registry.validation.reading import READERS
from customer_registry.validation.reading.addresses import read_postal_code
from customer_registry.validation.reading.commerce import read_currency
from customer_registry.validation.reading.contacts import read_email, read_phone
from customer_registry.validation.reading.typed import attempt, parsed
from customer_registry.validation.scene import Entry, Scene
from customer_registry.validation.validator import Read, Validator

__all__ = [
    "Validator",
    "address",
    "bank_account",
    "bic",
    "cnaps",
    "country",
    "credit_limit",
    "currency",
    "customer_code",
    "document_number",
    "email",
    "hk_brn",
    "hk_id",
    "iban",
    "mo_tax",
    "money",
    "org_code",
    "organization_name",
    "payment_terms",
    "person_name",
    "phone",
    "postal_code",
    "resident_id",
    "tax_identifier",
    "tax_number",
    "taxpayer_number",
    "tw_ubn",
    "uscc",
    "website",
]

Value = TypeVar("Value")


def tax_number(scheme: str) -> Validator[TaxIdentifier]:
    """Return the check of numbers of one scheme, such as `cn.uscc` or `eu.vat`.

    A scheme abroad is one of `docs/reference/tax-schemes.md`; who asks for it wants it checked, so
    a wrong check digit is a fault here. Raises MissingExtra where python-stdnum (extra `tax`)
    would be needed and is not installed.

    >>> str(tax_number("tw.ubn").parse("04595257"))
    '04595257'
    >>> [issue.code for issue in tax_number("de.vat")("136695978")]
    ['tax_number.check_digit']
    """
    checked_abroad = abroad.knows(scheme)
    if checked_abroad and not abroad.can_check(scheme):
        raise MissingExtra("tax")

    def read(typed: object, scene: Scene) -> TaxIdentifier | None:
        found = _read_tax_identifier({"scheme": scheme, "number": _number(typed)}, scene)
        if found is not None and checked_abroad:
            attempt(lambda: abroad.canonical(str(found.number), scheme), scene)
        return found

    return Validator(("tax_identifiers",), read)


def document_number(type: str) -> Validator[IdentityDocument]:  # noqa: A002  the field's name
    """Return the check of numbers of one type of document, such as `passport` or `回乡证`.

    >>> document_number("hk.id").ok("A123456(3)")
    True
    """

    def read(typed: object, scene: Scene) -> IdentityDocument | None:
        given = {"type": type, "number": _number(typed)}
        found: IdentityDocument | None = READERS["identity_document"](given, scene, None)
        return found

    return Validator(("identity_document",), read, "identity_document", kind=PartyKind.PERSON)


def _parsed(parse: Callable[[str], Value]) -> Read[Value]:
    return lambda typed, scene: parsed(parse, typed, scene)


def _field(name: str) -> Read[Any]:
    return lambda typed, scene: READERS[name](typed, scene, None)


def _entry(field: str, part: str) -> Read[Any]:
    """Return the reader of one entry of a list, given whole or as the text of its `part`."""

    def read(typed: object, scene: Scene) -> object:
        shown = _shown(typed)
        entry = shown if isinstance(shown, Mapping) else {part: shown}
        return next(iter(READERS[field]([entry], scene, ())), None)

    return read


def _read_tax_identifier(typed: object, scene: Scene) -> TaxIdentifier | None:
    return next(iter(READERS["tax_identifiers"]([_shown(typed)], scene, ())), None)


def _account(part: str, parse: Callable[[str], str]) -> Validator[str]:
    """Return the check of one part of a bank account."""

    def read(typed: object, scene: Scene) -> str | None:
        value = parsed(parse, typed, scene)
        if value is not None:
            account = attrs.evolve(BankAccount(number=""), **{part: value})
            scene.entries.append(Entry("bank_account", scene.path[:-1], account))
        return value

    return Validator(("bank_accounts", part), read)


def _read_postal_code(typed: object, scene: Scene) -> str | None:
    code = read_postal_code(typed, scene)
    if code is not None:
        address = PostalAddress(country=scene.country, postal_code=code)
        scene.entries.append(Entry("address", scene.path[:-1], address))
    return code


def _shown(typed: object) -> object:
    """Return one of our own values as a form shows it, anything else as it is."""
    if not isinstance(typed, (BankAccount, IdentityDocument, PostalAddress, TaxIdentifier)):
        return typed
    return {part.name: getattr(typed, part.name) for part in attrs.fields(type(typed))}


def _number(typed: object) -> object:
    """Return the number of one of our own values, anything else as it is."""
    return typed.number if isinstance(typed, (IdentityDocument, TaxIdentifier)) else typed


phone: Validator[PhoneNumber] = Validator(("phone",), read_phone)
email: Validator[EmailAddress] = Validator(("email",), read_email)

uscc = tax_number("cn.uscc")
taxpayer_number = tax_number("cn.taxpayer")
org_code = tax_number("cn.org_code")
hk_brn = tax_number("hk.brn")
mo_tax = tax_number("mo.tax")
tw_ubn = tax_number("tw.ubn")
tax_identifier = Validator(("tax_identifiers",), _read_tax_identifier)

resident_id = document_number("cn.resident_id")
hk_id = document_number("hk.id")

bank_account: Validator[BankAccount] = Validator(
    ("bank_accounts",), _entry("bank_accounts", "number")
)
cnaps = _account("cnaps", cnaps_code)
iban = _account("number", canonical_iban)
bic = _account("bic", bic_code)

address: Validator[PostalAddress] = Validator(("addresses",), _entry("addresses", "street_address"))
postal_code = Validator(("postal_code",), _read_postal_code)
country = Validator(("addresses", "country"), _parsed(CountryCode.parse))

person_name: Validator[PartyName] = Validator(
    ("name",), _field("name"), "name", kind=PartyKind.PERSON
)
organization_name: Validator[PartyName] = Validator(("name",), _field("name"), "name")

money: Validator[Money] = Validator(("credit_limit",), _field("credit_limit"))
credit_limit: Validator[Money] = Validator(
    ("credit_limit",), _field("credit_limit"), "credit_limit"
)
payment_terms: Validator[PaymentTerms] = Validator(
    ("payment_terms",), _field("payment_terms"), "payment_terms"
)
currency = Validator(("currency",), read_currency)
customer_code = Validator(("code",), _parsed(CustomerCode.parse))
website: Validator[str] = Validator(("website",), _field("website"))
