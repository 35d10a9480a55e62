"""Luhn's check digit, as on bank cards (ISO/IEC 7812-1:2017, Annex B)."""

__all__ = ["check_digit"]

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def check_digit(digits: str) -> str:
    """Return the digit that follows: every second one from the right counts double.

    >>> check_digit("000123")
    '0'
    """
    single = sum(int(digit) for digit in digits[-2::-2])
    doubled = sum(_DOUBLED[int(digit)] for digit in digits[::-2])
    return str(-(single + doubled) % 10)
