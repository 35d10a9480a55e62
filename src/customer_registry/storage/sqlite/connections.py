"""The connections of one repository: set up alike, used by one unit each, closed under lock."""

import os
import sqlite3
import threading
import time
import weakref
from contextlib import suppress
from pathlib import Path

from customer_registry.domain.errors import StorageBusy, StorageError, StorageUnavailable
from customer_registry.storage.sqlite.errors import FAILURES, translated
from customer_registry.storage.sqlite.journal_claim import JournalClaim, Mode
from customer_registry.storage.sqlite.lock import WriterLock

__all__ = ["Connections", "Mode"]

_PATIENCE_AT_EXIT = 2.0
_PAUSE = 0.005

_PRAGMAS = (
    # Our own tables refer to one another without foreign keys; a host's beside them may have some.
    ("PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", 1),
    ("PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", 0),
    ("PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", 1),
    # What is deleted is overwritten: an erased customer shall not be read out of unused pages.
    ("PRAGMA secure_delete = ON", "PRAGMA secure_delete", 1),
    ("PRAGMA wal_autocheckpoint = 0", "PRAGMA wal_autocheckpoint", 0),
    ("PRAGMA cache_size = -65536", "PRAGMA cache_size", -65536),
    # Only macOS knows a sync beyond fsync; elsewhere these two do nothing. Not proven there.
    ("PRAGMA fullfsync = ON", "PRAGMA fullfsync", 1),
    ("PRAGMA checkpoint_fullfsync = ON", "PRAGMA checkpoint_fullfsync", 1),
)
_SYNCHRONOUS = {
    "wal": ("PRAGMA synchronous = FULL", "PRAGMA synchronous", 2),
    "delete": ("PRAGMA synchronous = EXTRA", "PRAGMA synchronous", 3),
}
_JOURNAL = {"wal": "PRAGMA journal_mode = WAL", "delete": "PRAGMA journal_mode = DELETE"}
_READS_ONLY = ("PRAGMA query_only = ON", "PRAGMA query_only", 1)


