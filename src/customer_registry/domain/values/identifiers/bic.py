"""The business identifier code (BIC, ISO 9362:2022), by which banks are addressed."""

import re

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.country import CountryCode
from customer_registry.domain.values.identifiers import compact

__all__ = ["canonical", "country_known"]

_FORM = "[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?"
_KOSOVO = "XK"  # not in ISO 3166-1, but in use by SWIFT


def canonical(typed: str) -> str:
    """Return 8 or 11 capital characters; raises InvalidValue `bic.format`.

    >>> canonical("icbkcnbj")
    'ICBKCNBJ'
    """
    code = compact(typed)
    if not re.fullmatch(_FORM, code):
        raise InvalidValue("bic.format")
    return code


def country_known(code: str) -> bool:
    """Return whether places 5 and 6 of a canonical code name a country, Kosovo (XK) included.

    >>> country_known("ICBKCNBJ"), country_known("ICBKQQBJ")
    (True, False)
    """
    named = code[4:6]
    try:
        return named == _KOSOVO or str(CountryCode.parse(named)) == named
    except InvalidValue:
        return False
