"""The check character systems of ISO/IEC 7064:2003 that add a single character.

MOD 11-2 is a pure system: its remainders are eleven, so it may give an X. MOD 11,10 and MOD 37,36
are hybrid ones: the character they add is one of those they cover.
"""

from itertools import pairwise

__all__ = ["DIGITS", "DIGITS_AND_LETTERS", "mod_11_2", "mod_11_10", "mod_37_36", "neighbours"]

DIGITS = "0123456789"
DIGITS_AND_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def mod_11_2(digits: str) -> str:
    """Return the digit or X that follows digits.

    >>> mod_11_2("100045")
    'X'
    """
    carried = 0
    for digit in digits:
        carried = (carried + int(digit)) * 2 % 11
    return "0123456789X"[(1 - carried) % 11]


def mod_11_10(digits: str) -> str:
    """Return the digit that follows digits.

    >>> mod_11_10("123456")
    '8'
    """
    return _hybrid(digits, DIGITS)


def mod_37_36(text: str) -> str:
    """Return the digit or capital letter that follows digits and capital letters.

    >>> mod_37_36("A12425GABC1234002")
    'M'
    """
    return _hybrid(text, DIGITS_AND_LETTERS)


def neighbours(signs: str) -> tuple[str, ...]:
    """Return the pairs that a hybrid system does not tell apart in every place when they swap.

    The standard promises "all or nearly all" transpositions; these are the rest, found by trying
    every pair after every remainder: signs next to each other, and the first with the last.

    >>> neighbours("0123")
    ('01', '12', '23', '03')
    """
    return (*map("".join, pairwise(signs)), signs[0] + signs[-1])


def _hybrid(text: str, signs: str) -> str:
    modulus = len(signs)
    carried = modulus
    for char in text:
        carried = ((carried + int(char, 36)) % modulus or modulus) * 2 % (modulus + 1)
    return signs[(1 - carried) % modulus]
