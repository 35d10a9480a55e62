"""How much a numbering plan says about a telephone number."""

from enum import StrEnum

__all__ = ["PhoneLevel"]


class PhoneLevel(StrEnum):
    """How well a numbering plan knows a number; the plans age, so this is a hint.

    `valid`: the plan has given its range out, at this length. `possible`: a Chinese landline
    number of a length that its area may get, or one without its area code. `unknown_range`: the
    length is right, and the plan knows no such range.

    >>> PhoneLevel("unknown_range")
    <PhoneLevel.UNKNOWN_RANGE: 'unknown_range'>
    """

    VALID = "valid"
    POSSIBLE = "possible"
    UNKNOWN_RANGE = "unknown_range"
