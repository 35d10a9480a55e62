"""A field of the customer in a code: as it is, padded, or by the company's table."""

import re
from collections.abc import Iterator, Mapping
from typing import Self

import attrs

from customer_registry.domain.codes.segments.segment import Draft, Shape, shapes_of
from customer_registry.domain.codes.template import Placeholder, whole
from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.code import CustomerCode

__all__ = ["ATTRIBUTES", "CUSTOM", "Attribute", "is_field"]

ATTRIBUTES = (
    "kind",
    "category",
    "country",
    "department",
    "grade",
    "industry",
    "region",
    "sales_region",
    "source",
)
"""The fields a code may be made of; country and region are those of the first address."""

CUSTOM = "custom."
"""What stands before the name of a custom field."""

_WIDEST = 20


def is_field(name: str) -> bool:
    """Return whether a code may be made of a field."""
    return name in ATTRIBUTES or (name.startswith(CUSTOM) and len(name) > len(CUSTOM))


@attrs.frozen
class Attribute:
    """A field's text; `mapped` gives the abbreviation of each word, `width` pads with zeros."""

    name: str
    mapped: Mapping[str, str] = attrs.field(hash=False)
    width: int | None = None
    alphabet = None
    checks = False

    @classmethod
    def of(cls, placeholder: Placeholder) -> Self:
        """Return the segment that a placeholder means; raises ValueError."""
        mapped = {word: text.upper() for word, text in placeholder.options.items() if word}
        width = placeholder.options.get("")
        if width is None:
            return cls(placeholder.name, mapped)
        if mapped:
            raise ValueError(f"{placeholder.name} has either a width or words, not both")
        if not 1 <= (digits := whole(width, "the width")) <= _WIDEST:
            raise ValueError(f"the width is 1 to {_WIDEST}")
        return cls(placeholder.name, mapped, digits)

    @property
    def tells_apart(self) -> bool:
        """Whether two words never have the same text."""
        return len(set(self.mapped.values())) == len(self.mapped)

    @property
    def expression(self) -> str:
        """The abbreviations, longest first, or whatever the field may say."""
        if self.width:
            return f".{{{self.width}}}"
        texts = sorted(set(self.mapped.values()), key=lambda text: (-len(text), text))
        return "|".join(map(re.escape, texts)) or ".+"

    def shapes(self) -> Iterator[Shape] | None:
        """Return a shape for each abbreviation; None where any word may come."""
        return shapes_of(iter(sorted(set(self.mapped.values())))) if self.mapped else None

    def write(self, draft: Draft) -> str:
        """Return the field's text.

        Raises InvalidValue `code.field_missing` where it is empty, `code.field_unmapped` where the
        company's table or the width has no place for it.
        """
        word = draft.context.needed(self.name)
        text = self.mapped.get(word) if self.mapped else word.rjust(self.width or 0, "0")
        if text is None or (self.width and len(text) > self.width):
            raise InvalidValue("code.field_unmapped", field=self.name, value=word)
        return text

    def may_write(self, draft: Draft, text: str) -> bool:
        """Return whether a text in a code is this field's of the draft."""
        try:
            return self.write(draft).upper() == text
        except InvalidValue:
            return False

    def meant(self, text: str) -> str:
        """Return the word that a text in a code stands for."""
        return next((word for word, short in self.mapped.items() if short == text), text)

    def shown(self, word: str) -> str:
        """Return a word that no table maps as codes show it: in capitals, of plain width, padded.

        Raises InvalidValue `code.format` or `too_long` for one that cannot stand in a code.
        """
        return str(CustomerCode.parse(word)).rjust(self.width or 0, "0")
