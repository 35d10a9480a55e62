"""A repository in a SQLite file: reading snapshots, and one writer at a time."""

import os
import sqlite3
import weakref
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from customer_registry.domain.errors import StorageBusy, StorageError
from customer_registry.domain.issues import Issue
from customer_registry.repository import Condition, Durability
from customer_registry.storage.reading import ReadingUnit
from customer_registry.storage.sqlite.checkpoints import Checkpoints
from customer_registry.storage.sqlite.condition import condition
from customer_registry.storage.sqlite.connections import Connections
from customer_registry.storage.sqlite.errors import translated
from customer_registry.storage.sqlite.lock import WriterLock
from customer_registry.storage.sqlite.migrating import back_up
from customer_registry.storage.sqlite.opening import (
    check_schema,
    earlier_schema,
    prepare,
    refuse_foreign,
    refuse_missing,
    refuse_unfounded,
    resolved,
)
from customer_registry.storage.sqlite.snapshot import copied
from customer_registry.storage.sqlite.statements import Statements
from customer_registry.storage.sqlite.work import Work
from customer_registry.storage.tables.sealed import seal_if_empty
from customer_registry.storage.vault import Vault

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring
    from customer_registry.storage.sqlite.joined import JoinedSQLiteRepository

__all__ = ["SQLiteRepository"]


