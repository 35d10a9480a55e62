"""Damm's check digit, a totally anti-symmetric quasigroup of order ten.

H. Michael Damm, Total anti-symmetrische Quasigruppen, dissertation, Marburg 2004.
"""

__all__ = ["check_digit"]

_QUASIGROUP = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)


def check_digit(digits: str) -> str:
    """Return the digit that follows.

    >>> check_digit("572")
    '4'
    """
    carried = "0"
    for digit in digits:
        carried = _QUASIGROUP[int(carried)][int(digit)]
    return carried
