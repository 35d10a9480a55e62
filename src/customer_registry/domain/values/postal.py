"""Postal codes by country: what their form allows."""

import re
import unicodedata
from functools import lru_cache

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values import text
from customer_registry.domain.values.postal_shapes import in_shape

__all__ = ["PLACEHOLDERS", "postal_code"]

PLACEHOLDERS = frozenset({"999077", "999078", "000000"})
"""What forms that insist on six digits make people of Hong Kong, Macau and Taiwan type."""

_CHINA = "CN"
_LONGEST = 12
_LENGTHS = {_CHINA: (6,), "TW": (3, 5, 6)}
_IN_CHINA = "[0-9]{6}"
_LOST_ITS_ZERO = r"[1-7][0-9]{4}"  # 01 to 07 are Inner Mongolia, Shanxi and Hebei
_NUMERIC_CELL = r"([0-9]+)\.0+"

_ROAD_SIGNS = {
    sign[:2]: sign[3:]
    for sign in "AT-A BE-B DE-D ES-E FI-FIN FR-F HU-H IT-I LI-FL LU-L NO-N PT-P SE-S SI-SLO".split()
}
"""The letters that stand for a country on its cars and, of old, before its postal codes."""

_PART_OF_THE_CODE = frozenset("AD AI AZ BB HT KN KY LT LV MD VC VG".split())
"""Countries whose post writes the letters inside the country too (LV-1010)."""


def postal_code(typed: str, country: str = _CHINA) -> str:
    """Return the postal code that `typed` spells for `country` (ISO 3166 alpha-2).

    China has six digits (国内邮政编码 四级六位), Taiwan three, five or six. Elsewhere a code of a
    shape that the country uses is written as its post writes it, and other letters, digits, spaces
    and hyphens are kept as typed: a rule warns of them (`postal.unlikely`). The sign 〒, letters
    for the country (`CN-`, `D-`, `D `) and the `.0` of a numeric cell are left out.

    Raises InvalidValue `postal.format` (China, suggesting the leading zero a spreadsheet dropped),
    `postal.invalid` (elsewhere) or `postal.too_long`.

    >>> postal_code("１０００８３"), postal_code("〒100-0001", "JP")
    ('100083', '100-0001')
    >>> postal_code("sw1a1aa", "GB"), postal_code("k1a0b1", "CA"), postal_code("00950", "PL")
    ('SW1A 1AA', 'K1A 0B1', '00-950')
    """
    if country == _CHINA and (plain := re.fullmatch(_IN_CHINA, typed)):
        return plain[0]
    tidy = _bare(text.width_folded(text.line(typed)).upper(), country)
    if country in _LENGTHS:
        return _digits(tidy.replace(" ", "").replace("-", ""), country)
    tidy = "".join(map(_plain_digit, tidy))
    if len(tidy) > _LONGEST:
        raise InvalidValue("postal.too_long")
    if not all(char.isalnum() or char in " -" for char in tidy):
        raise InvalidValue("postal.invalid")
    return in_shape(tidy, country) or tidy


def _bare(tidy: str, country: str) -> str:
    """Return the code without what people and spreadsheets put around it."""
    marked = re.fullmatch(_marked(country), tidy)
    code = marked[1] if marked else tidy
    cell = re.fullmatch(_NUMERIC_CELL, code)
    return cell[1] if cell else code


@lru_cache(maxsize=300)
def _marked(country: str) -> str:
    """Return the pattern of a code behind its sign or the letters for its country."""
    letters = {country, _ROAD_SIGNS.get(country, country)} - _PART_OF_THE_CODE
    marks = "|".join(("[〒〠]", *(f"{re.escape(sign)}[- ]" for sign in sorted(letters) if sign)))
    return rf"(?:(?:{marks}) ?)++(.+)"


def _plain_digit(char: str) -> str:
    """Return a digit of another script, such as ١, as a plain one."""
    return str(unicodedata.decimal(char)) if char.isdecimal() else char


def _digits(tidy: str, country: str) -> str:
    if tidy.isascii() and tidy.isdigit() and len(tidy) in _LENGTHS[country]:
        return tidy
    if country != _CHINA:
        raise InvalidValue("postal.invalid")
    suggestion = f"0{tidy}" if re.fullmatch(_LOST_ITS_ZERO, tidy) else None
    raise InvalidValue("postal.format", suggestion=suggestion)
