"""The customer code: the short name by which a company calls its customer."""

from typing import Self

import attrs

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values import text

__all__ = ["LONGEST", "CustomerCode"]

LONGEST = 40
"""Characters that a code has at most."""

_SIGNS = "._-/#+&*@:()[]{}"


@attrs.frozen(order=True)
class CustomerCode:
    """A customer code: letters, digits and `._-/#+&*@:()[]{}`, upper case, at most 40 characters.

    >>> CustomerCode.parse("ｋｈ-0001 ")
    CustomerCode('KH-0001')
    """

    text: str

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Return the code that `typed` spells, whatever its case and width.

        Raises InvalidValue `code.required` for nothing, `code.format` for other characters,
        `too_long` beyond 40 characters.
        """
        tidy = text.width_folded(text.line(typed, longest=LONGEST)).upper()
        if not tidy:
            raise InvalidValue("code.required")
        if len(tidy) > LONGEST:
            raise InvalidValue("too_long", max=LONGEST, len=len(tidy))
        if not all(char.isalnum() or char in _SIGNS for char in tidy):
            raise InvalidValue("code.format", pattern=f"A-Z 0-9 {_SIGNS}")
        return cls(tidy)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"CustomerCode({self.text!r})"
