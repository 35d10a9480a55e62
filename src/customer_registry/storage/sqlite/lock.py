"""The writers' lock: an advisory lock file in front of BEGIN IMMEDIATE.

SQLite lets waiting writers sleep longer and longer, so that one of several can wait for a second.
Here all of them ask again within milliseconds, and only one at a time reaches SQLite. Checkpoints
and the closing of connections happen under the same lock.
"""

import os
import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager

from customer_registry.domain.errors import StorageBusy, StorageUnavailable

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["WriterLock"]

_SHORTEST_PAUSE = 0.000_2
_LONGEST_PAUSE = 0.002


class WriterLock:
    """Lets one writer at a time through, of all threads and processes that open this file.

    The file stays when the lock is free; a process that dies frees it. Linux is proven; the code
    path of Windows (`msvcrt.locking`) is not proven.
    """

    def __init__(self, path: str, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._turn = threading.Lock()
        self._holder: int | None = None
        self._file: int | None = None

    @contextmanager
    def held(self, patience: float | None = None) -> Generator[None, None, None]:
        """Return a context that holds the lock; raises StorageBusy after `patience` seconds."""
        self._acquire(self._patience if patience is None else patience)
        try:
            yield
        finally:
            self._release()

    def close(self) -> None:
        """Let go of the file; a later use opens it again."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _acquire(self, patience: float) -> None:
        if self._holder == threading.get_ident():
            raise StorageBusy(f"{self._path}: this thread is writing already; end that unit first")
        deadline = time.monotonic() + patience
        if not self._turn.acquire(timeout=patience):
            raise self._busy()
        try:
            self._acquire_file(deadline)
        except BaseException:
            self._turn.release()
            raise
        self._holder = threading.get_ident()

    def _release(self) -> None:
        self._holder = None
        try:
            if self._file is not None:
                _unlock(self._file)
        finally:
            self._turn.release()

    def _acquire_file(self, deadline: float) -> None:
        pause = _SHORTEST_PAUSE
        while not self._has_locked():
            if time.monotonic() >= deadline:
                raise self._busy()
            time.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    def _has_locked(self) -> bool:
        """Try once; a lock on a file that was taken away meanwhile keeps nobody out."""
        if self._file is None:
            self._file = _opened(self._path)
        if not _try_lock(self._file):
            return False
        if _is_file_at(self._file, self._path):
            return True
        self.close()
        return False

    def _busy(self) -> StorageBusy:
        return StorageBusy(f"{self._path}: other writers kept the store all the while; try again")


def _opened(path: str) -> int:
    """Return a descriptor that child programs do not inherit; reading is enough to lock."""
    try:
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | _CLOEXEC, 0o666)
        except PermissionError:
            return os.open(path, os.O_RDONLY | _CLOEXEC)
    except OSError as error:
        message = f"{path}: the lock file cannot be made; check that the folder can be written"
        raise StorageUnavailable(message) from error


_CLOEXEC = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOINHERIT", 0)


def _is_file_at(file: int, path: str) -> bool:
    try:
        there = os.stat(path)  # noqa: PTH116  on the way of every save
    except FileNotFoundError:
        return False
    return os.path.samestat(os.fstat(file), there)


if sys.platform == "win32":

    def _try_lock(file: int) -> bool:
        os.lseek(file, 0, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(file: int) -> None:
        os.lseek(file, 0, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_UNLCK, 1)

else:

    def _try_lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
