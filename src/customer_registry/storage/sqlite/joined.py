"""A repository that takes part in a host's transaction, on the host's own connection."""

import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn, cast
from uuid import UUID

import attrs

from customer_registry.domain.errors import (
    StorageBusy,
    StorageError,
    StorageUnavailable,
)
from customer_registry.domain.issues import Issue, Report
from customer_registry.repository import Condition, Durability
from customer_registry.storage.reading import ReadingUnit
from customer_registry.storage.sqlite.condition import condition, flaws
from customer_registry.storage.sqlite.errors import FAILURES, translated
from customer_registry.storage.sqlite.hosts import HostConnection, is_writing
from customer_registry.storage.sqlite.opening import (
    check_schema,
    found_beside,
    identity_in,
    stands_in,
)
from customer_registry.storage.sqlite.statements import Statements
from customer_registry.storage.sqlite.work import Work
from customer_registry.storage.tables.sealed import seal_if_empty
from customer_registry.storage.turns import Turns
from customer_registry.storage.vault import Vault
from customer_registry.storage.waiting import Call, Waiting

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring

__all__ = ["JoinedSQLiteRepository", "durability_of", "refuse_unsafe"]

_PATIENCE = 30.0
"""Seconds for which a thread waits for another one's unit on the same connection."""

_FULL, _EXTRA = 2, 3
_DIGEST = "SELECT digest FROM customer_registry_journal WHERE seq = :number"
_DATABASE = "SELECT file FROM pragma_database_list WHERE name = 'main'"
_IN_MEMORY = "the database in memory"


class JoinedSQLiteRepository:
    """A repository whose saves are part of the transaction that the host has begun.

    Made by `SQLiteRepository.joined`. The host begins and commits; each unit that writes is a
    savepoint, so that a refusal takes back what it did, numbers included, and nothing of the
    host's. After its COMMIT the host calls `committed`, which runs the hooks.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        create: bool,
        keyring: "Keyring | None",
        salt: Callable[[int], bytes],
    ) -> None:
        self._connection = connection
        self._vault = Vault(keyring)
        self._salt = salt
        self._waiting = Waiting()
        self._turns = Turns()
        self._writing = False
        self._closed = False
        self._pid = os.getpid()
        self._path = ""
        with self._statements() as statements:
            self._path = _file_of(statements)
            if create and not stands_in(statements):
                self._found(statements)
            identity_in(statements, self._name)
            check_schema(statements, self._name)

    @property
    def identity(self) -> UUID:
        """The UUID made together with our tables, as it stands in the database."""
        with self._statements() as statements:
            return identity_in(statements, self._name)

    @property
    def durability(self) -> Durability:
        """What a commit of the host's survives, as its connection is set now."""
        with self._statements() as statements:
            return durability_of(self._path, *_settings(statements)[:2])

    @contextmanager
    def read(self) -> Generator[ReadingUnit, None, None]:
        """Return a context that reads what the host's transaction would, its own writes included.

        Outside a transaction it reads one snapshot. Writing in it is a StorageUnavailable.
        """
        with self._turn(), self._statements() as statements:
            alone = not self._connection.in_transaction
            if alone:
                statements.all("BEGIN")
            try:
                yield ReadingUnit(self._work(statements))
            finally:
                if alone and self._connection.in_transaction:
                    statements.all("COMMIT")

    @contextmanager
    def write(self) -> Generator[Work, None, None]:
        """Return a context that is a savepoint: an exception leaves nothing of it behind.

        Raises StorageUnavailable unless the host has begun with BEGIN IMMEDIATE, and StorageBusy
        where this thread is in such a context already. After an error with which SQLite ends the
        host's whole transaction a note of the exception says so.
        """
        with self._turn(), self._statements() as statements:
            if self._writing:
                raise StorageBusy("this thread is writing already; end that unit first")
            self._refuse_unfit(statements)
            self._writing = True
            try:
                with statements.savepoint():
                    work = self._work(statements)
                    work.hear(check_schema(statements, self._name))
                    work.refuse_writing()
                    before, _ = work.journal.head()
                    yield work
                    end = work.journal.head()
                self._waiting.follow(end if end[0] > before else None)
            except BaseException as error:
                if not self._connection.in_transaction:
                    error.add_note("SQLite rolled back the whole transaction of the host")
                raise
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
        with self._statements() as statements:
            if self._connection.in_transaction and self._is_writing():
                raise StorageError(f"{self._name}: the host has not committed yet; COMMIT first")
            return Report(self._waiting.called(lambda number: _digest_at(statements, number)))

    def snapshot(self) -> NoReturn:
        """Raise StorageUnavailable: a copy takes a repository of its own."""
        self._refuse("a snapshot")

    def scrub(self, *, whole: bool = False) -> NoReturn:
        """Raise StorageUnavailable: that takes a repository of its own."""
        self._refuse("scrubbing the whole file" if whole else "scrubbing")

    def condition(self) -> Condition:
        """Return how the database stands, as the host's connection has it."""
        with self._statements() as statements:
            found = condition(statements, self._name)
        return found if self._path else attrs.evolve(found, free_bytes=None)

    def close(self) -> None:
        """Refuse further units; the connection is the host's, and what waits may still be told."""
        self._closed = True

    @property
    def _name(self) -> str:
        return self._path or _IN_MEMORY

    def _work(self, statements: Statements) -> "_Work":
        return _Work(statements, self._salt, self._vault, identity_in(statements, self._name))

    def _found(self, statements: Statements) -> None:
        """Lay out our tables; they come and go with the host's transaction."""
        self._refuse_unfit(statements)
        with statements.savepoint():
            found_beside(statements)
            seal_if_empty(statements, self._vault, identity_in(statements, self._name))

    @contextmanager
    def _statements(self) -> Generator[Statements, None, None]:
        """Return a context with our statements on the host's connection."""
        if self._pid != os.getpid():
            raise StorageUnavailable("joined before a fork; join a connection of the child's")
        try:
            self._connection.cursor().close()
        except sqlite3.ProgrammingError as error:
            message = "the host's connection is closed, or belongs to another thread"
            raise StorageUnavailable(message) from error
        ours = cast("sqlite3.Connection", HostConnection(self._connection))
        statements = Statements(ours, self._name)
        try:
            yield statements
        finally:
            statements.end()

    @contextmanager
    def _turn(self) -> Generator[None, None, None]:
        """Return a context in which no other thread has a unit on this connection."""
        if self._closed:
            raise StorageUnavailable("this repository is closed; join anew")
        with self._turns.taken(_PATIENCE) as came:
            if not came:
                raise StorageBusy("another thread kept the host's connection all the while")
            yield

    def _refuse_unfit(self, statements: Statements) -> None:
        """Raise StorageUnavailable where the host's transaction is none to write in."""
        if not self._connection.in_transaction or not self._is_writing():
            message = f"{self._name}: the host has to be in a transaction; BEGIN IMMEDIATE first"
            raise StorageUnavailable(message)
        mode, _, erases = _settings(statements)
        refuse_unsafe(self._path, mode, erases, sqlite3.sqlite_version_info)

    def _is_writing(self) -> bool:
        try:
            return is_writing(self._connection)
        except FAILURES as error:
            raise translated(error, self._name) from error

    def _refuse(self, what: str) -> NoReturn:
        message = f"{what} takes a repository of its own: SQLiteRepository({self._name!r})"
        raise StorageUnavailable(message)


