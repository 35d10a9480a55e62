"""SQLite's errors in the words of this package, translated where the driver is called."""

import errno
import shutil
import sqlite3
from pathlib import Path
from typing import TypeAlias

from customer_registry.domain.errors import (
    CommitOutcomeUnknown,
    StorageBusy,
    StorageCorrupt,
    StorageError,
    StorageFull,
    StorageUnavailable,
)
from customer_registry.storage.tables.statements import Refused

__all__ = ["FAILURES", "translated", "translated_commit", "untold"]

_WRITE_FAILED = frozenset({sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_SHMSIZE})
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_A_FEW_PAGES = 1 << 17

FAILURES = (sqlite3.Error, UnicodeError, OverflowError)
"""What the driver raises: beside its own, what Python has for texts and numbers it cannot pass."""

Failure: TypeAlias = sqlite3.Error | UnicodeError | OverflowError


def translated(error: Failure, path: str) -> StorageError:
    """Return what an error means for the store at `path`; raise it from the error.

    The driver's own text stays in the cause, because it can quote a statement.
    """
    if isinstance(error, UnicodeDecodeError):
        return StorageCorrupt(f"{path}: the database is damaged; restore a backup")
    if isinstance(error, UnicodeError | OverflowError):
        return Refused(f"{path}: a lone surrogate or a number beyond 64 bits is never stored")
    return _told_by_sqlite(error, path)


def _told_by_sqlite(error: sqlite3.Error, path: str) -> StorageError:
    code = getattr(error, "sqlite_errorcode", 0)
    match code & 0xFF:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StorageBusy(f"{path}: others kept the store all the while; try again")
        case sqlite3.SQLITE_FULL:
            return StorageFull(f"{path}: no room left; free some and try again")
        case sqlite3.SQLITE_IOERR if code in _WRITE_FAILED and _has_no_room(path):
            return StorageFull(f"{path}: no room left, or a limit on file sizes; lift it")
        case sqlite3.SQLITE_CORRUPT:
            return StorageCorrupt(f"{path}: the database is damaged; restore a backup")
        case sqlite3.SQLITE_NOTADB:
            return StorageCorrupt(f"{path}: this file is no SQLite database")
        case sqlite3.SQLITE_CANTOPEN:
            return StorageUnavailable(f"{path}: cannot be opened; check the path and its rights")
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return StorageUnavailable(f"{path}: cannot be written; check the rights of the file")
        case sqlite3.SQLITE_CONSTRAINT:
            return Refused(f"{path}: the schema refused a row ({error.sqlite_errorname})")
        case _:
            name = getattr(error, "sqlite_errorname", type(error).__name__)
            return StorageError(f"{path}: the store failed ({name})")


def untold(error: OSError, path: str) -> StorageError:
    """Return what an error of the system means that SQLite had no part in."""
    if error.errno in _NO_ROOM:
        return StorageFull(f"{path}: no room left; free some and try again")
    return StorageUnavailable(f"{path}: {error.strerror or 'cannot be written'}")


def translated_commit(error: Failure, path: str) -> StorageError:
    """Return what an error of COMMIT means: known not to have landed, or unknown.

    Busy and full are told before the commit frame or the journal's end is written. Any other
    failure, a sync above all, may come after it.
    """
    meant = translated(error, path)
    known = isinstance(meant, StorageBusy | StorageFull | Refused)
    return meant if known else CommitOutcomeUnknown()


def _has_no_room(path: str) -> bool:
    """Return whether a failed write is explained by a full device or a limit on file sizes.

    SQLite tells ENOSPC apart but not EFBIG, and Python shows no errno.
    """
    try:
        free = shutil.disk_usage(Path(path).parent).free
    except OSError:
        return False
    return free < _A_FEW_PAGES or _is_at_size_limit(path)


def _is_at_size_limit(path: str) -> bool:
    try:
        import resource  # noqa: PLC0415  POSIX only
    except ImportError:
        return False
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    if limit == resource.RLIM_INFINITY:
        return False
    files = (Path(f"{path}{ending}") for ending in ("", "-wal", "-journal", "-shm"))
    return any(file.stat().st_size + _A_FEW_PAGES > limit for file in files if file.exists())
