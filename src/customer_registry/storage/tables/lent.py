"""Statements on a connection that is theirs until the unit of work has ended."""

import os
from typing import Generic, TypeVar

import attrs

from customer_registry.domain.errors import StorageError, StorageUnavailable
from customer_registry.storage.tables.statements import Statements

__all__ = ["LentStatements"]

_Connection = TypeVar("_Connection")


@attrs.define(eq=False, repr=False)
class LentStatements(Statements, Generic[_Connection]):
    """Runs statements on a connection until `end`, and never in a child that inherited it.

    `place` says where the store is, as messages name it.
    """

    _connection: _Connection | None
    _place: str
    _pid: int = attrs.field(init=False, factory=os.getpid)

    def end(self) -> None:
        """Refuse all further use."""
        self._connection = None

    def _live(self) -> _Connection:
        if self._connection is None:
            raise StorageError(f"{self._place}: this unit of work has ended")
        if self._pid != os.getpid():
            raise StorageUnavailable(f"{self._place}: this unit of work belongs to the parent")
        return self._connection
