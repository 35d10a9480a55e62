"""Rules about names."""

from collections.abc import Iterator

from customer_registry.domain.customer import PartyKind
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values import text
from customer_registry.domain.values.address import PostalAddress
from customer_registry.domain.values.name import PartyName
from customer_registry.domain.values.tax import TaxIdentifier

__all__ = ["RULES"]

_USUAL_LENGTH = 6
_USUAL_FORM = "有限公司"


def personal_name_is_usual(name: PartyName, kind: PartyKind) -> Iterator[Issue]:
    """A Chinese person's name has two to six characters and no digits (户口登记规范 art. 48-50)."""
    if kind is not PartyKind.PERSON:
        return
    if any(char.isdigit() for char in name.text):
        yield Issue("name.digits", severity=Severity.WARNING)
    han = sum(map(text.is_han, name.text))
    if len(name.text) == 1:
        yield Issue("name.too_short", severity=Severity.WARNING)
    elif han > _USUAL_LENGTH and "·" not in name.text:
        yield Issue("name.unusually_long", severity=Severity.WARNING)


def personal_name_is_written_out(name: PartyName, kind: PartyKind) -> Iterator[Issue]:
    """A person's name is the name itself and not a mask of one, 王*.

    Source: the house; a company may well have a star in its name (*ST).
    """
    if kind is PartyKind.PERSON and "*" in text.width_folded(name.text):
        yield Issue("name.looks_masked", severity=Severity.WARNING)


def organization_name_has_a_legal_form(name: PartyName, kind: PartyKind) -> Iterator[Issue]:
    """An organisation's full name ends in its form: 有限公司 (企业名称登记管理规定 2021)."""
    if (
        kind is PartyKind.ORGANIZATION
        and not _says_what_it_is(name.text)
        and _has_scripts_we_read(name.text)
    ):
        yield Issue("name.no_legal_form", severity=Severity.WARNING)


def mainland_name_is_in_chinese(
    name: PartyName,
    kind: PartyKind,
    addresses: tuple[PostalAddress, ...],
    tax_identifiers: tuple[TaxIdentifier, ...],
) -> Iterator[Issue]:
    """A mainland organisation has a Chinese name (企业名称登记管理规定 2021 art. 5)."""
    if (
        kind is PartyKind.ORGANIZATION
        and name.text.isascii()
        and _is_known_in_the_mainland(addresses, tax_identifiers)
    ):
        yield Issue("name.foreign_only", severity=Severity.WARNING)


def _says_what_it_is(name: str) -> bool:
    if name.endswith(_USUAL_FORM) and name != _USUAL_FORM:
        return True
    from customer_registry.domain.values.organization_words import (  # noqa: PLC0415  persons need none
        says_what_it_is,
    )

    return says_what_it_is(name)


def _has_scripts_we_read(name: str) -> bool:
    return any(char.isascii() and char.isalnum() for char in name) or any(map(text.is_han, name))


def _is_known_in_the_mainland(
    addresses: tuple[PostalAddress, ...], tax_identifiers: tuple[TaxIdentifier, ...]
) -> bool:
    """Whether the first address or a tax number is of the mainland; without both nobody knows."""
    if addresses:
        return addresses[0].country == "CN"
    return any(number.scheme.startswith("cn.") for number in tax_identifiers)


RULES = (
    personal_name_is_usual,
    personal_name_is_written_out,
    organization_name_has_a_legal_form,
    mainland_name_is_in_chinese,
)
