"""One unit of work on a PostgreSQL schema."""

from collections.abc import Callable, Iterator
from uuid import UUID

from customer_registry.repository import Inspected
from customer_registry.storage.postgres.statements import Statements
from customer_registry.storage.tables import work
from customer_registry.storage.vault import Vault

__all__ = ["Work"]


class Work(work.Work):
    """One transaction, or one snapshot, of a schema."""

    def __init__(
        self, statements: Statements, salt: Callable[[int], bytes], vault: Vault, identity: UUID
    ) -> None:
        super().__init__(statements, salt, vault, identity)
        self._schema = statements.schema

    def inspect(self) -> Iterator[Inspected]:
        """Yield what is wrong with how the schema keeps its customers, and each of them once."""
        from customer_registry.storage.postgres.inspecting import inspect  # noqa: PLC0415  seldom

        return inspect(self._statements, self._sealed, self._schema)
