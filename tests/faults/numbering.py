"""Races every way of numbering, with failures and kills among the saves, and judges the numbers.

    python tests/faults/numbering.py                         a quick look
    python tests/faults/numbering.py --registrations 100000  the whole proof
    python tests/faults/numbering.py --policy broken         what has to be accused

Four processes of two threads write one SQLite file, eight threads one memory. One registration in
ten fails on purpose inside its transaction: refused, or a rule, the clock or the journal's salt
raises. Processes are killed at random moments (SIGKILL) and started again. Afterwards the store is
opened and judged beside what the clerks noted when they were told.
"""

import argparse
import os
import platform
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

import attrs
from clerk import Mischief, Notebook, Notes, chance, read_notes, register_the_coveted, work
from ways import BROKEN, OURS, WAYS, Way

from customer_registry import Actor, CustomerRegistry, InMemoryRepository, SQLiteRepository
from customer_registry.testing.racing.numbering import Verdict, judge
from customer_registry.testing.racing.processes import begun_anew
from customer_registry.testing.racing.together import run_together

__all__ = ["HEADER", "Outcome", "Race"]

STORES = ("memory", "sqlite")
PATIENCE = 120
"""Seconds that a race may take beyond what it usually takes; then somebody waits for ever."""

_AT_ONCE = 0.01
"""Seconds until the first kill, once a process has begun: even a short race has one."""

HEADER = (
    f"{'policy':<17}{'store':<7}{'told':>8}{'stored':>8}{'twice':>6}{'lost':>5}{'gaps':>8}"
    f"{'order':>8}{'failures':>9}{'kills':>6}{'errors':>7}{'longest wait':>13}{'rate':>7}"
)


@attrs.frozen
class Outcome:
    """What came of one race."""

    way: Way
    store: str
    verdict: Verdict
    notes: Notes
    stored: int
    kills: int
    seconds: float

    @property
    def faults(self) -> set[str]:
        """What should not have happened; empty for sound numbering."""
        return self.verdict.faults(self.way.promise) | ({"errors"} if self.notes.errors else set())

    @property
    def longest(self) -> float:
        """The longest that a clerk waited for a code, in seconds."""
        return max((each.ended - each.began for each in self.notes.told), default=0) / 1e9

    def __str__(self) -> str:
        judged, notes, promise = self.verdict, self.notes, self.way.promise
        gaps = judged.gaps if promise.gapless else f"({judged.gaps})"
        order = judged.order_violations
        order = order if promise.ordered else f"({order})"
        accused = ", ".join(sorted(self.faults))
        return (
            f"{self.way.name:<17}{self.store:<7}{len(notes.told):>8}{self.stored:>8}"
            f"{judged.duplicates:>6}{judged.lost:>5}{gaps:>8}{order:>8}{notes.failures:>9}"
            f"{self.kills:>6}{len(notes.errors):>7}{self.longest:>11.3f} s"
            f"{len(notes.told) / self.seconds:>5.0f}/s  "
            f"{f'accused: {accused}' if accused else 'sound'}"
        )


