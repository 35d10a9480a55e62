"""Taking part in the transaction of a host, on its own connection, whatever the database."""

import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, ClassVar, Generic, NoReturn, TypeVar
from uuid import UUID

from customer_registry.domain.errors import StorageBusy, StorageError, StorageUnavailable
from customer_registry.domain.issues import Issue, Report
from customer_registry.repository import Condition, Durability
from customer_registry.storage.reading import ReadingUnit
from customer_registry.storage.tables.statements import Statements
from customer_registry.storage.tables.work import Work
from customer_registry.storage.turns import Turns
from customer_registry.storage.vault import Vault
from customer_registry.storage.waiting import Call, Waiting

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring

__all__ = ["JoinedRepository", "JoinedWork"]

_DIGEST = "SELECT digest FROM customer_registry_journal WHERE seq = :number"

_Statements = TypeVar("_Statements", bound=Statements)
_Work = TypeVar("_Work", bound=Work)


class JoinedRepository(ABC, Generic[_Statements, _Work]):
    """A repository whose saves are part of the transaction that the host has begun.

    The host begins and commits; each unit that writes is a savepoint, so that a refusal takes back
    what it did, numbers included, and nothing of the host's. After its COMMIT the host calls
    `committed`, which runs the hooks.
    """

    own: ClassVar[str]
    """How a repository of its own is made, for messages."""

    def __init__(
        self, *, keyring: "Keyring | None", salt: Callable[[int], bytes], patience: float
    ) -> None:
        self._vault = Vault(keyring)
        self._salt = salt
        self._patience = patience
        self._waiting = Waiting()
        self._turns = Turns()
        self._writing = False
        self._closed = False
        self._pid = os.getpid()

    @property
    @abstractmethod
    def durability(self) -> Durability:
        """What a commit of the host's survives, as its connection is set now."""

    @abstractmethod
    def condition(self) -> Condition:
        """Return how the store stands, as the host's connection has it."""

    @property
    def identity(self) -> UUID:
        """The UUID made together with our tables, as it stands in the database."""
        with self._reading() as statements:
            return self._identity_in(statements)

    @contextmanager
    def read(self) -> Generator[ReadingUnit, None, None]:
        """Return a context that reads what the host's transaction would, its own writes included.

        Outside a transaction it reads one snapshot. Writing in it is a StorageUnavailable.
        """
        with self._turn(), self._reading() as statements:
            yield ReadingUnit(self._work(statements))

    @contextmanager
    def write(self) -> Generator[_Work, None, None]:
        """Return a context that is a savepoint: an exception leaves nothing of it behind.

        Raises StorageUnavailable outside a transaction of the host's in which can be written,
        StorageBusy where this thread is in such a context already.
        """
        with self._turn(), self._statements() as statements:
            if self._writing:
                raise StorageBusy("this thread is writing already; end that unit first")
            self._refuse_unfit(statements)
            self._writing = True
            try:
                with self._savepoint(statements):
                    work = self._begun(statements)
                    before, _ = work.journal.head()
                    yield work
                    end = work.journal.head()
                self._waiting.follow(end if end[0] > before else None)
            finally:
                self._writing = False

    def after_commit(self, call: Call) -> tuple[Issue, ...]:
        """Keep a call until the host says that it committed; there is nothing to tell so far."""
        return self._waiting.keep(call)

    def committed(self) -> Report:
        """Run the hooks of what was committed, and return which of them failed.

        Call it after each COMMIT. What the host rolled back instead, wholly or to a savepoint, runs
        no hooks, so that it may be called after a COMMIT that failed as well. Raises StorageError
        inside a transaction that writes; hooks then go on waiting, as they do after StorageBusy.
        """
        with self._reading() as statements:
            if self._is_writing(statements):
                raise StorageError(f"{self._name}: the host has not committed yet; COMMIT first")
            self._waiting.settle(self._digests(statements))
        return Report(self._waiting.called())

    def snapshot(self) -> NoReturn:
        """Raise StorageUnavailable: a copy takes a repository of its own."""
        self._refuse("a snapshot")

    def scrub(self, *, whole: bool = False) -> NoReturn:
        """Raise StorageUnavailable: that takes a repository of its own."""
        self._refuse("scrubbing everything" if whole else "scrubbing")

    def close(self) -> None:
        """Refuse further units; the connection is the host's, and what waits may still be told."""
        self._closed = True

    @property
    @abstractmethod
    def _name(self) -> str:
        """Where our tables are, for messages."""

    @abstractmethod
    def _statements(self) -> AbstractContextManager[_Statements]:
        """Return a context with our statements on the host's connection."""

    @abstractmethod
    def _reading(self) -> AbstractContextManager[_Statements]:
        """Return a context with statements that read, in a snapshot of their own if outside."""

    @abstractmethod
    def _is_there(self, statements: _Statements) -> bool:
        """Return whether our tables are in the database."""

    @abstractmethod
    def _is_writing(self, statements: _Statements) -> bool:
        """Return whether the host is in a transaction that writes."""

    @abstractmethod
    def _refuse_unfit(self, statements: _Statements) -> None:
        """Raise StorageUnavailable where there is no transaction of the host's to write in."""

    @abstractmethod
    def _identity_in(self, statements: _Statements) -> UUID:
        """Return who the store is; raises StorageMissing where there is none."""

    @abstractmethod
    def _work(self, statements: _Statements) -> _Work:
        """Return a unit of work that runs these statements."""

    @abstractmethod
    def _come(self, statements: _Statements) -> str | None:
        """Wait for the turn to write; return what the store says of how it is sealed."""

    def _savepoint(self, statements: _Statements) -> AbstractContextManager[None]:
        return statements.savepoint()

    def _begun(self, statements: _Statements) -> _Work:
        """Return a unit of work whose turn it is to write."""
        said = self._come(statements)
        work = self._work(statements)
        work.hear(said)
        work.refuse_writing()
        return work

    def _digests(self, statements: _Statements) -> Callable[[int], bytes | None]:
        """Return what gives an entry's digest; None where it, or the whole store, is not there."""
        is_there = self._is_there(statements)

        def digest_at(number: int) -> bytes | None:
            row = statements.one(_DIGEST, {"number": number}) if is_there else None
            return None if row is None else bytes(row[0])

        return digest_at

    @contextmanager
    def _turn(self) -> Generator[None, None, None]:
        """Return a context in which no other thread has a unit on this connection."""
        if self._closed:
            raise StorageUnavailable("this repository is closed; join anew")
        with self._turns.taken(self._patience) as has_come:
            if not has_come:
                raise StorageBusy("another thread kept the host's connection all the while")
            yield

    def _refuse_child(self) -> None:
        if self._pid != os.getpid():
            raise StorageUnavailable("joined before a fork; join a connection of the child's")

    def _refuse(self, what: str) -> NoReturn:
        raise StorageUnavailable(f"{what} takes a repository of its own: {self.own}")


class JoinedWork(Work):
    """One savepoint of the host's transaction."""

    def keep_sealing(self, said: str) -> NoReturn:
        """Raise StorageUnavailable: sealing ends with writing all of the store anew."""
        del said
        raise StorageUnavailable("sealing and changing keys takes a repository of its own")
