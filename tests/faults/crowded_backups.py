"""Backs up a store again and again while four writers never rest, and judges every backup.

    python tests/faults/crowded_backups.py                  a hundred backups with each journal
    python tests/faults/crowded_backups.py --backups 1000   a long hour
    python tests/faults/crowded_backups.py --backups 3 --already 100000   of a large store

Four processes register and update customers, and note what they were told. Meanwhile the store is
backed up, and its file copied as it lies there. Each backup is taken back and judged (stored.py):
it agrees with itself, and holds everything that had been told before it began. The copies are
judged alike, and have to be accused: they are the control. The last line tells how long writers
waited, with and without backups beside them.
"""

import argparse
import gc
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from itertools import count
from pathlib import Path

import attrs
from accused import Accused
from children import Child
from clerk import Notebook
from errands import SETTINGS, open_store, register, rehearse, update
from iofault import quick_folder
from stored import Told, faults_at

from customer_registry.operations import backup, restore
from customer_registry.testing import make_raw

__all__ = ["Outcome", "crowd"]

KEY = bytes(range(32))
WRITERS = 4
A_ROUND = 10
"""Backups of one store, before it grows too large to be interesting."""

COPIES = 5
"""Copies of the file for each backup; whether a commit is torn by one is chance."""

MOST = 10_000
PAUSE = 0.004
"""Seconds that a writer rests, so that four of them leave something of the processors."""

REST = 0.5
PATIENCE = 30


@attrs.define
class Outcome:
    """What came of all the backups of one setting, and of the copies beside them."""

    setting: str
    backups: int = 0
    customers: int = 0
    accused: Accused = attrs.field(factory=Accused)
    copies: Accused = attrs.field(factory=Accused)
    waited: list[int] = attrs.field(factory=list)
    rested: list[int] = attrs.field(factory=list)
    """Microseconds of each registration, with backups beside it and without."""

    def __str__(self) -> str:
        told = f"{self.setting:<7}{self.backups} backups, {self.customers} customers in the last"
        return (
            f"{told}: {_words(self.accused) or 'sound'}\n"
            f"{'':<7}{COPIES} times as many copies: {_words(self.copies) or 'sound'}\n"
            f"{'':<7}writers waited beside backups {_times(self.waited)}\n"
            f"{'':<7}and beside none {_times(self.rested)}"
        )


def crowd(setting: str, backups: int, folder: Path, already: int = 0) -> Outcome:
    """Return what came of so many backups; call it in a process without threads.

    As many customers as `already` says are there from the beginning.
    """
    outcome = Outcome(setting)
    for number in count():
        if outcome.backups >= backups:
            return outcome
        here = folder / f"{setting}-{number}"
        (here / "backups").mkdir(parents=True)
        with open_store(here / "store.db", setting) as registry:
            registry.load(make_raw(seed=10**6 + at) for at in range(already))
        _round(setting, here, outcome, min(A_ROUND, backups - outcome.backups))
    raise AssertionError


def _round(setting: str, here: Path, outcome: Outcome, backups: int) -> None:
    """Let writers write, back up meanwhile, and judge once they are gone."""
    path, made = here / "store.db", list[tuple[Path, list[Path], Told]]()
    outcome.rested += _written(setting, here, "rested", 0, lambda: time.sleep(REST))

    def work() -> None:
        with open_store(path, setting) as registry:
            for at in range(backups):
                told = _told(here)
                manifest = backup(registry, here / "backups", key=KEY)
                copies = [here / f"copy-{at}-{number}.db" for number in range(COPIES)]
                for copy in copies:
                    shutil.copyfile(path, copy)
                made.append((manifest.path, copies, told))
                outcome.customers = manifest.customers

    outcome.waited += _written(setting, here, "waited", WRITERS * MOST, work)
    for at, (file, copies, told) in enumerate(made):
        outcome.backups += 1
        restored = here / f"restored-{at}.db"
        restore(file, restored, key=KEY)
        outcome.accused.accuse(faults_at(restored, told), outcome.backups)
        for copy in copies:
            outcome.copies.accuse(faults_at(copy, told), outcome.backups)


def _written(
    setting: str, here: Path, name: str, first: int, work: Callable[[], None]
) -> list[int]:
    """Do some work while four write; return how long each of their registrations took."""
    writers = [
        Child.doing(lambda _, at=at: _write(here, setting, f"{name}-{at}", first + at * MOST))
        for at in range(WRITERS)
    ]
    deadline = time.monotonic() + PATIENCE
    while len(list(here.glob(f"{name}-*.notes"))) < WRITERS and time.monotonic() < deadline:
        time.sleep(0.002)
    work()
    for writer in writers:
        writer.kill()
    for writer in writers:
        writer.ended()
    times = (path.read_text().split("\n")[:-1] for path in here.glob(f"{name}-*.times"))
    return [int(line) for lines in times for line in lines]


def _write(here: Path, setting: str, name: str, first: int) -> None:
    """Register, now and then update, and note it, until somebody kills this process."""
    with (
        closing(Notebook(here / f"{name}.notes")) as book,
        closing(Notebook(here / f"{name}.times")) as times,
        open_store(here / "store.db", setting) as registry,
    ):
        for seed in count(first):
            began = time.monotonic_ns()
            code = register(registry, book, seed)
            times.note((time.monotonic_ns() - began) // 1000)
            if seed % 4 == 0:
                update(registry, book, code)
            time.sleep(PAUSE)


def _told(here: Path) -> Told:
    """Return what all writers have been told up to now."""
    books = [path.read_text().split("\n")[:-1] for path in here.glob("*.notes")]
    return Told.by(note for notes in books for note in notes)


def _words(accused: Accused) -> str:
    return ", ".join(f"{fault} {times}" for fault, times in accused.counted)


def _times(microseconds: Iterable[int]) -> str:
    """Return the half, the 99th of a hundred and the longest, in milliseconds."""
    ordered = sorted(microseconds) or [0]
    places = (len(ordered) // 2, len(ordered) * 99 // 100, len(ordered) - 1)
    half, most, longest = (ordered[place] / 1000 for place in places)
    return f"p50 {half:.1f} ms, p99 {most:.1f} ms, at most {longest:.1f} ms"


def main(arguments: list[str] | None = None) -> int:
    """Back up as often as asked, print what came of it; return 1 for any surprise."""
    asked = _asked(arguments)
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")  # noqa: T201  a report
    rehearse()
    gc.freeze()
    surprises = 0
    for setting in SETTINGS if asked.setting == "all" else (asked.setting,):
        with tempfile.TemporaryDirectory(dir=asked.folder or quick_folder()) as folder:
            outcome = crowd(setting, asked.backups, Path(folder), asked.already)
        print(outcome, flush=True)  # noqa: T201  a report
        surprises += bool(outcome.accused) or not outcome.copies
    return min(surprises, 1)


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--backups", type=int, default=100, help="with each journal")
    parser.add_argument("--already", type=int, default=0, help="customers in the store before")
    parser.add_argument("--setting", choices=[*SETTINGS, "all"], default="all")
    parser.add_argument("--folder", help="where the files lie; else in memory")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