@attrs.frozen(kw_only=True)
class Race:
    """Clerks who register at once until enough are acknowledged, in an empty folder."""

    way: Way
    store: str
    folder: Path
    registrations: int
    processes: int = 4
    threads: int = 8
    seed: int = 1
    pause: float = 1.0
    """Mean seconds between two kills."""

    def run(self) -> Outcome:
        """Let them register, and judge the store."""
        return self._in_memory() if self.store == "memory" else self._on_a_file()

    @property
    def shares(self) -> list[int]:
        """How many each clerk registers."""
        return [(self.registrations + at) // self.threads for at in range(self.threads)]

    def _in_memory(self) -> Outcome:
        mischief = Mischief()
        registry = mischief.registry(self.way, InMemoryRepository(salt=mischief.salt))
        register_the_coveted(self.way, registry, self.folder)
        began = time.monotonic()
        Clerks(self.way, self.folder, "1").work(registry, mischief, self.shares, self.seed)
        return self._judged(registry, time.monotonic() - began)

    def _on_a_file(self) -> Outcome:
        with opened(self.way, self.folder) as registry:
            register_the_coveted(self.way, registry, self.folder)
        began = time.monotonic()
        shares = [self.shares[at :: self.processes] for at in range(self.processes)]
        kills = Processes(self.way.name, self.folder, shares).run(
            chance(self.seed), self.pause, began + PATIENCE + self.registrations / 50
        )
        seconds = time.monotonic() - began
        with opened(self.way, self.folder) as registry:
            return self._judged(registry, seconds, kills)

    def _judged(self, registry: CustomerRegistry, seconds: float, kills: int = 0) -> Outcome:
        """Return the outcome: what the clerks noted, beside what the store holds."""
        with closing(Notebook(self.folder / "last.notes")) as book:
            missing = self.way.settle(registry)
            work(Way(), registry, Mischief(), book, share=missing, rng=chance(self.seed))
        notes = read_notes(self.folder)
        with registry.unit("search") as unit:
            stored = [customer.code.text for _, customer in unit.customers.iterate()]
            passed = unit.numbers.ranges().get("customer", 0)
            explained = self.way.explained(unit.numbers)
        verdict = judge(notes.told, stored, explained=explained, passed=passed)
        return Outcome(self.way, self.store, verdict, notes, len(stored), kills, seconds)


@attrs.frozen
class Clerks:
    """The clerks of one process, each in a thread, with a name and a notebook."""

    way: Way
    folder: Path
    place: str

    def work(
        self,
        registry: CustomerRegistry,
        mischief: Mischief,
        shares: list[int],
        seed: float,
    ) -> None:
        """Let each register his share."""
        threads = [
            threading.Thread(target=self._one, args=(at, registry, mischief, share, seed))
            for at, share in enumerate(shares)
        ]
        run_together(threads)

    def _one(self, at, registry, mischief, share, seed):
        name = f"{self.place}-{at}"
        acting = registry.acting_as(Actor(name))
        with closing(Notebook(self.folder / f"{name}.notes")) as book:
            work(self.way, acting, mischief, book, share=share, rng=chance(f"{seed} {name}"))


@attrs.define
class Processes:
    """The processes that write one file; each that is killed is started again."""

    name: str
    folder: Path
    shares: list[list[int]]
    _lives: list[int] = attrs.field(factory=list)
    _running: dict[int, BaseProcess] = attrs.field(factory=dict)

    def run(self, rng: Random, pause: float, deadline: float) -> int:
        """Return how many were killed until all had done their shares."""
        kills = 0
        self._lives = [0] * len(self.shares)
        for place in range(len(self.shares)):
            self._start(place, rng.random())
        while self._running and time.monotonic() < deadline:
            waited = rng.uniform(0, 2 * pause) if kills else _AT_ONCE
            wait([each.sentinel for each in self._running.values()], waited)
            ended = [place for place, each in self._running.items() if not each.is_alive()]
            for place in ended:
                self._bury(place)
            victim = rng.choice(sorted(self._running) or [None])
            if not ended and self._has_noted(victim):
                kills += self._kill(victim, rng.random())
        self._give_up()
        return kills

    def _start(self, place: int, seed: float) -> None:
        self._lives[place] += 1
        life = f"{place}-{self._lives[place]}"
        left = [
            share - len(read_notes(self.folder, f"{place}-*-{at}.notes").told)
            for at, share in enumerate(self.shares[place])
        ]
        arguments = (self.name, self.folder, life, left, seed)
        self._running[place] = begun_anew().Process(target=process_of_clerks, args=arguments)
        self._running[place].start()

    def _has_noted(self, place: int) -> bool:
        """Return whether a process has come so far that killing it may break something."""
        life = self._lives[place]
        books = self.folder.glob(f"{place}-{life}-*.notes")
        return any(book.stat().st_size for book in books)

    def _kill(self, place: int, seed: float) -> bool:
        """Kill a process and start it again; returns False for one that was done already."""
        self._running[place].kill()
        self._running[place].join()
        if self._running[place].exitcode == 0:
            return False
        del self._running[place]
        self._start(place, seed)
        return True

    def _bury(self, place: int) -> None:
        process = self._running.pop(place)
        process.join()
        if process.exitcode:
            self._accuse(place, f"process {place} ended with {process.exitcode}")

    def _give_up(self) -> None:
        for place, process in self._running.items():
            process.kill()
            self._accuse(place, f"process {place} never ended")

    def _accuse(self, place: int, error: str) -> None:
        with closing(Notebook(self.folder / f"{place}-parent.notes")) as book:
            book.note("error", error)


def process_of_clerks(name, folder, life, shares, seed):
    """Run the clerks of one process over the file."""
    mischief = Mischief()
    with opened(WAYS[name], folder, mischief) as registry:
        Clerks(WAYS[name], folder, life).work(registry, mischief, shares, seed)


def opened(way: Way, folder: Path, mischief: Mischief | None = None) -> CustomerRegistry:
    """Return a registry over the file of a race."""
    mischief = mischief or Mischief()
    return mischief.registry(way, SQLiteRepository(folder / "race.db", salt=mischief.salt))


def main(arguments: list[str] | None = None) -> int:
    """Race what was asked for, print a line each; return 1 for any surprise."""
    asked = _asked(arguments)
    machine = f"{os.cpu_count()} cores, Linux {platform.release()}"
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {machine}")  # noqa: T201  a report
    print(HEADER)  # noqa: T201  a report
    surprises = 0
    for way in _ways(asked.policy):
        for store in STORES if asked.store == "all" else [asked.store]:
            with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
                outcome = Race(
                    way=way,
                    store=store,
                    folder=Path(folder),
                    registrations=asked.registrations,
                    processes=asked.processes,
                    threads=asked.threads,
                    seed=asked.seed,
                    pause=asked.pause,
                ).run()
            print(outcome, flush=True)  # noqa: T201  a report
            for error in sorted(set(outcome.notes.errors))[:3]:
                print(f"    {error}")  # noqa: T201  a report
            surprises += bool(outcome.faults) != (way.name in BROKEN)
    return min(surprises, 1)


def _ways(policy: str) -> list[Way]:
    groups = {"all": OURS, "broken": BROKEN}
    return list(groups[policy].values()) if policy in groups else [WAYS[policy]]


def _asked(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--registrations", type=int, default=2000, help="for each policy and store")
    parser.add_argument("--processes", type=int, default=4, help="that write one file")
    parser.add_argument("--threads", type=int, default=8, help="in all")
    parser.add_argument("--policy", choices=[*WAYS, "all", "broken"], default="all")
    parser.add_argument("--store", choices=[*STORES, "all"], default="all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pause", type=float, default=1.0, help="mean seconds between two kills")
    parser.add_argument("--folder", help="where the files lie; else the temporary folder")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
