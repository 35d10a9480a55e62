"""Check digits of customer codes: one algorithm, one file, all of them by name here."""

from collections.abc import Callable, Mapping

import attrs

from customer_registry.domain.codes.check_digits import damm, iso7064, luhn, verhoeff
from customer_registry.domain.codes.check_digits.iso7064 import DIGITS, DIGITS_AND_LETTERS
from customer_registry.domain.frozen import FrozenMapping

__all__ = ["CHECK_DIGITS", "CheckDigit"]


@attrs.frozen(kw_only=True)
class CheckDigit:
    """One character, computed from those before it, by which a mistyped code is noticed.

    It covers the characters in `covers` and passes over all others, be they separators or letters;
    it may be any character in `gives`. Every single covered character that is mistyped for another
    one is noticed. So are two neighbours that swap places, but for the pairs in `misses`, which
    slip through in some places: `09` stands for 09 in the place of 90 and the reverse. A letter
    where a digit belongs is passed over too: it is the pattern that refuses it.

    `check` is the algorithm itself; it takes covered characters only.

    >>> CHECK_DIGITS["luhn"].of("KH000123"), CHECK_DIGITS["mod37-36"].of("KH000123")
    ('0', '8')
    """

    name: str
    covers: str
    gives: str
    check: Callable[[str], str] = attrs.field(repr=False)
    misses: tuple[str, ...] = attrs.field(default=(), repr=False)

    def covered(self, body: str) -> str:
        """Return the characters of a body that count, in upper case, as codes are kept.

        >>> CHECK_DIGITS["damm"].covered("KH-26/0017")
        '260017'
        """
        return "".join(char for char in body.upper() if char in self.covers)

    def of(self, body: str) -> str:
        """Return the check character of a body.

        Raises ValueError for a body without any character that counts: its check character would
        be always the same and check nothing.
        """
        covered = self.covered(body)
        if not covered:
            raise ValueError(f"{self.name} covers nothing of {body!r}; it knows {self.covers}")
        return self.check(covered)

    def is_right(self, body: str, check: str) -> bool:
        """Return whether `check` is the body's check character; never for an uncovered body.

        >>> CHECK_DIGITS["mod11-2"].is_right("1000-45", "x")
        True
        """
        covered = self.covered(body)
        return bool(covered) and self.check(covered) == check.upper()


def _digits_only(
    name: str, check: Callable[[str], str], misses: tuple[str, ...] = ()
) -> CheckDigit:
    return CheckDigit(name=name, covers=DIGITS, gives=DIGITS, check=check, misses=misses)


_ALL = (
    _digits_only("luhn", luhn.check_digit, ("09",)),
    _digits_only("damm", damm.check_digit),
    _digits_only("verhoeff", verhoeff.check_digit),
    CheckDigit(name="mod11-2", covers=DIGITS, gives=DIGITS + "X", check=iso7064.mod_11_2),
    _digits_only("mod11-10", iso7064.mod_11_10, iso7064.neighbours(DIGITS)),
    CheckDigit(
        name="mod37-36",
        covers=DIGITS_AND_LETTERS,
        gives=DIGITS_AND_LETTERS,
        check=iso7064.mod_37_36,
        misses=iso7064.neighbours(DIGITS_AND_LETTERS),
    ),
)

CHECK_DIGITS: Mapping[str, CheckDigit] = FrozenMapping({each.name: each for each in _ALL})
"""The algorithms by the names that patterns use; damm and verhoeff give digits and miss no swap."""
