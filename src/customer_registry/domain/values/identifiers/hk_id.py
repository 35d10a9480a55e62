"""香港身份證號碼, the identity card number of Hong Kong."""

import re

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import compact

__all__ = ["SCHEME", "canonical", "check_character"]

SCHEME = "hk.id"

_NUMBER = "[A-Z]{1,2}[0-9]{6}[0-9A]"
_BRACKETS = str.maketrans("", "", "()")


def canonical(typed: str) -> str:
    """Return letters, six digits and check character, without brackets.

    Raises InvalidValue `hkid.format` or `hkid.check_digit` (`expected_check`).

    >>> canonical("a123456(3)")
    'A1234563'
    """
    number = compact(typed).translate(_BRACKETS)
    if not re.fullmatch(_NUMBER, number):
        raise InvalidValue("hkid.format")
    expected = check_character(number[:-1])
    if number[-1] != expected:
        raise InvalidValue("hkid.check_digit", expected_check=expected)
    return number


def check_character(body: str) -> str:
    """Return the check character: weights 9 to 2, a missing first letter counts 36, modulo 11."""
    values = [int(char, 36) for char in body]
    padded = [36] * (8 - len(values)) + values
    total = sum(value * weight for value, weight in zip(padded, range(9, 1, -1), strict=True))
    return "0123456789A"[-total % 11]
