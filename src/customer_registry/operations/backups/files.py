"""Files on the disk, for their owner alone, and errors told in the words of this package."""

import errno
import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from customer_registry.domain.errors import StorageError, StorageFull, StorageUnavailable

__all__ = ["fresh", "placed", "told"]

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FLAGS = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)


@contextmanager
def told(path: Path) -> Generator[None, None, None]:
    """Return a context whose errors of the system are told in the words of this package."""
    try:
        yield
    except OSError as error:
        raise _meant(error, path) from error


@contextmanager
def fresh(path: Path) -> Generator[BinaryIO, None, None]:
    """Return a context with a new file for its owner alone, on the disk at the end."""
    file = os.open(path, _FLAGS, 0o600)
    with os.fdopen(file, "wb") as stream:
        yield stream
        stream.flush()
        os.fsync(file)
        _forget(file)


def placed(unfinished: Path, path: Path) -> None:
    """Give a finished file its name, and let the folder keep it."""
    unfinished.replace(path)
    if os.name == "nt":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _forget(file: int) -> None:
    """Let what is read back come from the disk, where the system can be asked for that."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):
            os.posix_fadvise(file, 0, 0, os.POSIX_FADV_DONTNEED)


def _meant(error: OSError, path: Path) -> StorageError:
    meant: StorageError = StorageUnavailable(f"{path}: {error.strerror or 'cannot be reached'}")
    if error.errno in _NO_ROOM:
        meant = StorageFull(f"{path}: no room left; free some and try again")
    meant.path = str(path)
    return meant
