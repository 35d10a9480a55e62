"""A repository that takes part in a host's transaction, on the host's own connection."""

import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, cast
from uuid import UUID

import attrs

from customer_registry.domain.errors import StorageUnavailable
from customer_registry.repository import Condition, Durability
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
from customer_registry.storage.tables.joined import JoinedRepository, JoinedWork
from customer_registry.storage.tables.sealed import seal_if_empty

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring

__all__ = ["JoinedSQLiteRepository", "durability_of", "refuse_unsafe"]

_PATIENCE = 30.0
"""Seconds for which a thread waits for another one's unit on the same connection."""

_FULL, _EXTRA = 2, 3
_DATABASE = "SELECT file FROM pragma_database_list WHERE name = 'main'"
_IN_MEMORY = "the database in memory"


class JoinedSQLiteRepository(JoinedRepository[Statements, Work]):
    """A repository whose saves are part of the transaction that the host has begun.

    Made by `SQLiteRepository.joined`. The host begins and commits; each unit that writes is a
    savepoint, so that a refusal takes back what it did, numbers included, and nothing of the
    host's. After its COMMIT the host calls `committed`, which runs the hooks.

    After an error with which SQLite ends the host's whole transaction a note of the exception says
    so.
    """

    own = "SQLiteRepository(path)"

    def __init__(
        self,
        connection: sqlite3.Connection,
        *,
        create: bool,
        keyring: "Keyring | None",
        salt: Callable[[int], bytes],
    ) -> None:
        super().__init__(keyring=keyring, salt=salt, patience=_PATIENCE)
        self._connection = connection
        self._path = ""
        with self._statements() as statements:
            self._path = _file_of(statements)
            if create and not stands_in(statements):
                self._found(statements)
            identity_in(statements, self._name)
            check_schema(statements, self._name)

    @property
    def durability(self) -> Durability:
        """What a commit of the host's survives, as its connection is set now."""
        with self._statements() as statements:
            return durability_of(self._path, *_settings(statements)[:2])

    def condition(self) -> Condition:
        """Return how the database stands, as the host's connection has it."""
        with self._statements() as statements:
            found = condition(statements, self._name)
        return found if self._path else attrs.evolve(found, free_bytes=None)

    @property
    def _name(self) -> str:
        return self._path or _IN_MEMORY

    def _found(self, statements: Statements) -> None:
        """Lay out our tables; they come and go with the host's transaction."""
        self._refuse_unfit(statements)
        with statements.savepoint():
            found_beside(statements)
            seal_if_empty(statements, self._vault, self._identity_in(statements))

    @contextmanager
    def _statements(self) -> Generator[Statements, None, None]:
        self._refuse_child()
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
    def _reading(self) -> Generator[Statements, None, None]:
        with self._statements() as statements:
            alone = not self._connection.in_transaction
            if alone:
                statements.all("BEGIN")
            try:
                yield statements
            finally:
                if alone and self._connection.in_transaction:
                    statements.all("COMMIT")

    @contextmanager
    def _savepoint(self, statements: Statements) -> Generator[None, None, None]:
        try:
            with statements.savepoint():
                yield
        except BaseException as error:
            if not self._connection.in_transaction:
                error.add_note("SQLite rolled back the whole transaction of the host")
            raise

    def _refuse_unfit(self, statements: Statements) -> None:
        if not self._is_writing(statements):
            message = f"{self._name}: the host has to be in a transaction; BEGIN IMMEDIATE first"
            raise StorageUnavailable(message)
        mode, _, erases = _settings(statements)
        refuse_unsafe(self._path, mode, erases, sqlite3.sqlite_version_info)

    def _is_writing(self, statements: Statements) -> bool:
        del statements
        try:
            return self._connection.in_transaction and is_writing(self._connection)
        except FAILURES as error:
            raise translated(error, self._name) from error

    def _is_there(self, statements: Statements) -> bool:
        return stands_in(statements)

    def _identity_in(self, statements: Statements) -> UUID:
        return identity_in(statements, self._name)

    def _come(self, statements: Statements) -> str | None:
        return check_schema(statements, self._name)

    def _work(self, statements: Statements) -> Work:
        return _Work(statements, self._salt, self._vault, self._identity_in(statements))


class _Work(JoinedWork, Work):
    """One savepoint of the host's transaction."""


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
