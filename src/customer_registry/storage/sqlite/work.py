"""One unit of work on a SQLite file: four ports over one transaction."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from customer_registry.storage.sqlite.customers import Customers
from customer_registry.storage.sqlite.journal import Journal
from customer_registry.storage.sqlite.numbers import Numbers
from customer_registry.storage.sqlite.receipts import Receipts
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
