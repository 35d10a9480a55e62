"""With which journal a file is open: all who have it open at the same time have to agree."""

import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, TypeAlias

from customer_registry.storage.sqlite.byte_locks import free_bytes, try_byte
from customer_registry.storage.sqlite.lock import open_to_lock

__all__ = ["JournalClaim", "Mode"]

Mode: TypeAlias = Literal["wal", "delete"]

_BYTES: Mapping[Mode, int] = MappingProxyType({"wal": 8, "delete": 9})
_OTHER: Mapping[Mode, Mode] = MappingProxyType({"wal": "delete", "delete": "wal"})


class JournalClaim:
    """One repository's journal, known to all others by a byte of the lock file. Linux only.

    SQLite itself would let a file change to WAL under who has it open otherwise: nobody would
    checkpoint for him.
    """

    def __init__(self, path: str, mode: Mode) -> None:
        self._path = path
        self._mode: Mode = mode
        self._file: int | None = None

    def make(self) -> bool:
        """Make the claim, only under the lock; False where somebody alive claims another."""
        if self._file is None:
            self._file = open_to_lock(self._path)
        other = _BYTES[_OTHER[self._mode]]
        if not try_byte(self._file, other):
            return False
        free_bytes(self._file, other, 1)
        return try_byte(self._file, _BYTES[self._mode], shared=True)

    def make_alone(self) -> bool:
        """Claim that nobody has the file open, only under the lock; False where somebody has."""
        if self._file is None:
            self._file = open_to_lock(self._path)
        return all(try_byte(self._file, byte) for byte in _BYTES.values())

    def give_up(self) -> None:
        """Claim nothing any more; in a child after a fork the parent's claim stays."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
