"""Readers of identifying numbers: of tax, of documents, of bank accounts."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import product

from customer_registry.domain.customer import PartyKind
from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.issues import Severity
from customer_registry.domain.values.absence import says_none
from customer_registry.domain.values.bank import BankAccount, account_number, bic_code, cnaps_code
from customer_registry.domain.values.identifiers import cn_resident_id, cn_uscc, eu_vat
from customer_registry.domain.values.identity import IdentityDocument
from customer_registry.domain.values.invoice import InvoiceProfile
from customer_registry.domain.values.masks import stands_for
from customer_registry.domain.values.tax import NO_NUMBER, TaxIdentifier
from customer_registry.validation.reading.basics import short
from customer_registry.validation.reading.contacts import read_email
from customer_registry.validation.reading.masking import restored, telling_masks, unmasked
from customer_registry.validation.reading.parts import read_entries, read_parts
from customer_registry.validation.reading.typed import (
    Reader,
    attempt,
    each,
    is_blank,
    is_none_said,
    line,
    number_text,
    parsed,
    refuse_unknown,
)
from customer_registry.validation.scene import Scene

__all__ = [
    "read_bank_accounts",
    "read_identity_document",
    "read_invoice_profile",
    "read_tax_identifiers",
]

_NAME = 200
_ADDRESS = 400
_TAX_COUNTRIES = ("CN", "HK", "TW")


def read_tax_identifiers(
    typed: object, scene: Scene, before: Sequence[TaxIdentifier]
) -> tuple[TaxIdentifier, ...]:
    """Read tax numbers, as texts or as mappings of `scheme` and `number`."""
    entries = each(restored(typed, before), scene)
    read = [_read_tax_identifier(one, here) for here, one in entries]
    return tuple(dict.fromkeys(value for value in read if value is not None))


def read_identity_document(
    typed: object, scene: Scene, before: IdentityDocument | None
) -> IdentityDocument | None:
    """Read a document as a mapping of `type` and `number`; a text alone is a resident card's."""
    sort, at, number = _sorted_number("type", typed, scene)
    if number is None or is_none_said(number, at):
        return None
    if before is not None and stands_for(number, before.number, "identity_number"):
        number, sort = str(before.number), sort or before.type
    named = sort or cn_resident_id.SCHEME
    read = telling_masks(lambda words: IdentityDocument.parse(words, named, today=scene.today))
    return attempt(lambda: read(number), at)


def read_bank_accounts(
    typed: object, scene: Scene, before: Sequence[BankAccount]
) -> tuple[BankAccount, ...]:
    """Read a list of bank accounts."""
    return read_entries("bank_account", _read_bank_account, typed, scene, before)


def read_invoice_profile(
    typed: object, scene: Scene, before: InvoiceProfile | None
) -> InvoiceProfile | None:
    """Read what an invoice shows of the customer; parts not typed stay."""
    if is_blank(typed):
        return None
    return read_parts(InvoiceProfile(), _INVOICE_PROFILE, typed, scene, before)


def _read_tax_identifier(typed: object, scene: Scene) -> TaxIdentifier | None:
    scheme, at, number = _sorted_number("scheme", typed, scene)
    if number is None:
        return None
    value = attempt(lambda: _tax_identifier(number, scheme, scene), at)
    if value is None or scene.failed:
        return None
    if scheme is None:
        scene.say("tax_id.scheme_taken", Severity.INFO, params={"scheme": value.scheme})
    scene.meet("tax_identifier", value)
    return value


@telling_masks
def _tax_identifier(number: str, scheme: str | None, scene: Scene) -> TaxIdentifier:
    """Read a number by its scheme, else by country and kind.

    A bare number that its own country refuses may still be a mainland credit code, by its check
    character, or one of the European Union, by its prefix.
    """
    try:
        return TaxIdentifier.parse(number, scheme, country=scene.country, kind=scene.kind)
    except InvalidValue as refusal:
        if scheme is None and (elsewhere := _elsewhere(number, scene.country)):
            return elsewhere
        raise refusal from None


