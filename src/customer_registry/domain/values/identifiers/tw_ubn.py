"""統一編號, the unified business number of Taiwan (Ministry of Finance, rule of 2023-04-01)."""

import re

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import compact

__all__ = ["SCHEME", "canonical"]

SCHEME = "tw.ubn"

_EIGHT = "[0-9]{8}"
_WEIGHTS = (1, 2, 1, 2, 1, 2, 4, 1)


def canonical(typed: str) -> str:
    """Return the eight digits.

    Raises InvalidValue `tw_ubn.length` or `tw_ubn.check_digit`. Since April 2023 the sum must be
    a multiple of 5, before it had to be one of 10; with a 7 at place seven the sum plus one counts
    as well.

    >>> canonical("6214 0097")
    '62140097'
    """
    number = compact(typed)
    if not re.fullmatch(_EIGHT, number):
        raise InvalidValue("tw_ubn.length")
    total = _weighted_sum(number)
    allowed = (total, total + 1) if number[6] == "7" else (total,)
    if not total or all(candidate % 5 for candidate in allowed):
        raise InvalidValue("tw_ubn.check_digit")
    return number


def _weighted_sum(number: str) -> int:
    """Add the digits of every product; 7 at place seven makes 28 and counts 10."""
    products = (int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=True))
    return sum(product // 10 + product % 10 for product in products)
