"""One unit of work on tables: the ports over one transaction."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from uuid import UUID

from customer_registry.repository import Inspected, Part
from customer_registry.sealing.sealer import Sealer
from customer_registry.storage.chaining import Chain
from customer_registry.storage.tables.checked import keep_checked
from customer_registry.storage.tables.customers import Customers
from customer_registry.storage.tables.edits import Edits
from customer_registry.storage.tables.journal import Journal
from customer_registry.storage.tables.numbers import Numbers
from customer_registry.storage.tables.receipts import Receipts
from customer_registry.storage.tables.sealed import Sealed, keep_standing, standing
from customer_registry.storage.tables.statements import Statements
from customer_registry.storage.vault import Vault

__all__ = ["Work"]


class Work(ABC):
    """One transaction, or one snapshot."""

    def __init__(
        self, statements: Statements, salt: Callable[[int], bytes], vault: Vault, identity: UUID
    ) -> None:
        self._sealed = Sealed(statements, vault, identity)
        self.customers = Customers(statements, self._sealed)
        self.numbers = Numbers(statements)
        chain = Chain(salt, vault.sealer(identity))
        self.journal = Journal(statements, chain, self.customers.written)
        self.receipts = Receipts(statements, self._sealed)
        self.edits = Edits(statements, self._sealed)
        self._statements = statements
        self._salt = salt
        self.adopted: UUID | None = None

    def savepoint(self) -> AbstractContextManager[None]:
        """Return a context whose exception takes back what was done inside it, and no more."""
        return self._statements.savepoint()

    @abstractmethod
    def inspect(self) -> Iterator[Inspected]:
        """Yield what is wrong with how the store keeps its customers, and every customer once."""

    def keep_checked(self, at: datetime) -> None:
        """Keep when a verification last found nothing wrong."""
        keep_checked(self._statements, at)

    def hear(self, said: str | None) -> None:
        """Take from the store what it says of how it is sealed."""
        self._sealed.hear(said)

    def refuse_writing(self) -> None:
        """Raise KeyUnavailable, TamperedRecord where nobody with these keys is to write."""
        self._sealed.refuse_writing()

    @property
    def sealing(self) -> str | None:
        """What the store says of how it is sealed."""
        return standing(self._statements)

    def keep_sealing(self, said: str) -> None:
        """Let the store say how it is sealed."""
        keep_standing(self._statements, said)
        self._sealed.change()

    @property
    def sealer(self) -> Sealer:
        """The keys of this repository."""
        return self._sealed.sealer

    def parts(self) -> Iterator[Part]:
        """Yield everything that the store keeps."""
        from customer_registry.storage.tables.portable import parts  # noqa: PLC0415  seldom

        return parts(self._statements)

    def put(self, parts: Iterable[Part]) -> None:
        """Keep everything that another store gave, its identity as well."""
        from customer_registry.storage.tables.portable import put  # noqa: PLC0415  seldom

        self.adopted = put(self._statements, parts)
        self._sealed.change(self.adopted)
        chain = Chain(self._salt, self._sealed.sealer)
        self.journal = Journal(self._statements, chain, self.customers.written)
