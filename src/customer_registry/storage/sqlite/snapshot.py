"""A copy of a file as it is now, which has no name any more before anything is written to it."""

import os
import sqlite3
from collections.abc import Generator
from contextlib import contextmanager, suppress
from secrets import token_hex

from customer_registry.storage.sqlite.errors import FAILURES, translated, untold

__all__ = ["copied"]

_VERSIONS = 18
"""Where a database says whether a WAL belongs to it."""

_CHANGES = 24
"""Where it counts its changes; another count than a connection remembers lets it read anew."""

_PAUSE = 0.005
"""Seconds after which it is asked again where somebody just commits."""


@contextmanager
def copied(connection: sqlite3.Connection, path: str) -> Generator[sqlite3.Connection, None, None]:
    """Return a context with a connection that reads a copy of a file, all of one moment.

    The copy lies beside the file, for its owner alone, and has no name: it is gone with the
    connection, or with the process. (Windows keeps the name for as long as it is open.) Raises the
    StorageError that stopped it.
    """
    unnamed = f"{path}-snapshot-{token_hex(8)}"
    try:
        file = os.open(unnamed, os.O_CREAT | os.O_EXCL | os.O_RDWR | _BINARY, 0o600)
    except OSError as error:
        raise untold(error, path) from error
    try:
        with _connected(unnamed, path) as copy:
            _copy(connection, copy, file, path)
            yield copy
    finally:
        os.close(file)
        with suppress(OSError):
            os.unlink(unnamed)  # noqa: PTH108  as when it was opened


_BINARY = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


@contextmanager
def _connected(unnamed: str, path: str) -> Generator[sqlite3.Connection, None, None]:
    """Return a context with a connection to an empty file whose name goes at once."""
    try:
        copy = sqlite3.connect(unnamed, isolation_level=None, check_same_thread=False)
    except FAILURES as error:
        raise translated(error, path) from error
    try:
        with suppress(OSError):
            os.unlink(unnamed)  # noqa: PTH108  as above
        yield copy
    finally:
        copy.close()


def _copy(connection: sqlite3.Connection, copy: sqlite3.Connection, file: int, path: str) -> None:
    """Copy all pages in one step, between two commits; nothing of it has to survive anything.

    SQLite looks for a WAL by the name of the database, which has gone, so the copy must not say
    that it has one.
    """
    try:
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        connection.backup(copy, sleep=_PAUSE)
        _overwrite(file, _VERSIONS, b"\x01\x01")
        _overwrite(file, _CHANGES, b"\xff\xff\xff\xff")
        copy.execute("PRAGMA trusted_schema = OFF")
        copy.execute("PRAGMA query_only = ON")
        copy.execute("BEGIN")
    except FAILURES as error:
        raise translated(error, path) from error
    except OSError as error:
        raise untold(error, path) from error


def _overwrite(file: int, at: int, content: bytes) -> None:
    os.lseek(file, at, os.SEEK_SET)
    os.write(file, content)
