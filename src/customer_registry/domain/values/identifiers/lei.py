"""The legal entity identifier (LEI, ISO 17442-1:2020), the same the world over."""

import re

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import compact
from customer_registry.domain.values.identifiers.iban import remainder

__all__ = ["SCHEME", "canonical", "check_digits"]

SCHEME = "lei"

_FORM = "[0-9A-Z]{18}[0-9]{2}"


def canonical(typed: str) -> str:
    """Return the 20 characters; raises InvalidValue `lei.format` or `lei.check_digit`.

    >>> canonical("5493 001kjtiigc8y1r 12")
    '5493001KJTIIGC8Y1R12'
    """
    number = compact(typed)
    if not re.fullmatch(_FORM, number):
        raise InvalidValue("lei.format")
    if remainder(number) != 1:
        raise InvalidValue("lei.check_digit")
    return number


def check_digits(body: str) -> str:
    """Return the two digits that follow 18 characters, by ISO 7064 MOD 97-10.

    >>> check_digits("5493001KJTIIGC8Y1R")
    '12'
    """
    return f"{98 - remainder(f'{body}00'):02}"