def _elsewhere(number: str, country: str) -> TaxIdentifier | None:
    with suppress(InvalidValue):
        if country != "CN":
            return TaxIdentifier.parse(number, cn_uscc.SCHEME)
    with suppress(InvalidValue):
        if eu_vat.fits(eu_vat.canonical(number)):
            return TaxIdentifier.parse(number, eu_vat.SCHEME)
    return None


def _sorted_number(sort: str, typed: object, scene: Scene) -> tuple[str | None, Scene, str | None]:
    """Return a number's sort and its text, and the scene where the number was typed."""
    if not isinstance(typed, Mapping):
        return None, scene, number_text(typed, scene)
    refuse_unknown(typed, (sort, "number"), scene)
    named = line(typed.get(sort), scene.below(sort))
    at = scene.below("number")
    number = number_text(typed.get("number"), at)
    if named is not None and number is None and not at.failed:
        at.say("required")
    return named, at, number


def _read_bank_account(
    typed: object, scene: Scene, before: BankAccount | None
) -> BankAccount | None:
    if isinstance(typed, Mapping) and _says_none(typed, scene):
        return None
    account = read_parts(BankAccount(number=""), _BANK_ACCOUNT, typed, scene, before)
    if account is not None and not account.number and not scene.failed:
        scene.below("number").say("required")
    return account


def _says_none(parts: Mapping[str, object], scene: Scene) -> bool:
    """Whether all that was filled in says that there is none, and a warning if so."""
    told = [part for part in parts.values() if not is_blank(part)]
    said = [part for part in told if isinstance(part, str) and says_none(part)]
    return bool(said) and len(said) == len(told) and is_none_said(said[0], scene)


def _read_account(typed: object, scene: Scene, _before: object) -> str:
    number = number_text(typed, scene)
    return "" if number is None else attempt(lambda: _account_number(number), scene) or ""


def _read_invoice_account(typed: object, scene: Scene, before: object) -> str | None:
    return _read_account(typed, scene, before) or None


def _read_invoice_tax_number(typed: object, scene: Scene, _before: object) -> str | None:
    """Read a number without its scheme, a company's or a person's; refuse what is sound nowhere."""
    number = number_text(typed, scene)
    if number is None:
        return None
    for country, kind in product((scene.country, *_TAX_COUNTRIES), (scene.kind, *PartyKind)):
        with suppress(InvalidValue):
            read = TaxIdentifier.parse(number, country=country, kind=kind)
            return None if read.scheme == NO_NUMBER else str(read)
    refuse = telling_masks(
        lambda words: TaxIdentifier.parse(words, country=scene.country, kind=scene.kind)
    )
    attempt(lambda: refuse(number), scene)
    return None


def _read_email_text(typed: object, scene: Scene, _before: object) -> str | None:
    email = read_email(typed, scene)
    return None if email is None else str(email)


def _coded(parse: Callable[[str], str]) -> Reader:
    def read(typed: object, scene: Scene, _before: object) -> str | None:
        return parsed(parse, typed, scene)

    return read


_account_number = telling_masks(account_number)
_BANK_ACCOUNT: Mapping[str, Reader] = {
    "bank": short(_NAME),
    "number": unmasked(_read_account, "bank_account", "bank_card"),
    "holder": unmasked(short(_NAME), "person_name"),
    "cnaps": _coded(cnaps_code),
    "bic": _coded(bic_code),
}

_INVOICE_PROFILE: Mapping[str, Reader] = {
    "title": unmasked(short(_NAME), "person_name"),
    "tax_number": unmasked(_read_invoice_tax_number, "identity_number"),
    "address": unmasked(short(_ADDRESS), "address"),
    "phone": unmasked(short(), "mobile", "landline"),
    "bank": short(_NAME),
    "account": unmasked(_read_invoice_account, "bank_account", "bank_card"),
    "invoice_type": short(),
    "email": unmasked(_read_email_text, "email"),
}
