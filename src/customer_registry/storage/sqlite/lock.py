"""The writers' lock: an advisory lock file in front of BEGIN IMMEDIATE.

SQLite lets waiting writers sleep longer and longer, so that one of several can wait for seconds.
Here all of them ask again within milliseconds, and only one at a time reaches SQLite. Checkpoints
and the closing of connections happen under the same lock.
"""

import os
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial

from customer_registry.domain.errors import StorageBusy, StorageUnavailable
from customer_registry.storage.sqlite.byte_locks import free_bytes, try_byte
from customer_registry.storage.turns import Turns

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["WriterLock", "open_to_lock"]

_PLACES = 3
"""The first bytes of the lock file are places of a line: the process at the first one is next."""

_STAY = 0.01
"""Seconds for which a process takes the lock again without waiting in line."""

_SHORTEST_PAUSE = 0.000_2
_LONGEST_PAUSE = 0.002
_PART_OF_THE_WAIT = 0.25
"""Who waits asks again after a quarter of the time that he has waited already."""


class WriterLock:
    """Lets one writer at a time through, of all threads and processes that open this file.

    Threads come in the order in which they asked. So do processes, on Linux, as long as there is a
    place in the line for each that waits; who has just let go overtakes them for a hundredth of a
    second, because what SQLite keeps in memory is worth nothing after another's turn.

    The file stays when the lock is free; a process that dies frees it. Linux is proven; the code
    path of Windows (`msvcrt.locking`) is not proven.
    """

    def __init__(self, path: str, patience: float) -> None:
        self._path = path
        self._patience = patience
        self._turns = Turns()
        self._file: int | None = None
        self._stays_until = 0.0

    @contextmanager
    def held(self, patience: float | None = None) -> Generator[None, None, None]:
        """Return a context that holds the lock; raises StorageBusy after `patience` seconds."""
        if self._turns.is_mine:
            raise StorageBusy(f"{self._path}: this thread is writing already; end that unit first")
        patience = self._patience if patience is None else patience
        deadline = time.monotonic() + patience
        with self._turns.taken(patience) as came:
            if not came:
                raise self._busy()
            try:
                self._come(deadline)
                yield
            finally:
                self._release()

    @property
    def path(self) -> str:
        """The file."""
        return self._path

    def close(self) -> None:
        """Let go of the file; a later use opens it again."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _come(self, deadline: float) -> None:
        """Go to the lock, from place to place: each is left only when the next one is had."""
        if time.monotonic() < self._stays_until and self._has_locked():
            return
        for place in reversed(range(_PLACES)):
            self._wait_for(partial(self._has_come_to, place), deadline)
            free_bytes(self._opened(), place + 1, _PLACES - 1 - place)
        self._wait_for(self._has_locked, deadline)
        free_bytes(self._opened(), 0, _PLACES)
        self._stays_until = time.monotonic() + _STAY

    def _wait_for(self, has_come: Callable[[], bool], deadline: float) -> None:
        began = time.monotonic()
        while not has_come():
            now = time.monotonic()
            if now >= deadline:
                raise self._busy()
            pause = (now - began) * _PART_OF_THE_WAIT
            time.sleep(min(max(pause, _SHORTEST_PAUSE), _LONGEST_PAUSE))

    def _has_come_to(self, place: int) -> bool:
        return try_byte(self._opened(), place)

    def _opened(self) -> int:
        if self._file is None:
            self._file = open_to_lock(self._path)
        return self._file

    def _has_locked(self) -> bool:
        """Try once; a lock on a file that was taken away meanwhile keeps nobody out."""
        file = self._opened()
        try:
            if not _try_lock(file):
                return False
        except OSError as error:
            message = f"{self._path}: cannot be locked ({error.strerror or 'no reason given'})"
            raise StorageUnavailable(message) from error
        if _is_file_at(file, self._path):
            return True
        self.close()
        return False

    def _release(self) -> None:
        if self._file is not None:
            free_bytes(self._file, 0, _PLACES)
            try:
                _unlock(self._file)
            except OSError:
                self.close()  # which frees it as well; what was saved must not seem to fail

    def _busy(self) -> StorageBusy:
        return StorageBusy(f"{self._path}: other writers kept the store all the while; try again")


def open_to_lock(path: str) -> int:
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
