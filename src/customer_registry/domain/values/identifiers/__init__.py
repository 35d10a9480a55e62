"""Numbers that authorities give out: one number, one file, each with a `SCHEME` and `canonical`."""

from collections.abc import Mapping

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.text import line, width_folded

__all__ = ["compact", "folded", "precision_hint", "refuse_zeros"]

_HYPHENS = "-\u2010\u2012\u2013\u2014\u2015\u2212"
_LOWER, _UPPER = "abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLAIN = str.maketrans(_LOWER, _UPPER, " " + _HYPHENS)
_FOLDED = str.maketrans(_LOWER + _HYPHENS, _UPPER + "-" * len(_HYPHENS), " ")
_LONGEST = 200


def compact(typed: str) -> str:
    """Return a number as registers write it: NFKC, capital letters, no spaces or hyphens.

    Raises InvalidValue `text.forbidden` or `too_long`.

    >>> compact(" 9144 0300-7152 6726-xg ")
    '9144030071526726XG'
    """
    return _settled(typed, _PLAIN)


def folded(typed: str) -> str:
    """Return a number like `compact`, but with its hyphens, all as `-`.

    >>> folded("21–55217500–17")
    '21-55217500-17'
    """
    return _settled(typed, _FOLDED)


def precision_hint(number: str) -> dict[str, str]:
    """Return the hint for a number whose end a spreadsheet rounded to zeros, if it looks so."""
    rounded = number.isdecimal() and number.endswith("000")
    return {"hint": "import.precision_loss"} if rounded else {}


def refuse_zeros(number: str) -> None:
    """Raise InvalidValue `tax_id.placeholder` for zeros alone, which stand for a missing number."""
    if number and not number.strip("0"):
        raise InvalidValue("tax_id.placeholder")


def _settled(typed: str, plain: Mapping[int, int | None]) -> str:
    if len(typed) > _LONGEST:
        raise InvalidValue("too_long", max=_LONGEST, len=len(typed))
    if typed.isascii() and typed.isalnum():
        return typed.upper()
    # Folding may leave a space before a mark that joins the letter once the space is dropped.
    return _dropped(_dropped(typed, plain), plain)


def _dropped(text: str, plain: Mapping[int, int | None]) -> str:
    return line(width_folded(line(text)), longest=_LONGEST).translate(plain)
