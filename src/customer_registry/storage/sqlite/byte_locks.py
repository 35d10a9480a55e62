"""Locks on single bytes of a file; the system frees those of a process that dies. Linux only."""

import os
import struct
import sys
from contextlib import suppress

if sys.platform == "linux":
    import fcntl

__all__ = ["free_bytes", "try_byte"]

if sys.platform == "linux":
    _FLOCK = "hhqqi"
    """The kernel's struct flock: what to do, counted from where, which byte, how many, whose."""

    def try_byte(file: int, byte: int, *, shared: bool = False) -> bool:
        """Lock a byte, shared or alone; False where another descriptor's lock keeps it.

        True without a lock on a file that may only be read.
        """
        kind = fcntl.F_RDLCK if shared else fcntl.F_WRLCK
        try:
            fcntl.fcntl(file, fcntl.F_OFD_SETLK, _flock(kind, byte))
        except BlockingIOError:
            return False
        except OSError:
            return True
        return True

    def free_bytes(file: int, first: int, many: int) -> None:
        """Let go of some bytes, which need not be locked."""
        with suppress(OSError):
            if many:
                fcntl.fcntl(file, fcntl.F_OFD_SETLK, _flock(fcntl.F_UNLCK, first, many))

    def _flock(kind: int, first: int, many: int = 1) -> bytes:
        return struct.pack(_FLOCK, kind, os.SEEK_SET, first, many, 0)

else:

    def try_byte(_file: int, _byte: int, *, shared: bool = False) -> bool:
        """Return True: there is no such lock here."""
        del shared
        return True

    def free_bytes(_file: int, _first: int, _many: int) -> None:
        """Do nothing."""
