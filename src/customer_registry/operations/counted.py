"""What knows how many rows of each kind there are."""

from collections.abc import Mapping
from typing import Protocol

__all__ = ["Counted"]


class Counted(Protocol):
    """A registry as it was carried elsewhere, by the rows that it holds."""

    __slots__ = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """How many rows there are of each kind."""
        ...

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return self.counts["customer"]

    @property
    def rows(self) -> int:
        """How many rows there are, of all kinds."""
        return sum(self.counts.values())
