"""What is worth a second look at a bank account."""

from collections.abc import Iterator

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.bank import (
    BankAccount,
    bank_of,
    cnaps_check_ok,
    looks_like_personal_card,
    luhn_ok,
)
from customer_registry.domain.values.identifiers import bic, iban

__all__ = ["RULES"]


def bank_card_number_passes_luhn(bank_account: BankAccount) -> Iterator[Issue]:
    """A personal card's number ends in its check digit (ISO/IEC 7812), an account's does not."""
    number = bank_account.number
    if isinstance(number, str) and looks_like_personal_card(number) and not luhn_ok(number):
        yield Issue("bank_card.luhn", ("number",), Severity.WARNING)


def cnaps_check_digit_is_right(bank_account: BankAccount) -> Iterator[Issue]:
    """A payment system code (联行号) ends in its check digit (GB/T 17710, ISO 7064 MOD 11,10)."""
    if bank_account.cnaps and not cnaps_check_ok(bank_account.cnaps):
        yield Issue("cnaps.check_digit", ("cnaps",), Severity.WARNING)


def iban_has_the_length_of_its_country(bank_account: BankAccount) -> Iterator[Issue]:
    """An IBAN is as long as its country registered it (ISO 13616, registry release 101)."""
    number = bank_account.number
    if not isinstance(number, str) or not iban.looks_like_iban(number):
        return
    country, expected = number[:2], iban.expected_length(number)
    if expected is None:
        yield Issue("iban.country", ("number",), Severity.WARNING, {"country": country})
    elif len(number) != expected:
        params = {"country": country, "expected": expected, "len": len(number)}
        yield Issue("iban.length", ("number",), Severity.WARNING, params)


def bic_names_a_country(bank_account: BankAccount) -> Iterator[Issue]:
    """A BIC holds the code of a country (ISO 9362:2022, ISO 3166-1) at places 5 and 6."""
    if bank_account.bic and not bic.country_known(bank_account.bic):
        yield Issue("bic.country", ("bic",), Severity.WARNING, {"value": bank_account.bic[4:6]})


def bank_is_that_of_the_cnaps_code(bank_account: BankAccount) -> Iterator[Issue]:
    """A payment system code (联行号) begins with its bank's three digits (行别代码)."""
    bank = bank_of(bank_account.cnaps or "")
    if bank and not bank_account.bank and cnaps_check_ok(bank_account.cnaps or ""):
        yield Issue("cnaps.bank", ("bank",), Severity.INFO, {"bank": bank}, bank)


RULES = (
    bank_card_number_passes_luhn,
    bank_is_that_of_the_cnaps_code,
    cnaps_check_digit_is_right,
    iban_has_the_length_of_its_country,
    bic_names_a_country,
)
