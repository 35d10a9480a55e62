"""Signs drawn by chance, so that nobody can count customers or guess the next code."""

from collections.abc import Callable, Iterator
from typing import Self

import attrs

from customer_registry.domain.codes.alphabet import Alphabet
from customer_registry.domain.codes.segments.segment import Draft, Shape
from customer_registry.domain.codes.template import Placeholder, whole

__all__ = ["Chance"]

_WIDEST = 30


@attrs.frozen
class Chance:
    """`width` signs of an alphabet, drawn by `below`, which returns a number below its argument."""

    width: int
    alphabet: Alphabet
    below: Callable[[int], int] = attrs.field(eq=False)
    checks = False

    @classmethod
    def of(cls, placeholder: Placeholder, below: Callable[[int], int]) -> Self:
        """Return the segment of `{random:8,alphabet=safe}`; raises ValueError."""
        placeholder.refuse_unknown("alphabet")
        width = whole(placeholder.options.get("", ""), "the width")
        if not 1 <= width <= _WIDEST:
            raise ValueError(f"the width is 1 to {_WIDEST}")
        return cls(width, Alphabet.named(placeholder.options.get("alphabet", "safe")), below)

    @property
    def capacity(self) -> int:
        """How many texts there are."""
        return self.alphabet.largest(self.width) + 1

    @property
    def expression(self) -> str:
        """The alphabet, as often as the width says."""
        return f"[{self.alphabet.signs}]{{{self.width}}}"

    def shapes(self) -> Iterator[Shape]:
        """Return the one shape."""
        return iter([(frozenset(self.alphabet.signs),) * self.width])

    def write(self, draft: Draft) -> str:  # noqa: ARG002  the protocol's shape
        """Return another text each time, as chance has it."""
        return self.alphabet.write(self.below(self.capacity), self.width)
