"""Statements of one unit of work, as the tables ask for them; each database runs them its way."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeAlias, TypeVar

import attrs

from customer_registry.domain.errors import StorageCorrupt, StorageError

__all__ = [
    "BATCH",
    "LARGEST",
    "NO_VALUES",
    "Dialect",
    "Refused",
    "Row",
    "Statements",
    "Values",
    "further",
]

Row: TypeAlias = tuple[Any, ...]
Values: TypeAlias = Mapping[str, Any]

LARGEST = 2**63 - 1
"""The largest whole number that a database takes."""

BATCH = 200
"""Rows that are read at once where nobody knows how many will come."""

NO_VALUES: Final[Values] = {}

_Key = TypeVar("_Key", int, str)


class Refused(StorageError):
    """A constraint of the schema refused a row, or the database one of its values."""


def further(last: _Key, before: _Key) -> _Key:
    """Return where a batch of rows ended; raises StorageCorrupt unless it lies beyond `before`.

    From a damaged tree the same rows could come again for ever.
    """
    if last <= before:
        raise StorageCorrupt("rows come out of their order; restore a backup")
    return last


@attrs.frozen(kw_only=True)
class Dialect:
    """What a database wants in words of its own: whole statements, and how a search is spelt.

    `search`, `places` and `count` are asked with what `both` joins of terms, each `quoted`, or
    several joined with `either` in brackets; tokens are kept as `joined` gives them, in a row whose
    number is called `place` there. Up to `probes` terms are looked up alone first.
    """

    add: str
    append: str
    search: str
    places: str
    count: str
    index: str
    unindex: str
    no_tokens: str
    both: str
    either: str
    quoted: Callable[[str], str]
    joined: Callable[[Iterable[str]], str]
    probes: int
    lapsed: str
    naming: str
    is_sealed: str
    told: str
    last_place: str
    keep_last_place: tuple[str, ...]
    place: str


@attrs.define(eq=False, repr=False)
class Statements(ABC):
    """Runs whole statements, with `:name` for their values, until its unit of work has ended."""

    taken_back: int = attrs.field(init=False, default=0)
    """How many savepoints were taken back, after which what was read may not be so any more."""

    @property
    @abstractmethod
    def dialect(self) -> Dialect:
        """What this database wants in words of its own."""

    @abstractmethod
    def all(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Return all rows of an answer; none for values that no store can hold."""

    @abstractmethod
    def each(self, sql: str, values: Values = NO_VALUES) -> Generator[Row, None, None]:
        """Yield the rows of an answer that is too long to hold; close it, or read it to its end."""

    def one(self, sql: str, values: Values = NO_VALUES) -> Row | None:
        """Return the first row of an answer."""
        rows = self.all(sql, values)
        return rows[0] if rows else None

    @abstractmethod
    def change(self, sql: str, values: Values = NO_VALUES) -> int:
        """Run a statement that writes; return how many rows it changed."""

    @abstractmethod
    def change_many(self, sql: str, rows: Iterable[Values]) -> int:
        """Run a statement that writes, once for each row; return how many rows it changed."""

    @abstractmethod
    def add(self, sql: str, values: Values) -> int | None:
        """Run a statement that inserts a row; return its number, None where it was there."""

    @abstractmethod
    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Insert many rows that nothing stands in the way of, the fastest way there is."""

    @contextmanager
    def savepoint(self) -> Generator[None, None, None]:
        """Return a context whose exception takes back what was done inside it, and no more."""
        self.change("SAVEPOINT customer_registry")
        try:
            yield
        except BaseException:
            self.taken_back += 1
            if self._can_take_back():
                self.change("ROLLBACK TO SAVEPOINT customer_registry")
                self.change("RELEASE SAVEPOINT customer_registry")
            raise
        self.change("RELEASE SAVEPOINT customer_registry")

    @abstractmethod
    def _can_take_back(self) -> bool:
        """Return whether the transaction is still there, after whatever went wrong in it."""
