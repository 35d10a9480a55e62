"""商業登記號碼, the business registration number of Hong Kong.

Since 2023-12-27 it is the Unique Business Identifier, in place of the company number.
"""

import re

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.identifiers import compact, refuse_zeros
from customer_registry.domain.values.text import width_folded

__all__ = ["SCHEME", "branch", "canonical", "looks_like_company_number"]

SCHEME = "hk.brn"

_COMPANY_NUMBER = 7
_NUMBER = "[0-9]{7,8}"
_CERTIFICATE = "([0-9]{8})([0-9]{3})(?:0[1-9]|1[0-2])[0-9]{2}[0-9A-Z]"
_WITH_BRANCH = "([0-9]{8})([0-9]{3})"
_BRANCH = 3


def canonical(typed: str) -> str:
    """Return the eight digits, taken from a whole certificate number if need be.

    A branch alone may follow (`66820292-000`), if it stands apart: eleven digits in one piece are
    more likely a telephone number. Seven digits are kept: they look like the company number that
    went before. No check digit is published. Raises InvalidValue `hk_br.format`, or
    `tax_id.placeholder` for zeros alone.

    >>> canonical("66820292-000-06-23-5")
    '66820292'
    """
    if certificate := _certificate(typed):
        return certificate[1]
    number = compact(typed)
    if not re.fullmatch(_NUMBER, number):
        raise InvalidValue("hk_br.format")
    refuse_zeros(number)
    return number


def branch(typed: str) -> str | None:
    """Return the branch behind the number, `000` for the head office, or `None`."""
    certificate = _certificate(typed)
    return certificate[2] if certificate else None


def looks_like_company_number(number: str) -> bool:
    """Return whether this has the seven digits of the Companies Registry's old number."""
    return len(number) == _COMPANY_NUMBER


def _certificate(typed: str) -> re.Match[str] | None:
    """Return the number and the branch in a certificate number, which may end after them."""
    number = compact(typed)
    if whole := re.fullmatch(_CERTIFICATE, number):
        return whole
    last = re.findall("[0-9]+", width_folded(typed))[-1:]
    stands_apart = [len(digits) for digits in last] == [_BRANCH]
    return re.fullmatch(_WITH_BRANCH, number) if stands_apart else None
