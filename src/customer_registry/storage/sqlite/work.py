"""One unit of work on a SQLite file: four ports over one transaction."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

from customer_registry.repository import Inspected
from customer_registry.storage.sqlite.condition import keep_checked
from customer_registry.storage.sqlite.customers import Customers
from customer_registry.storage.sqlite.journal import Journal
from customer_registry.storage.sqlite.numbers import Numbers
from customer_registry.storage.sqlite.receipts import Receipts
from customer_registry.storage.sqlite.scrubbing import merge_words
from customer_registry.storage.sqlite.statements import Statements

__all__ = ["Work"]


class Work:
    """One transaction, or one snapshot."""

    def __init__(self, statements: Statements, salt: Callable[[int], bytes]) -> None:
        self.customers = Customers(statements)
        self.numbers = Numbers(statements)
        self.journal = Journal(statements, salt)
        self.receipts = Receipts(statements)
        self._statements = statements

    def savepoint(self) -> AbstractContextManager[None]:
        """Return a context whose exception takes back what was done inside it, and no more."""
        return self._statements.savepoint()

    def merge_words(self, *, first: bool) -> bool:
        """Take words that find nobody out of the index, a step; return whether more may follow."""
        return merge_words(self._statements, first=first)

    def inspect(self) -> Iterator[Inspected]:
        """Yield what is wrong with how the file keeps its customers, and every customer once."""
        from customer_registry.storage.sqlite.inspecting import inspect  # noqa: PLC0415  seldom

        return inspect(self._statements)

    def keep_checked(self, at: datetime) -> None:
        """Keep when a verification last found nothing wrong."""
        keep_checked(self._statements, at)