class Connections:
    """One connection that writes, as many that read as units read at once.

    Closing the last connection to a file checkpoints, so every closing happens under the lock.
    A child after a fork never touches what it inherited: even closing would break the parent's
    locks, or roll back its transaction.
    """

    def __init__(self, path: str, lock: WriterLock, mode: Mode, patience: float) -> None:
        self._path = path
        self._lock = lock
        self._mode: Mode = mode
        self._claim = JournalClaim(lock.path, mode)
        self._patience = patience
        self._pid = os.getpid()
        self._guard = threading.Lock()
        self._all: set[sqlite3.Connection] = set()
        self._idle: list[sqlite3.Connection] = []
        self._retired: list[sqlite3.Connection] = []
        self._writer: sqlite3.Connection | None = None
        self._closed = False
        self._file: tuple[int, int] | None = None
        _after_fork(self)

    def first(self, *, create: bool) -> sqlite3.Connection:
        """Return the writing connection before anything is known of the file; under the lock.

        With `create` it need not exist yet. It is made for its owner alone, and SQLite's files
        beside it are as open as it is.
        """
        if create:
            with suppress(OSError):  # SQLite tells why it cannot be made
                os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        self._writer = self._connected("rwc" if create else "rw")
        return self._writer

    def set_journal(self, connection: sqlite3.Connection) -> None:
        """Give the file its journal mode; only under the lock."""
        deadline = time.monotonic() + self._patience
        if not self._claim.make():
            raise self._other_journal()
        while (found := self._journal_set(connection)) is None:
            if time.monotonic() >= deadline:
                raise StorageBusy(f"{self._path}: others kept the store all the while; try again")
            time.sleep(_PAUSE)
        if found != self._mode:
            raise StorageUnavailable(f"{self._path}: the journal stays {found} here")
        self._file = _file_at(self._path)

    def writer(self) -> sqlite3.Connection:
        """Return the writing connection; only under the lock."""
        self.refuse_unusable()
        if self._writer is None:
            self._writer = self._connected("rw")
        return self._writer

    def drop_writer(self) -> None:
        """Close the writing connection after an error that it may not survive; under the lock."""
        if self._writer is not None:
            self._close(self._writer)
            self._writer = None

    def reader(self) -> sqlite3.Connection:
        """Return a connection that reads, to be given back or retired."""
        self.refuse_unusable()
        try:
            return self._idle.pop()
        except IndexError:
            return self._connected("rw", _READS_ONLY)

    def give_back(self, connection: sqlite3.Connection) -> None:
        """Take a reading connection for the next unit."""
        if not self._closed:
            self._idle.append(connection)
            return
        self.retire(connection)
        with suppress(StorageBusy), self._lock.held():
            self.close_under_lock()

    def retire(self, connection: sqlite3.Connection) -> None:
        """Take a reading connection out of use; the next writer closes it."""
        self._retired.append(connection)

    def close_retired(self) -> None:
        """Close what was retired; only under the lock."""
        while self._retired:
            self._close(self._retired.pop())

    def close_under_lock(self) -> None:
        """Close all connections that no unit uses, and the lock's own file behind them."""
        self._closed = True
        self.drop_writer()
        self.close_retired()
        while self._idle:
            self._close(self._idle.pop())
        self._claim.give_up()
        self._lock.close()

    def close(self) -> None:
        """Close all but those in use, which are closed when their units end."""
        if self._pid == os.getpid() and not self._closed:
            with self._lock.held():
                self.close_under_lock()

    def close_at_exit(self) -> None:
        """Close in good order, or leave everything to the system, as if the process had died."""
        if self._pid == os.getpid() and self._all:
            try:
                with self._lock.held(_PATIENCE_AT_EXIT):
                    self.close_under_lock()
            except StorageError:
                self.abandon()

    def refuse_unusable(self) -> None:
        """Raise StorageUnavailable after `close`, after a fork, and when the file has moved.

        A connection goes on with the file that it opened, wherever that is: what it acknowledged
        after a restored backup took the place would be lost.
        """
        if self._pid != os.getpid():
            message = f"{self._path}: opened before a fork; open it anew in the child"
            raise StorageUnavailable(message)
        if self._closed:
            raise StorageUnavailable(f"{self._path}: this repository is closed; open a new one")
        if self._file != _file_at(self._path):
            message = f"{self._path}: the file was moved or replaced meanwhile; open it anew"
            raise StorageUnavailable(message)

    def abandon(self) -> None:
        """Make sure that nothing ever closes these connections, not even the end of Python."""
        import ctypes  # noqa: PLC0415  only an orphan needs it

        for connection in self._all:
            ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))

    def abandon_in_child(self) -> None:
        """Leave the parent's connections and its lock file alone."""
        self.abandon()
        self._claim.give_up()
        self._lock.close()

    def _journal_set(self, connection: sqlite3.Connection) -> str | None:
        """Return the journal after trying to set it; None while other programs write.

        SQLite waits for nobody here. Out of WAL mode it takes that nobody has the file open.
        """
        try:
            return str(connection.execute(_JOURNAL[self._mode]).fetchone()[0])
        except FAILURES as error:
            meant = translated(error, self._path)
            if not isinstance(meant, StorageBusy):
                raise meant from error
            if self._mode == "delete":
                raise self._other_journal() from error
            return None

    def _other_journal(self) -> StorageUnavailable:
        return StorageUnavailable(
            f"{self._path}: open elsewhere with another journal; use that, or close it there"
        )

    def _close(self, connection: sqlite3.Connection) -> None:
        if self._pid != os.getpid():
            return
        with suppress(*FAILURES):
            connection.close()
        with self._guard:
            self._all.discard(connection)

    def _connected(self, access: str, *more: tuple[str, str, int]) -> sqlite3.Connection:
        connection = None
        try:
            connection = sqlite3.connect(
                f"{Path(self._path).as_uri()}?mode={access}",
                uri=True,
                timeout=self._patience,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=256,
            )
            with self._guard:
                self._all.add(connection)
            self._set_up(connection, *more)
        except FAILURES as error:
            if connection is not None:
                self.retire(connection)
            raise translated(error, self._path) from error
        return connection

    def _set_up(self, connection: sqlite3.Connection, *more: tuple[str, str, int]) -> None:
        for setting, question, expected in (*_PRAGMAS, _SYNCHRONOUS[self._mode], *more):
            connection.execute(setting)
            if connection.execute(question).fetchone() != (expected,):
                self.retire(connection)
                raise StorageUnavailable(f"{self._path}: SQLite does not take {setting}")


def _file_at(path: str) -> tuple[int, int] | None:
    try:
        there = os.stat(path)  # noqa: PTH116  on the way of every unit
    except OSError:
        return None
    return there.st_dev, there.st_ino


def _after_fork(connections: Connections) -> None:
    """Call `abandon_in_child` in every child, as long as the connections live."""
    if hasattr(os, "register_at_fork"):
        alive = weakref.WeakMethod(connections.abandon_in_child)

        def abandon() -> None:
            if (method := alive()) is not None:
                method()

        os.register_at_fork(after_in_child=abandon)