class _Work(Work):
    """One savepoint of the host's transaction."""

    def keep_sealing(self, said: str) -> NoReturn:
        """Raise StorageUnavailable: sealing ends with writing the file anew."""
        del said
        message = "sealing and changing keys takes a repository of its own, SQLiteRepository(path)"
        raise StorageUnavailable(message)


def refuse_unsafe(path: str, mode: str, erases: int, version: tuple[int, ...]) -> None:
    """Raise StorageUnavailable for a connection on which our promises would not hold.

    `mode` is its journal mode, `erases` its `secure_delete`; a database in memory has no path.
    """
    name = path or _IN_MEMORY
    if mode == "off" or (mode == "memory" and path):
        message = f"{name}: PRAGMA journal_mode = {mode} cannot take back; use DELETE"
        raise StorageUnavailable(message)
    if flaws(version, mode):
        message = (
            f"{name}: a WAL that others write as well may be damaged by this SQLite"
            f" ({'.'.join(map(str, version))}); PRAGMA journal_mode = DELETE, or SQLite 3.51.3"
        )
        raise StorageUnavailable(message)
    if erases != 1:
        message = f"{name}: erased customers would stay in unused pages; PRAGMA secure_delete = ON"
        raise StorageUnavailable(message)


def durability_of(path: str, mode: str, synchronous: int) -> Durability:
    """Return what a commit survives: SQLite syncs the end of a `delete` journal with EXTRA only.

    >>> durability_of("/srv/erp.db", "delete", 2), durability_of("/srv/erp.db", "delete", 3)
    (<Durability.PROCESS: 'process'>, <Durability.POWER: 'power'>)
    """
    if not path:
        return Durability.NOTHING
    enough = _EXTRA if mode == "delete" else _FULL
    return Durability.POWER if synchronous >= enough else Durability.PROCESS


def _settings(statements: Statements) -> tuple[str, int, int]:
    """Return the journal mode, `synchronous` and `secure_delete` of a connection."""
    ((mode,),) = statements.all("PRAGMA main.journal_mode")
    ((synchronous,),) = statements.all("PRAGMA main.synchronous")
    ((erases,),) = statements.all("PRAGMA main.secure_delete")
    return str(mode), int(synchronous), int(erases)


def _file_of(statements: Statements) -> str:
    (file,) = statements.one(_DATABASE) or ("",)
    return str(file or "")


def _digest_at(statements: Statements, number: int) -> bytes | None:
    """Return the digest of an entry; None where it, or the whole store, is not there."""
    try:
        (digest,) = statements.one(_DIGEST, {"number": number}) or (None,)
    except StorageError:
        if stands_in(statements):
            raise
        return None
    return None if digest is None else bytes(digest)
