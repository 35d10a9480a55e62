"""Races clerks who do everything with customers at once, and judges the history of their calls.

    python tests/faults/histories.py                     a quick look at both stores
    python tests/faults/histories.py --turns 20000       the whole proof
    python tests/faults/histories.py --coveted 1000      four who want the same tax number, so often
    python tests/faults/histories.py --conduct broken    what has to be accused

Four processes share one SQLite file, eight threads one memory. They register, edit the same
customer, change his status, read by code, find by phone, search, and want the same tax number. Each
call is noted with its beginning and its end on one clock, which all processes share.
"""

import argparse
import multiprocessing
import os
import platform
import sqlite3
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import attrs
from children import Child
from clerk import Notebook, chance
from histories_acts import BROKEN, SOUND, Clerk, Conduct

from customer_registry import CustomerRegistry
from customer_registry.testing.racing.clerk import EDITED_TOGETHER, PARENT
from customer_registry.testing.racing.history import Act, judge_history
from customer_registry.testing.racing.race import kept_in, noted, rehearse
from customer_registry.testing.racing.together import run_together

__all__ = ["HEADER", "Outcome", "Race"]

STORES = ("memory", "sqlite")
CLERKS = {"memory": 8, "sqlite": 4}
PATIENCE = 60

HEADER = f"{'conduct':<14}{'store':<8}{'calls':>8}{'written':>9}{'conflicts':>10}{'longest':>9}"


@attrs.frozen
class Outcome:
    """What came of one race."""

    conduct: str
    store: str
    acts: list[Act]
    faults: Counter[str]
    seconds: float

    @property
    def errors(self) -> list[str]:
        """What went wrong for the clerks, each kind once."""
        return sorted({act.text for act in self.acts if act.kind == "error"})

    def __str__(self) -> str:
        kinds = Counter(act.kind for act in self.acts)
        longest = max(act.ended - act.began for act in self.acts) / 1e9
        written = sum(kinds[kind] for kind in ("register", "covet", "edit", "status"))
        accused = ", ".join(f"{word} {times}" for word, times in sorted(self.faults.items()))
        return (
            f"{self.conduct:<14}{self.store:<8}{len(self.acts):>8}{written:>9}"
            f"{kinds['stale'] + kinds['refused']:>10}{longest:>7.3f} s"
            f"{len(self.acts) / self.seconds:>6.0f}/s  "
            f"{f'accused: {accused}' if accused else 'sound'}"
        )


@attrs.frozen(kw_only=True)
class Race:
    """Clerks who act at once, each so many turns, in an empty folder."""

    conduct: type[Conduct] = SOUND
    store: str
    folder: Path
    turns: int
    seed: int = 1
    only_coveted: bool = False
    """Whether all want the same customer at the same moment, each turn, and nothing else."""

    def run(self) -> Outcome:
        """Let them act, and judge what they tell."""
        rehearse()
        conduct = self.conduct()
        with closing(self._registry(conduct)) as registry:
            acts = self._founded(conduct, registry)
            if self.store == "sqlite":
                registry.close()
            began = time.monotonic()
            if self.store == "sqlite":
                self._in_processes(conduct)
            else:
                self._in_threads(conduct, registry)
            seconds = time.monotonic() - began
            acts += [Act.of(line) for line in self._lines()]
            kept = kept_in(registry if self.store == "memory" else self._registry(SOUND()))
        faults = judge_history(acts, kept)
        return Outcome(conduct.name, self.store, acts, faults, seconds)

    @property
    def clerks(self) -> int:
        """How many act at once."""
        return CLERKS[self.store]

    def _registry(self, conduct: Conduct) -> CustomerRegistry:
        path = self.folder / "race.db" if self.store == "sqlite" else None
        return conduct.registry(conduct.store(path))

    def _founded(self, conduct: Conduct, registry: CustomerRegistry) -> list[Act]:
        """Register those whom everybody will edit."""
        parent = Clerk(conduct, registry, me=PARENT, clerks=1, rng=chance(self.seed))
        number = 0 if self.only_coveted else self.turns // EDITED_TOGETHER + 1
        return [parent.register(turn) for turn in range(number)]

    def _in_processes(self, conduct: Conduct) -> None:
        start = multiprocessing.get_context("fork").Barrier(self.clerks)

        def work(me: int) -> None:
            with closing(self._registry(conduct)) as registry:
                self._act(conduct, registry, me, start)

        children = [Child.doing(lambda _, me=me: work(me)) for me in range(self.clerks)]
        for child in children:
            child.ended()

    def _in_threads(self, conduct: Conduct, registry: CustomerRegistry) -> None:
        start = threading.Barrier(self.clerks)
        threads = [
            threading.Thread(target=self._act, args=(conduct, registry, me, start))
            for me in range(self.clerks)
        ]
        run_together(threads)

    def _act(self, conduct, registry, me, start):
        """Take one clerk's turns, and note each."""
        rng = chance(f"{self.seed} {me}")
        clerk = Clerk(conduct, registry, me=me, clerks=self.clerks, rng=rng)
        start.wait(PATIENCE)
        with closing(Notebook(self.folder / f"{me}.notes")) as book:
            for turn in range(self.turns):
                if self.only_coveted:
                    start.wait(PATIENCE)
                act = clerk.want if self.only_coveted else clerk.act
                book.note(noted(act, turn).line)

    def _lines(self) -> Iterator[str]:
        for path in sorted(self.folder.glob("*.notes")):
            yield from path.read_text("utf-8").splitlines()


def main(arguments: list[str] | None = None) -> int:
    """Race what was asked for, print a line each; return 1 for any surprise."""
    asked = _asked(arguments)
    machine = f"{os.cpu_count()} cores, Linux {platform.release()}"
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {machine}")  # noqa: T201  a report
    print(f"seed {asked.seed}\n{HEADER}")  # noqa: T201  a report
    surprises = 0
    for conduct in BROKEN.values() if asked.conduct == "broken" else [SOUND]:
        for store in STORES if asked.store == "all" else [asked.store]:
            with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
                outcome = Race(
                    conduct=conduct,
                    store=store,
                    folder=Path(folder),
                    turns=asked.coveted or asked.turns,
                    seed=asked.seed,
                    only_coveted=bool(asked.coveted),
                ).run()
            print(outcome, flush=True)  # noqa: T201  a report
            for error in outcome.errors[:3]:
                print(f"    {error}")  # noqa: T201  a report
            is_accused = bool(conduct.accused_of & set(outcome.faults))
            surprises += not is_accused if conduct.accused_of else bool(outcome.faults)
    return min(surprises, 1)


def _asked(arguments):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--turns", type=int, default=1000, help="of each clerk")
    parser.add_argument("--coveted", type=int, default=0, help="customers whom all want; only that")
    parser.add_argument("--conduct", choices=["sound", "broken"], default="sound")
    parser.add_argument("--store", choices=[*STORES, "all"], default="all")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", help="where the files lie; else the temporary folder")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
