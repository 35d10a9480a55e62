"""Measures how long writers of one SQLite file wait, with the lock file and without it.

    python tests/faults/waiting.py                      four rounds of five seconds each way
    python tests/faults/waiting.py --rounds 20          more of it

Processes register customers as fast as they can: through the writers' lock, then on BEGIN IMMEDIATE
and SQLite's own patience alone, then one process by itself. A wait is the whole time of one call of
`register`, a sync of the disk included. The three ways take rounds by turns, because a disk is not
equally fast all the time; compare figures within one run only.
"""

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from unittest import mock

import attrs
from clerk import chance, person

from customer_registry import CustomerRegistry, SQLiteRepository
from customer_registry.storage.sqlite import lock, repository
from customer_registry.testing.racing.processes import begun_anew

__all__ = ["BUDGET", "Measured", "measured"]

PATIENCE = 120
"""Seconds beyond the time asked for, after which a process is taken for stuck."""


@attrs.frozen
class Budget:
    """What the lock has to keep, beside one process of the same run."""

    throughput: float = 0.9
    longest: float = 0.250
    unevenness: float = 1.2


BUDGET = Budget()


@attrs.frozen
class Worked:
    """What one process lived through."""

    waits: list[float]
    errors: list[str]
    seconds: float

    @property
    def rate(self) -> float:
        """Registrations a second."""
        return len(self.waits) / self.seconds


@attrs.frozen
class Measured:
    """What several processes lived through that registered side by side."""

    name: str
    workers: list[Worked]

    @property
    def rate(self) -> float:
        """Registrations a second, of all together."""
        return sum(worker.rate for worker in self.workers)

    @property
    def waits(self) -> list[float]:
        """Every wait in seconds, the longest last."""
        return sorted(wait for worker in self.workers for wait in worker.waits)

    @property
    def unevenness(self) -> float:
        """How many times the slowest process's registrations the fastest had."""
        rates = [worker.rate for worker in self.workers]
        return max(rates) / min(rates) if min(rates) else float("inf")

    @property
    def errors(self) -> list[str]:
        """Whatever reached a caller."""
        return [error for worker in self.workers for error in worker.errors]

    def beyond(self, alone: "Measured", budget: Budget = BUDGET) -> set[str]:
        """Return the words for what is beyond the budget; empty where all is kept."""
        told = {
            "throughput": self.rate < budget.throughput * alone.rate,
            "longest wait": self.waits[-1] > budget.longest,
            "unevenness": self.unevenness > budget.unevenness,
            "errors": bool(self.errors),
        }
        return {word for word, is_so in told.items() if is_so}

    def __str__(self) -> str:
        waits = self.waits
        middle, late = (waits[int(len(waits) * part)] * 1000 for part in (0.5, 0.999))
        return (
            f"{self.name:<22}{self.rate:>8.0f}/s{middle:>10.1f}{late:>10.1f}"
            f"{waits[-1] * 1000:>10.1f}{self.unevenness:>14.2f}{len(self.errors):>8}"
        )


HEADER = (
    f"{'':<22}{'together':>10}{'median ms':>10}{'99.9 % ms':>10}{'longest ms':>10}"
    f"{'fastest/slowest':>14}{'errors':>8}"
)


class NoLock(lock.WriterLock):
    """The broken way: processes do not queue, and SQLite's own patience has to do."""

    def _come(self, deadline):
        return


@contextmanager
def without_the_lock_file():
    """Return a context in which repositories open without a lock file."""
    with mock.patch.object(repository, "WriterLock", NoLock):
        yield


def measured(
    name: str, path: Path, *, processes: int, threads: int, seconds: float, is_locked: bool
) -> Measured:
    """Let processes register for some seconds at once."""
    SQLiteRepository(path).close()
    context = begun_anew()
    start, told = context.Barrier(processes), context.Queue()
    asked = (path, threads, seconds, is_locked)
    workers = [
        context.Process(target=_process, args=(at, asked, start, told)) for at in range(processes)
    ]
    for worker in workers:
        worker.start()
    lived = [worked for _ in workers for worked in told.get(timeout=seconds + PATIENCE)]
    for worker in workers:
        worker.join(PATIENCE)
    return Measured(name, lived)


def _process(place, asked, start, told):
    path, threads, seconds, is_locked = asked
    with nullcontext() if is_locked else without_the_lock_file():
        opened = SQLiteRepository(path)
    with closing(opened):
        registry = CustomerRegistry(repository=opened)
        registry.register(person(chance(f"first {place}")))  # everything is imported by now
        start.wait(PATIENCE)
        lived = []
        clerks = [
            threading.Thread(
                target=lambda at=at: lived.append(_clerk(registry, f"{place} {at}", seconds))
            )
            for at in range(threads)
        ]
        for clerk in clerks:
            clerk.start()
        for clerk in clerks:
            clerk.join()
        told.put(lived)


def _clerk(registry, seed, seconds):
    rng, waits, errors = chance(seed), [], []
    began = now = time.monotonic()
    while now < began + seconds:
        raw = person(rng)
        asked = time.monotonic()
        try:
            registry.register(raw)
        except Exception as error:  # noqa: BLE001  any error is a finding
            errors.append(f"{type(error).__name__} {error}")
        now = time.monotonic()
        waits.append(now - asked)
    return Worked(waits, errors, now - began)


def main(arguments: list[str] | None = None) -> int:
    """Print the table; return 1 where the lock is beyond its budget."""
    asked = _asked(arguments)
    machine = f"{os.cpu_count()} cores, Linux {platform.release()}"
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {machine}")  # noqa: T201  a report
    print(HEADER)  # noqa: T201  a report
    many = asked.processes
    ways = ((f"{many} with the lock", many, True), (f"{many} without", many, False))
    rounds = [
        [
            _round(name, asked, processes=processes, is_locked=is_locked)
            for name, processes, is_locked in (*ways, ("1 alone", 1, True))
        ]
        for _ in range(asked.rounds)
    ]
    found = [_together(each) for each in zip(*rounds, strict=True)]
    for measure in found:
        print(measure)  # noqa: T201  a report
        for error in sorted(set(measure.errors))[:3]:
            print(f"    {error}")  # noqa: T201  a report
    locked, _, alone = found
    beyond = locked.beyond(alone)
    print(f"beyond the budget: {', '.join(sorted(beyond)) or 'nothing'}")  # noqa: T201  a report
    return bool(beyond)


def _round(name, asked, *, processes, is_locked):
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        return measured(
            name,
            Path(folder, "waiting.db"),
            processes=processes,
            threads=asked.threads,
            seconds=asked.seconds,
            is_locked=is_locked,
        )


def _together(rounds):
    """Return rounds as one; the fastest of each is one worker, the slowest of each another."""
    ranked = [sorted(each.workers, key=lambda worker: worker.rate) for each in rounds]
    return Measured(rounds[0].name, [_joined(workers) for workers in zip(*ranked, strict=True)])


def _joined(workers):
    return Worked(
        [wait for worker in workers for wait in worker.waits],
        [error for worker in workers for error in worker.errors],
        sum(worker.seconds for worker in workers),
    )


def _asked(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--processes", type=int, default=4, help="that write one file")
    parser.add_argument("--threads", type=int, default=1, help="in each of them")
    parser.add_argument("--seconds", type=float, default=5, help="of a round")
    parser.add_argument("--rounds", type=int, default=4, help="that each way has")
    parser.add_argument("--folder", help="where the file lies; else the temporary folder")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
