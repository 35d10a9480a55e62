"""A constant text in a code."""

import re
from collections.abc import Iterator

import attrs

from customer_registry.domain.codes.segments.segment import Draft, Shape, shapes_of

__all__ = ["Constant"]


@attrs.frozen
class Constant:
    """A text that stands in every code of the template."""

    text: str
    alphabet = None
    checks = False

    @property
    def expression(self) -> str:
        """The text itself."""
        return re.escape(self.text)

    def shapes(self) -> Iterator[Shape]:
        """Return the one shape."""
        return shapes_of(iter([self.text]))

    def write(self, draft: Draft) -> str:  # noqa: ARG002  the protocol's shape
        """Return the text."""
        return self.text
