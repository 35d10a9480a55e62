"""納稅編號, the taxpayer number of Macau: eight digits, with no published check."""

import re

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import compact, refuse_zeros

__all__ = ["SCHEME", "canonical"]

SCHEME = "mo.tax"

_EIGHT = "[0-9]{8}"


def canonical(typed: str) -> str:
    """Return the eight digits; raises InvalidValue `mo.format`, `tax_id.placeholder`.

    >>> canonical("8123 4567")
    '81234567'
    """
    number = compact(typed)
    if not re.fullmatch(_EIGHT, number):
        raise InvalidValue("mo.format")
    refuse_zeros(number)
    return number
