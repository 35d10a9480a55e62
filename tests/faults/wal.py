"""Measures how far the WAL grows under one writer and readers whose snapshots never leave a gap.

    python tests/faults/wal.py                     a minute beside readers of a second each
    python tests/faults/wal.py --conduct broken    the same without the step that waits for readers

Three readers hold their snapshots by turns, so that there is always one. The writer registers as
fast as it can, and then in big units as a load does. Budget: 64 MiB, twice the size from which
writers wait for readers rather than let the WAL grow.
"""

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import time
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from unittest import mock

import attrs
from children import Child
from clerk import chance, person

from customer_registry import CustomerRegistry, SQLiteRepository
from customer_registry.storage.sqlite import checkpoints

__all__ = ["BUDGET", "CONDUCTS", "Grown", "grown"]

READERS = 3
MIB = 1 << 20
BUDGET = 2
"""How many times the size from which writers wait the WAL may have at most."""

BIG = 500
"""Customers that are registered in one unit, in the second half."""


@contextmanager
def without_waiting():
    """Return a context in which nobody waits for readers: broken."""
    with mock.patch.object(checkpoints.Checkpoints, "_restart"):
        yield


CONDUCTS = {"sound": nullcontext, "broken": without_waiting}


@attrs.frozen
class Grown:
    """How far the WAL grew."""

    limit: int
    largest: int
    written: int
    longest: float
    seconds: float

    @property
    def is_beyond(self) -> bool:
        """Whether it is beyond the budget."""
        return self.largest > BUDGET * self.limit

    def __str__(self) -> str:
        return (
            f"largest WAL {self.largest / MIB:.1f} MiB, waits from {self.limit / MIB:.0f} MiB; "
            f"{self.written} customers in {self.seconds:.0f} s, longest wait {self.longest:.2f} s"
        )


def grown(conduct: str, folder: Path, *, seconds: float, reading: float, limit: int) -> Grown:
    """Let one write and others read for some seconds, in an empty folder."""
    path, end = folder / "wal.db", time.monotonic() + seconds
    SQLiteRepository(path).close()
    readers = [
        Child.doing(lambda _, at=at: _read_on(path, end, reading, at / READERS * reading))
        for at in range(READERS)
    ]
    with CONDUCTS[conduct](), mock.patch.object(checkpoints, "_LARGEST_WAL", limit):
        found = _write_on(path, end, limit)
    for reader in readers:
        reader.ended()
    return found


def _read_on(path, end, reading, delay):
    """Hold one snapshot after the other, each for `reading` seconds."""
    time.sleep(delay)
    with closing(SQLiteRepository(path)) as repository:
        while time.monotonic() < end:
            with repository.read() as work:
                next(work.customers.iterate(), None)
                time.sleep(reading)


def _write_on(path, end, limit):
    wal, rng = Path(f"{path}-wal"), chance(1)
    largest = written = 0
    longest = 0.0
    with closing(SQLiteRepository(path)) as repository:
        registry = CustomerRegistry(repository=repository)
        began = now = time.monotonic()
        while now < end:
            is_late = now > (began + end) / 2
            if is_late:
                written += len(registry.load([person(rng) for _ in range(BIG)]).registered)
            else:
                registry.register(person(rng))
                written += 1
            before, now = now, time.monotonic()
            longest = max(longest, now - before)
            largest = max(largest, wal.stat().st_size)
    return Grown(limit, largest, written, longest, now - began)


def main(arguments: list[str] | None = None) -> int:
    """Print how far it grew; return 1 for any surprise."""
    asked = _asked(arguments)
    machine = f"{os.cpu_count()} cores, Linux {platform.release()}"
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {machine}")  # noqa: T201  a report
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        found = grown(
            asked.conduct,
            Path(folder),
            seconds=asked.seconds,
            reading=asked.reading,
            limit=round(asked.limit * MIB),
        )
    print(f"{asked.conduct}: {found}")  # noqa: T201  a report
    return int(found.is_beyond != (asked.conduct == "broken"))


def _asked(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--reading", type=float, default=1, help="seconds that a snapshot is held")
    parser.add_argument("--limit", type=float, default=32, help="MiB from which writers wait")
    parser.add_argument("--conduct", choices=CONDUCTS, default="sound")
    parser.add_argument("--folder", help="where the file lies; else the temporary folder")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
