"""Customers in memory: the store for tests, trials and first steps, and the model of all others."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from customer_registry.domain.errors import StorageBusy
from customer_registry.domain.issues import Issue
from customer_registry.repository import Condition, Durability
from customer_registry.storage.memory.desk import Desk
from customer_registry.storage.memory.work import Work
from customer_registry.storage.reading import ReadingUnit
from customer_registry.storage.turns import Turns
from customer_registry.storage.vault import Vault

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring

__all__ = ["InMemoryRepository"]


class InMemoryRepository:
    """A repository that lives as long as the process; safe to share between threads.

    With a `keyring` sensitive fields are sealed, as a file would have them.

    >>> InMemoryRepository().durability
    <Durability.NOTHING: 'nothing'>
    """

    durability = Durability.NOTHING

    def __init__(
        self,
        *,
        keyring: "Keyring | None" = None,
        salt: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._turns = Turns()
        self._writing = False
        self._work = Work(salt, Desk.founded(Vault(keyring)))

    @property
    def identity(self) -> UUID:
        """The UUID made together with the repository, or brought by what was put into it."""
        return self._work.identity

    @contextmanager
    def read(self) -> Generator[ReadingUnit, None, None]:
        """Return a context that reads while nobody writes; writing in it is StorageUnavailable."""
        with self._turns.taken():
            yield ReadingUnit(self._work)

    @contextmanager
    def write(self) -> Generator[Work, None, None]:
        """Return a context whose exception takes back everything done inside it."""
        with self._turns.taken():
            if self._writing:
                raise StorageBusy("this thread is writing already; end that unit first")
            self._writing = True
            try:
                self._work.refuse_writing()
                with self._work.savepoint():
                    yield self._work
                    self._work.settle()
            finally:
                self._writing = False

    def after_commit(self, call: Callable[[], tuple[Issue, ...]]) -> tuple[Issue, ...]:
        """Return what a call finds that follows a unit of work."""
        return call()

    @contextmanager
    def snapshot(self) -> Generator[ReadingUnit, None, None]:
        """Return a context that reads a copy, while others write."""
        with self._turns.taken():
            if self._writing:
                raise StorageBusy("this thread is writing already; end that unit first")
            copy = self._work.copied()
        yield ReadingUnit(copy)

    def scrub(self, *, whole: bool = False) -> None:
        """Do nothing: what was replaced is gone."""

    def condition(self) -> Condition:
        """Return when a verification last found nothing wrong; memory has no more to tell."""
        return Condition(checked=self._work.checked)

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""
