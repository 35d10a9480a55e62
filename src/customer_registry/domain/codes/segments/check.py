"""A check character in a code: it makes a mistyped code visible."""

from collections.abc import Iterator
from typing import Self

import attrs

from customer_registry.domain.codes.check_digits import CHECK_DIGITS, CheckDigit
from customer_registry.domain.codes.segments.segment import Draft, Shape
from customer_registry.domain.codes.template import Placeholder

__all__ = ["Check"]


@attrs.frozen
class Check:
    """The check character over what precedes it, or over the number alone (`of=number`).

    Of that it covers the characters its algorithm knows: for most the digits, for `mod37-36` the
    letters too. Signs between them are never covered.
    """

    digit: CheckDigit
    covers_number_only: bool
    alphabet = None
    checks = True

    @classmethod
    def of(cls, placeholder: Placeholder) -> Self:
        """Return the segment of `{check:damm,of=number}`; raises ValueError."""
        placeholder.refuse_unknown("of")
        name = placeholder.options.get("", "")
        if name not in CHECK_DIGITS:
            known = ", ".join(CHECK_DIGITS)
            raise ValueError(f"check is one of {known}, not {name!r}")
        covered = placeholder.one_of("of", ("all", "number"))
        return cls(CHECK_DIGITS[name], covered == "number")

    @property
    def expression(self) -> str:
        """One of the characters that may come out."""
        return f"[{self.digit.gives}]"

    def shapes(self) -> Iterator[Shape]:
        """Return the one shape."""
        return iter([(frozenset(self.digit.gives),)])

    def write(self, draft: Draft) -> str:
        """Return the check character of what stands in the draft so far."""
        covered = draft.so_far
        if self.covers_number_only and draft.number_at is not None:
            covered = (covered[draft.number_at],)
        return self.digit.of("".join(covered))
