"""What is worth a second look at a bank account."""

from collections.abc import Iterator

from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.values.bank import (
    BankAccount,
    cnaps_check_ok,
    looks_like_personal_card,
    luhn_ok,
)

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


RULES = (
    bank_card_number_passes_luhn,
    cnaps_check_digit_is_right,
)
