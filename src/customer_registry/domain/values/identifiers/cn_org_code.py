"""组织机构代码, the organisation code of mainland China (GB 11714-1997), withdrawn in 2015."""

from operator import mul

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import compact

__all__ = ["SCHEME", "canonical", "check_character"]

SCHEME = "cn.org_code"

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_LENGTH = 9


def canonical(typed: str) -> str:
    """Return the code as its certificates print it, the check character after a hyphen.

    Raises InvalidValue `org_code.format` or `org_code.check_digit` (`expected_check`).

    >>> canonical("d2143569x")
    'D2143569-X'
    """
    number = compact(typed)
    if len(number) != _LENGTH or not _VALUES.keys() >= set(number):
        raise InvalidValue("org_code.format")
    expected = check_character(number[:8])
    if number[8] != expected:
        raise InvalidValue("org_code.check_digit", expected_check=expected)
    return f"{number[:8]}-{expected}"


def check_character(body: str) -> str:
    """Return the check character for eight characters: 11 less the weighted sum modulo 11."""
    return "0123456789X"[-sum(map(mul, map(_VALUES.__getitem__, body), _WEIGHTS)) % 11]
