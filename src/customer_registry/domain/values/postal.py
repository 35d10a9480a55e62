"""Postal codes by country: what their form allows."""

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values import text

__all__ = ["PLACEHOLDERS", "postal_code"]

PLACEHOLDERS = frozenset({"999077", "999078", "000000"})
"""What forms that insist on six digits make people of Hong Kong, Macau and Taiwan type."""

_LONGEST = 12
_LENGTHS = {"CN": (6,), "TW": (3, 5, 6)}


def postal_code(typed: str, country: str = "CN") -> str:
    """Return the postal code that `typed` spells for `country` (ISO 3166 alpha-2).

    China has six digits (国内邮政编码 四级六位), Taiwan three, five or six; elsewhere any letters,
    digits, spaces and hyphens pass. Raises InvalidValue `postal.format` or `postal.too_long`.

    >>> postal_code("１０００８３")
    '100083'
    """
    tidy = text.width_folded(text.line(typed)).upper()
    if country in _LENGTHS:
        return _digits(tidy.replace(" ", "").replace("-", ""), country)
    if len(tidy) > _LONGEST:
        raise InvalidValue("postal.too_long")
    if not all(char.isalnum() or char in " -" for char in tidy):
        raise InvalidValue("postal.format")
    return tidy


def _digits(tidy: str, country: str) -> str:
    if not (tidy.isascii() and tidy.isdigit() and len(tidy) in _LENGTHS[country]):
        raise InvalidValue("postal.format")
    return tidy