class SQLiteRepository:
    """A repository in one file, shared by threads and processes of one machine.

    `journal="auto"` is a write-ahead log: readers never wait. `"delete"` is for a file that other
    programs write as well. Either way an acknowledged save survives a power cut. Writers queue at
    the file `<path>-lock`, up to `busy_timeout` seconds, and as long again where other programs
    write. All who have the file open at the same time use the same `journal`; who asks for another
    is refused. In a child after a fork, open a new one.

    A new file is for its owner alone; `create=False` makes none, and is a StorageMissing instead.
    A file of an earlier version is refused, unless `migrate` asks for it to be brought to today's:
    a copy is kept first, beside it, for its owner alone, as `<path>-schema<number>`. Earlier
    versions cannot open it any more.

    With a `keyring` a new file has its sensitive fields sealed, and those of a sealed one can be
    read and written; without it they are masked.

    Raises StorageUnavailable, StorageCorrupt, StorageForeign, SchemaTooNew, SchemaTooOld, and
    ValueError for another `journal`.
    """

    durability = Durability.POWER

    def __init__(
        self,
        path: str | Path,
        *,
        journal: Literal["auto", "delete"] = "auto",
        busy_timeout: float = 30.0,
        create: bool = True,
        migrate: bool = False,
        keyring: "Keyring | None" = None,
        salt: Callable[[int], bytes] = os.urandom,
    ) -> None:
        if journal not in {"auto", "delete"}:
            raise ValueError(f'journal={journal!r}: "auto" or "delete" are taken')
        self._path = resolved(path)
        self._salt = salt
        self._vault = Vault(keyring)
        self._lock = WriterLock(f"{self._path}-lock", busy_timeout)
        mode: Literal["wal", "delete"] = "delete" if journal == "delete" else "wal"
        self._connections = Connections(self._path, self._lock, mode, busy_timeout)
        self._checkpoints = Checkpoints(self._path) if mode == "wal" else None
        self._identity = self._opened(create=create, migrate=migrate)
        weakref.finalize(self, self._connections.close_at_exit)

    @staticmethod
    def joined(
        connection: sqlite3.Connection,
        *,
        create: bool = False,
        keyring: "Keyring | None" = None,
        salt: Callable[[int], bytes] = os.urandom,
    ) -> "JoinedSQLiteRepository":
        """Return a repository on a connection of the host's, whose transaction its saves are in.

        The host begins with BEGIN IMMEDIATE, commits or rolls back, and calls `committed` of what
        this returns after each COMMIT: hooks wait for that. Make one for a connection, and use it
        for all its transactions. Neither the lock file is taken nor a checkpoint run; nothing of
        the connection is changed, and closing it is the host's.

        Our tables, whose names begin with `customer_registry_`, have to be in its database. With
        `create` they are laid out beside the host's own where they are not, which takes a
        transaction, and they come or go with that.

        Raises StorageUnavailable where the connection's settings would break a promise: a journal
        that cannot take back, a WAL with a SQLite that may damage it, no `secure_delete`; these are
        asked again by each save. Raises StorageMissing, SchemaTooNew, SchemaTooOld, StorageCorrupt.
        """
        from customer_registry.storage.sqlite.joined import (  # noqa: PLC0415  not every host's
            JoinedSQLiteRepository,
        )

        return JoinedSQLiteRepository(connection, create=create, keyring=keyring, salt=salt)

    @property
    def identity(self) -> UUID:
        """The UUID made together with the file."""
        return self._identity

    @property
    def path(self) -> str:
        """The file, links resolved."""
        return self._path

    @contextmanager
    def read(self) -> Generator[ReadingUnit, None, None]:
        """Return a context that reads one snapshot; writing in it is a StorageUnavailable."""
        with self._reading() as statements:
            statements.all("BEGIN")
            yield ReadingUnit(self._work(statements))

    @contextmanager
    def snapshot(self) -> Generator[ReadingUnit, None, None]:
        """Return a context that reads the file as it is now, however long that takes.

        It reads a copy beside the file, for its owner alone, which has no name and ends with the
        context, or with the process; there has to be room for it. Where no WAL lets them go on,
        writers queue until the pages are copied.
        """
        connection = self._connections.reader()
        try:
            with ExitStack() as ending:
                with self._lock.held() if self._checkpoints is None else nullcontext():
                    copy = ending.enter_context(copied(connection, self._path))
                statements = Statements(copy, self._path)
                try:
                    yield ReadingUnit(self._work(statements))
                finally:
                    statements.end()
        except StorageError:
            self._connections.retire(connection)
            raise
        except BaseException:
            self._connections.give_back(connection)
            raise
        self._connections.give_back(connection)

    def condition(self) -> Condition:
        """Return how the file stands."""
        with self._reading() as statements:
            return condition(statements, self._path)

    @contextmanager
    def write(self) -> Generator[Work, None, None]:
        """Return a context that commits at its end, and leaves nothing behind on an exception.

        Raises StorageBusy when others wrote for the whole of `busy_timeout`, also when this thread
        is writing already, and CommitOutcomeUnknown.
        """
        self._connections.refuse_unusable()
        with self._lock.held():
            with self._transaction() as work:
                yield work
            self._connections.close_retired()

    def after_commit(self, call: Callable[[], tuple[Issue, ...]]) -> tuple[Issue, ...]:
        """Return what a call finds that follows a unit of work."""
        return call()

    def scrub(self, *, whole: bool = False) -> None:
        """Leave nothing in the file, nor in its WAL, of words that find nobody any more.

        Takes some seconds for a million customers; others write in between. SQLite overwrites what
        it deletes, but now and then misses a copy that it made when it moved rows; `whole` writes
        the file anew, which nothing survives. That needs twice its room, and nobody writes
        meanwhile. Raises StorageBusy where somebody goes on reading what was there before.
        """
        first = more = True
        while more:
            with self.write() as work:
                more = work.merge_words(first=first)
            first = False
        if whole:
            self._write_anew()
        self._empty_wal()

    def close(self) -> None:
        """Let go of files and connections; closing twice is no fault."""
        self._connections.close()

    def _opened(self, *, create: bool, migrate: bool) -> UUID:
        """Return the identity of the file, made now if it is new; touch nothing of strangers."""
        if not create:
            refuse_missing(self._path)
        if not Path(f"{self._path}-lock").exists():
            refuse_foreign(self._path)
        with self._lock.held():
            refuse_foreign(self._path)
            try:
                return self._founded(create=create, migrate=migrate)
            except BaseException:
                self._connections.close_under_lock()
                raise

    def _founded(self, *, create: bool, migrate: bool) -> UUID:
        """Return the identity; two processes that come at once find each other's work."""
        connection = self._connections.first(create=create)
        statements = Statements(connection, self._path)
        if not create:
            refuse_unfounded(statements, self._path)
        older = earlier_schema(statements, self._path, migrate=migrate)
        self._connections.set_journal(connection)
        if older:
            back_up(connection, self._path, older)
        statements.all("BEGIN IMMEDIATE")
        identity = prepare(statements, self._path, older)
        seal_if_empty(statements, self._vault, identity)
        statements.commit()
        return identity

    def _work(self, statements: Statements) -> Work:
        return Work(statements, self._salt, self._vault, self._identity)

    @contextmanager
    def _reading(self) -> Generator[Statements, None, None]:
        """Return a context with statements on a reader, which is kept unless it fails to end."""
        connection = self._connections.reader()
        statements = Statements(connection, self._path)
        try:
            yield statements
        finally:
            try:
                statements.roll_back()
            except StorageError:
                self._connections.retire(connection)
            else:
                self._connections.give_back(connection)
            finally:
                statements.end()

    @contextmanager
    def _transaction(self) -> Generator[Work, None, None]:
        connection = self._connections.writer()
        statements = Statements(connection, self._path)
        try:
            statements.all("BEGIN IMMEDIATE")
            said = check_schema(statements, self._path)
            work = self._work(statements)
            work.hear(said)
            work.refuse_writing()
            yield work
            statements.commit()
            self._identity = work.adopted or self._identity
        except BaseException as error:
            self._undo(statements, error)
            raise
        finally:
            statements.end()
        if self._checkpoints is not None:
            self._checkpoints.after_commit(connection)

    def _write_anew(self) -> None:
        with self._lock.held():
            try:
                self._connections.writer().execute("VACUUM")
            except sqlite3.Error as error:
                raise translated(error, self._path) from error

    def _empty_wal(self) -> None:
        if self._checkpoints is None:
            return
        with self._lock.held():
            try:
                emptied = self._checkpoints.empty(self._connections.writer())
            except sqlite3.Error as error:
                raise translated(error, self._path) from error
        if not emptied:
            message = f"{self._path}: somebody still reads what was there before; try again"
            raise StorageBusy(message)

    def _undo(self, statements: Statements, error: BaseException) -> None:
        """Roll back; after an error of the store start afresh: a failed sync is told only once."""
        try:
            statements.roll_back()
        except StorageError:
            self._connections.drop_writer()
        if isinstance(error, StorageError):
            self._connections.drop_writer()
