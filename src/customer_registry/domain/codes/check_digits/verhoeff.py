"""Verhoeff's check digit, products in the group of a pentagon's turns and reflections.

J. Verhoeff, Error Detecting Decimal Codes, Mathematical Centre Tracts 29, Amsterdam 1969.
"""

from collections.abc import Iterator

__all__ = ["check_digit"]

_PRODUCTS = (
    "0123456789",
    "1234067895",
    "2340178956",
    "3401289567",
    "4012395678",
    "5987604321",
    "6598710432",
    "7659821043",
    "8765932104",
    "9876543210",
)
_INVERSES = "0432156789"
_SHUFFLED = "1576283094"


def _shuffles() -> Iterator[str]:
    """Yield the ten digits shuffled never, once, … seven times; the eighth time gives the first."""
    row = "0123456789"
    for _ in range(8):
        yield row
        row = "".join(_SHUFFLED[int(digit)] for digit in row)


_SHUFFLES = tuple(_shuffles())


def check_digit(digits: str) -> str:
    """Return the digit that follows; each is shuffled by its place from the right.

    >>> check_digit("236")
    '3'
    """
    product = "0"
    for place, digit in enumerate(reversed(digits), 1):
        product = _PRODUCTS[int(product)][int(_SHUFFLES[place % 8][int(digit)])]
    return _INVERSES[int(product)]
