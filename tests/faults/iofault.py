"""Builds the disk of iofault.c, runs programs on it, tells it what to do and reads its log."""

import ctypes
import errno
import os
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
from preloaded import built

__all__ = [
    "ALL_THAT_WRITE",
    "MODES",
    "REASON",
    "Disk",
    "Fault",
    "Operation",
    "quick_folder",
    "read_log",
    "run_on_it",
]

ALL_THAT_WRITE = "owtsDdm"
"""Opens that create, writes, truncations, syncs of files and of folders, unlinks and renames."""

REASON = "needs Linux and gcc for a disk that fails"
_HEAD = struct.Struct("<cHHQI")


@attrs.frozen
class Fault:
    """A way to fail: the letter that iofault.c knows, and the error that it gives."""

    letter: str
    error: int = errno.EIO
    kinds: str = ALL_THAT_WRITE


MODES = {
    "EIO once": Fault("e"),
    "EIO from then on": Fault("E"),
    "ENOSPC once": Fault("e", errno.ENOSPC),
    "ENOSPC from then on": Fault("E", errno.ENOSPC),
    "short write": Fault("s", kinds="w"),
    "kill before": Fault("k"),
    "kill in the middle": Fault("K", kinds="w"),
    "unreadable once": Fault("e", kinds="r"),
    "no lock once": Fault("e", errno.ENOLCK, kinds="l"),
}


@attrs.frozen
class Operation:
    """What a process did to a file: a kind of iofault.c, and what belongs to it."""

    kind: str
    path: str
    other: str = ""
    number: int = 0
    content: bytes = attrs.field(default=b"", repr=len)


class Disk:
    """The disk of the running process; only of one that `run_on_it` started."""

    def __init__(self):
        self._library = ctypes.CDLL(None)
        self._library.iofault_counted.restype = ctypes.c_long

    @staticmethod
    def is_there() -> bool:
        """Return whether this process runs on it."""
        return hasattr(ctypes.CDLL(None), "iofault_watch")

    def watch(self, folder: Path, log: Path | None = None) -> None:
        """From now on, let what happens in a folder count, and log it."""
        self._library.iofault_watch(os.fsencode(folder), os.fsencode(log or ""))

    def fail(self, fault: Fault, at: int) -> None:
        """Let the operation `at` of the fault's kinds fail, counted from now."""
        self._arm(fault.kinds, at, fault.letter, fault.error)

    def count(self, kinds: str) -> None:
        """Count operations of some kinds from now, and let none of them fail."""
        self._arm(kinds, 0, "-", 0)

    def lie(self) -> None:
        """Acknowledge every sync from now on, and do none of them."""
        self._library.iofault_lie(1)

    @property
    def counted(self) -> int:
        """How many operations there were since `fail` or `count`."""
        return self._library.iofault_counted()

    def _arm(self, kinds: str, at: int, letter: str, error: int) -> None:
        self._library.iofault_arm(
            kinds.encode(), ctypes.c_long(at), ctypes.c_char(letter.encode()), error
        )


def quick_folder() -> str | None:
    """Return the folder in memory where the thousands of files of a run cost no disk."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108  folders below it are made safely


def run_on_it(program: Path, *arguments: object) -> subprocess.CompletedProcess[bytes]:
    """Run a Python program on the disk; what it prints is printed."""
    return subprocess.run(
        [sys.executable, program, *map(str, arguments)],
        env={**os.environ, "LD_PRELOAD": str(built("iofault.c"))},
        check=False,
    )


def read_log(path: Path) -> Iterator[Operation]:
    """Yield the operations of a log; paths are the files' names."""
    log = path.read_bytes()
    at = 0
    while at < len(log):
        kind, path_size, other_size, number, size = _HEAD.unpack_from(log, at)
        texts = at + _HEAD.size
        content = texts + path_size + other_size
        yield Operation(
            kind.decode(),
            os.path.basename(log[texts : texts + path_size].decode()),  # noqa: PTH119  thousands of them
            os.path.basename(log[texts + path_size : content].decode()),  # noqa: PTH119
            number,
            log[content : content + size],
        )
        at = content + size
