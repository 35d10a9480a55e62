"""How a company wants the text of a field written."""

import attrs

from customer_registry.domain.errors import PolicyError
from customer_registry.domain.policy.patterns import fits, refuse_unsafe
from customer_registry.domain.policy.reading import Keys, Reading

__all__ = ["TextFormat", "read_format"]


@attrs.frozen
class TextFormat:
    """A pattern for the whole text, and an example of it; raises PolicyError for unsafe ones.

    >>> TextFormat("[A-Z]{2,8}", "HWGS").fits("hwgs")
    False
    """

    pattern: str
    example: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a pattern that might run long, and an example that does not fit."""
        refuse_unsafe(self.pattern)
        if self.example is not None and not self.fits(self.example):
            raise PolicyError("the example does not fit the pattern")

    def fits(self, text: str) -> bool:
        """Return whether a text is written so."""
        return fits(self.pattern, text)


def read_format(keys: Keys, given: object, reading: Reading) -> TextFormat | None:
    """Return the format of a field: a pattern alone, or a table of `pattern` and `example`."""
    if isinstance(given, str):
        return reading.attempt(keys, lambda: TextFormat(given))
    table = reading.table(keys, given)
    reading.known(keys, table, ["pattern", "example"])
    pattern = reading.text((*keys, "pattern"), table.get("pattern"))
    example = reading.text((*keys, "example"), table.get("example", ""))
    return reading.attempt(keys, lambda: TextFormat(pattern, example or None))
