"""Logs every lock that processes on one SQLite file take, and judges what overlapped.

    python tests/faults/exclusion.py                     a quick look
    python tests/faults/exclusion.py --seconds 60        the whole proof
    python tests/faults/exclusion.py --conduct broken    what has to be accused

Two processes write and checkpoint, a third reads for a long or a short while; twice a second all
three close the file, so that somebody is the last, and open it anew. A library preloaded in front
of libc (exclusion.c; Linux, gcc) notes each call that locks, frees or writes the file, its WAL, its
-shm and the lock file, with the times before and after it. SQLite locks a byte of the -shm file for
each commit and each checkpoint, and the file itself when the last connection closes; so the log
tells exactly what went on beside what.
"""

import argparse
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from unittest import mock

import attrs
from clerk import chance, person
from exclusion_judge import Findings, judge_log, read_events
from preloaded import built, can_build
from waiting import without_the_lock_file

from customer_registry import CustomerRegistry, SQLiteRepository
from customer_registry.storage.sqlite import checkpoints, connections

__all__ = ["CONDUCTS", "REASON", "watched"]

REASON = "needs Linux and gcc for a log of the locks"
ROUND, WORKING = 0.5, 0.4
"""Seconds of a round, and of its part in which the file is open; then all close at once."""


@contextmanager
def closes_at_once():
    """Return a context in which connections are closed without waiting for a turn: broken."""

    def close(self):
        if not self._closed:
            self.close_under_lock()

    with mock.patch.object(connections.Connections, "close", close):
        yield


@contextmanager
def reader_checkpoints():
    """Return a context in which who has read checkpoints as well: broken."""
    give_back = connections.Connections.give_back

    def checkpoint(self, connection):
        connection.execute("PRAGMA query_only = OFF")
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        connection.execute("PRAGMA query_only = ON")
        give_back(self, connection)

    with mock.patch.object(connections.Connections, "give_back", checkpoint):
        yield


@attrs.frozen
class Conduct:
    """A way to use the file, and what it has to be accused of."""

    way: object
    accused_of: frozenset[str] = frozenset()


CONDUCTS = {
    "sound": Conduct(nullcontext),
    "no-lock": Conduct(
        without_the_lock_file,
        frozenset({"a checkpoint out of turn", "a checkpoint beside a commit"}),
    ),
    "closes-at-once": Conduct(closes_at_once, frozenset({"a closing out of turn"})),
    "reader-checkpoints": Conduct(
        reader_checkpoints, frozenset({"a checkpoint out of turn", "a checkpoint beside a commit"})
    ),
}


def watched(conduct: str, folder: Path, seconds: float) -> Findings:
    """Let the three work for some seconds in an empty folder, and judge the log."""
    path, log = folder / "watched.db", folder / "log"
    SQLiteRepository(path).close()  # founding is not what is watched, nor can all do it at once
    library = built("exclusion.c")
    preloaded = {"LD_PRELOAD": str(library), "EXCLUSION_PATH": str(path), "EXCLUSION_LOG": str(log)}
    asked = ["--conduct", conduct, "--seconds", str(seconds), "--folder", str(folder)]
    workers = [
        subprocess.Popen(
            [sys.executable, __file__, "--worker", role, *asked],
            env=os.environ | preloaded,
        )
        for role in ("writer", "writer", "visitor")
    ]
    failed = [worker.wait() for worker in workers]
    if any(failed) and not CONDUCTS[conduct].accused_of:  # a broken way may well end in an error
        raise RuntimeError("a worker failed; its reason stands above")
    return judge_log(read_events(log))


def _work(role: str, conduct: str, path: Path, seconds: float) -> None:
    """Be one of the three."""
    few = mock.patch.multiple(checkpoints, _COMMITS=1, _LARGEST_WAL=1 << 19, _PATIENCE=0.05)
    with few, CONDUCTS[conduct].way():
        rng, end = chance(os.getpid()), time.monotonic() + seconds
        while time.monotonic() < end:
            with closing(SQLiteRepository(path)) as repository:
                registry = CustomerRegistry(repository=repository)
                while time.monotonic() % ROUND < WORKING:
                    (_write if role == "writer" else _visit)(registry, rng)
            time.sleep(ROUND - time.monotonic() % ROUND)


def _write(registry, rng):
    customer = registry.register(person(rng)).customer
    registry.update(customer, notes="checked")


def _visit(registry, rng):
    """Read on for a while, as operations do that walk through all customers."""
    with registry.unit("search") as work:
        next(work.customers.iterate(), None)
        time.sleep(rng.choice([0, 0.005, 0.1]))


def main(arguments: list[str] | None = None) -> int:
    """Watch what was asked for, print a line each; return 1 for any surprise."""
    asked = _asked(arguments)
    if asked.worker:
        _work(asked.worker, asked.conduct, Path(asked.folder, "watched.db"), asked.seconds)
        return 0
    if not can_build():
        print(REASON)  # noqa: T201  a report
        return 1
    machine = f"{os.cpu_count()} cores, Linux {platform.release()}"
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {machine}")  # noqa: T201  a report
    surprises = 0
    for name in _names(asked.conduct):
        with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
            findings = watched(name, Path(folder), asked.seconds)
        print(f"{name:<20}{findings}", flush=True)  # noqa: T201  a report
        wanted = CONDUCTS[name].accused_of
        surprises += not wanted <= set(findings.faults) if wanted else bool(findings.faults)
    return min(surprises, 1)


def _names(asked: str) -> list[str]:
    return [asked] if asked != "broken" else [name for name in CONDUCTS if name != "sound"]


def _asked(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=5, help="for each conduct")
    parser.add_argument("--conduct", choices=[*CONDUCTS, "broken"], default="sound")
    parser.add_argument("--folder", help="where the files lie; else the temporary folder")
    parser.add_argument("--worker", choices=["writer", "visitor"], help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
