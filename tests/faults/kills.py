"""Kills all writers of one file at random moments, again and again, and judges the file each time.

    python tests/faults/kills.py                    two hundred kills for each journal
    python tests/faults/kills.py --kills 10000      a long night
    python tests/faults/kills.py --setting broken   what has to be accused

Four processes register and update customers, and note what they were told. As soon as all have
noted something, they are killed (SIGKILL) one after the other, and the file is judged as the next
process finds it (stored.py). Then four others go on with the same file.
"""

import argparse
import gc
import platform
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from itertools import count
from pathlib import Path
from random import Random

import attrs
from children import Child
from clerk import Notebook, chance
from errands import SETTINGS, open_store, register, rehearse, update
from iofault import quick_folder
from stored import Told, faults_at, stored_at
from ways import BROKEN

from customer_registry import CustomerRegistry, SQLiteRepository
from customer_registry.operations import verify
from customer_registry.testing import make_raw

__all__ = ["CONTROLS", "Outcome", "kill_writers"]

CONTROLS = ("hasty", "drawn-before")
"""Broken on purpose: who tells before he saves, and who draws the number in another transaction."""

WRITERS = 4
LONGEST_LIFE = 0.1
"""Seconds that writers go on, once all have begun."""

MOST = 1000
"""Customers that nobody registers more of in his life."""

PATIENCE = 30


@attrs.define
class Outcome:
    """What came of all the kills on one file."""

    setting: str
    kills: int = 0
    rounds: int = 0
    told: Told = attrs.field(factory=Told)
    stored: int = 0
    faults: Counter[str] = attrs.field(factory=Counter)
    seconds: float = 0

    def __str__(self) -> str:
        accused = ", ".join(f"{fault} {times}" for fault, times in sorted(self.faults.items()))
        customers = f"{len(self.told.customers)} customers told, {self.stored} stored"
        work = f"{self.kills} kills in {self.rounds} rounds, {self.seconds:.0f} s"
        return f"{self.setting:<13}{work}, {customers}: {accused or 'sound'}"


def kill_writers(setting: str, *, kills: int, folder: Path, seed: int = 1) -> Outcome:
    """Return what is found after so many kills; call it in a process without threads."""
    outcome, rng, began = Outcome(setting), chance(f"{seed} {setting}"), time.monotonic()
    path = folder / "store.db"
    opened(path, setting).close()
    while outcome.kills < kills:
        outcome.rounds += 1
        books = [folder / f"{outcome.rounds}-{at}.notes" for at in range(WRITERS)]
        outcome.kills += _round(path, setting, books, outcome.rounds * WRITERS * MOST, rng)
        for book in books:
            *notes, _ = book.read_text().split("\n")
            for note in notes:
                outcome.told.hear(note)
        outcome.faults.update(_faults(path, outcome))
    outcome.faults.update(_faults_of_the_next(path, setting))
    outcome.seconds = time.monotonic() - began
    return outcome


def opened(path: Path, setting: str) -> CustomerRegistry:
    """Return a registry over the file, sound or broken."""
    if setting in BROKEN:
        return CustomerRegistry(repository=SQLiteRepository(path), codes=BROKEN[setting].codes())
    return open_store(path, setting, checkpoint_every=16)


def write(path: Path, setting: str, book_path: Path, first: int) -> None:
    """Register, update and note it, until somebody kills this process."""
    with closing(Notebook(book_path)) as book:
        registry = opened(path, setting)
        registry.notebook = book
        for seed in count(first):
            if setting in BROKEN:
                raw = make_raw("person", seed=seed)
                book.note("customer", BROKEN[setting].register(registry, raw, Random(seed)), 1)  # noqa: S311  nothing secret hangs on it
                continue
            code = register(registry, book, seed)
            if seed % 4 == 0:
                update(registry, book, code)


def _round(path: Path, setting: str, books: list[Path], first: int, rng: Random) -> int:
    """Start a writer for each book, kill all, and return how many were."""
    writers = [
        Child.doing(lambda _, book=book, at=at: write(path, setting, book, first + at * MOST))
        for at, book in enumerate(books)
    ]
    _wait_until(lambda: all(book.exists() and book.stat().st_size for book in books))
    time.sleep(rng.random() * LONGEST_LIFE)
    for writer in rng.sample(writers, len(writers)):
        writer.kill()
        time.sleep(rng.random() * LONGEST_LIFE / len(writers))
    return sum(was_killed for _, was_killed in map(Child.ended, writers))


def _wait_until(all_began) -> None:
    deadline = time.monotonic() + PATIENCE
    while not all_began() and time.monotonic() < deadline:
        time.sleep(0.002)


def _faults(path: Path, outcome: Outcome) -> set[str]:
    """Return what is wrong with the file; of each killed writer one customer may not be told."""
    faults = faults_at(path, outcome.told)
    if "unreadable" in faults:
        return faults
    outcome.stored = len(stored_at(path).customers)
    untold = outcome.stored - len(outcome.told.customers)
    return faults | ({"phantoms"} if untold > outcome.kills else set())


def _faults_of_the_next(path: Path, setting: str) -> set[str]:
    """Return what the package finds wrong at the end, when somebody registers one more."""
    with opened(path, "auto" if setting in BROKEN else setting) as registry:
        registry.register(make_raw("person", seed=1))
        return set() if verify(registry).ok else {"not verified"}


def main(arguments: list[str] | None = None) -> int:
    """Kill what was asked for, print a line each; return 1 for any surprise."""
    asked = _asked(arguments)
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, seed {asked.seed}")  # noqa: T201  a report
    rehearse()
    gc.freeze()
    surprises = 0
    for setting in {"all": SETTINGS, "broken": CONTROLS}.get(asked.setting, (asked.setting,)):
        with tempfile.TemporaryDirectory(dir=asked.folder or quick_folder()) as folder:
            outcome = kill_writers(setting, kills=asked.kills, folder=Path(folder), seed=asked.seed)
        print(outcome, flush=True)  # noqa: T201  a report
        surprises += bool(outcome.faults) != (setting in CONTROLS)
    return min(surprises, 1)


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    settings = [*SETTINGS, *CONTROLS, "all", "broken"]
    parser.add_argument("--kills", type=int, default=200, help="for each setting")
    parser.add_argument("--setting", choices=settings, default="all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", help="where the files lie; else in memory")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
