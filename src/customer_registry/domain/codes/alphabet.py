"""The ascending signs that a counter counts in: digits, letters, or those nobody confuses."""

from collections.abc import Sequence
from itertools import product
from typing import Self

import attrs

from customer_registry.domain.frozen import FrozenMapping

__all__ = ["ALPHABETS", "Alphabet"]

_DIGITS_AND_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

ALPHABETS = FrozenMapping(
    {
        "base36": _DIGITS_AND_LETTERS,
        "decimal": "0123456789",
        "letters": "ABCDEFGHJKLMNPQRSTUVWXYZ",
        "safe": "23456789ACDEFGHJKMNPQRTVWXY",
    }
)
"""The alphabets with a name.

`letters` leaves out I and O. `safe` is Douglas Crockford's Base 32, which has no I, L, O and U,
without 0 and 1; of 2 Z, 5 S and 8 B it keeps the digit. Whoever takes a sign for its double writes
one that is not there, and is told so.
"""


@attrs.frozen
class Alphabet:
    """Digits and capital letters in ascending order; the first stands for zero.

    Texts of one width sort as the numbers they write. Raises ValueError, in a sentence about the
    alphabet, for fewer than two signs, other signs, a sign given twice or out of order.

    >>> base = Alphabet("ABC")
    >>> [base.write(number, 2) for number in range(5)]
    ['AA', 'AB', 'AC', 'BA', 'BB']
    """

    signs: str

    def __attrs_post_init__(self) -> None:
        """Refuse signs that would not count, or not in text order."""
        if not all(sign in _DIGITS_AND_LETTERS for sign in self.signs):
            known = ", ".join(ALPHABETS)
            raise ValueError(
                f"an alphabet is {known}, or digits and capital letters, not {self.signs!r}"
            )
        if len(self.signs) < 2:  # noqa: PLR2004  one sign cannot tell numbers apart
            raise ValueError(f"an alphabet has at least two signs, not {self.signs!r}")
        ascending = "".join(sorted(set(self.signs)))
        if len(ascending) < len(self.signs):
            raise ValueError(f"an alphabet has every sign once, unlike {self.signs!r}")
        if ascending != self.signs:
            raise ValueError(f"the signs of an alphabet ascend: {ascending!r}, not {self.signs!r}")

    @classmethod
    def named(cls, text: str) -> Self:
        """Return the alphabet of that name, or the one written out; raises ValueError likewise.

        >>> Alphabet.named("letters").write(24), Alphabet.named("01").write(5, 4)
        ('BA', '0101')
        """
        return cls(ALPHABETS.get(text, text))

    def write(self, number: int, width: int | None = None) -> str:
        """Return a number from 0 on as text, filled up to the width with the first sign.

        Raises ValueError for a number that is negative or needs more than `width` signs.

        >>> Alphabet.named("decimal").write(42, 6)
        '000042'
        """
        text = self._padded(number, width or 1)
        if width is not None and len(text) > width:
            raise ValueError(f"{number} needs {len(text)} signs, more than {width}")
        return text

    def read(self, text: str) -> int:
        """Return the number that a text writes, in either case; raises ValueError for another sign.

        >>> Alphabet.named("base36").read("00zz")
        1295
        """
        if not text:
            raise ValueError("no sign, no number")
        number = 0
        for sign in text:
            place = self.signs.find(sign.upper() if sign.isascii() else sign)
            if place < 0:
                raise ValueError(f"{sign!r} is none of the signs {self.signs}")
            number = number * len(self.signs) + place
        return number

    def largest(self, width: int) -> int:
        """Return the last number that can be written with `width` signs.

        >>> Alphabet.named("safe").largest(4)
        531440
        """
        many: int = len(self.signs) ** width
        return many - 1

    def next_without(self, number: int, words: Sequence[str], width: int | None = None) -> int:
        """Return the first number from `number` on whose text has none of the words in it.

        The text is the one filled up to the width; where all texts of that width are over, the
        number returned is larger than `largest(width)`. Raises ValueError as
        `refuse_to_count_without` does, so that it always comes to an end.

        >>> decimal = Alphabet.named("decimal")
        >>> decimal.next_without(400_000, ["4", "13"]), decimal.next_without(129, ["4", "13"])
        (500000, 129)
        """
        self.refuse_to_count_without(words)
        shunned = [word.upper() for word in words]
        while (after := self._after_a_word(number, shunned, width)) > 0:
            number = (number // after + 1) * after
        return number

    def can_count_without(self, words: Sequence[str]) -> bool:
        """Return whether numbers without any of the words never run out, as far as is plain.

        It is plain where two signs, be they the same, can go on in turn for ever: 2222… or
        1212…. Rarer ways of going on are not looked for.

        >>> decimal = Alphabet.named("decimal")
        >>> decimal.can_count_without(["4", "13"]), decimal.can_count_without(list("123456789"))
        (True, False)
        """
        shunned = [word.upper() for word in words]
        turns = max(map(len, shunned), default=0) // 2 + 1
        return any(
            not any(word in (first + second) * turns for word in shunned)
            for first, second in product(self.signs[1:], self.signs)
        )

    def refuse_to_count_without(self, words: Sequence[str]) -> None:
        """Raise ValueError for words without which numbers might run out."""
        if not self.can_count_without(words):
            shunned = ", ".join(map(repr, words))
            raise ValueError(
                f"without {shunned} numbers may run out; leave two of the signs {self.signs} alone"
            )

    def _padded(self, number: int, width: int) -> str:
        if number < 0:
            raise ValueError(f"counting begins at 0, not at {number}")
        signs: list[str] = []
        while number:
            number, place = divmod(number, len(self.signs))
            signs.append(self.signs[place])
        return "".join(reversed(signs)).rjust(width, self.signs[0])

    def _after_a_word(self, number: int, words: Sequence[str], width: int | None) -> int:
        """Return the weight of the place where the first word ends, 0 where there is none.

        No number with the same signs up to that place is without the word.
        """
        text = self._padded(number, width or 1)
        ends = [at + len(word) for word in words if (at := text.find(word)) >= 0]
        return len(self.signs) ** (len(text) - min(ends)) if ends else 0
