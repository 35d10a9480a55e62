"""Lets every operation of a store on its disk fail, in every way, and judges what is left.

    python tests/faults/io_errors.py                    one operation in twenty
    python tests/faults/io_errors.py --every 1          all of them: the whole proof
    python tests/faults/io_errors.py --setting broken   what has to be accused

A child process opens a store and does one errand on a disk (iofault.c) whose n-th operation fails:
an error once or from then on, no room, half a write, a kill before or in the middle. Afterwards the
file holds what it held before or what the errand leaves, and nothing between, and what the child
was told is true: "done", or an error of this package. A new process tries again with the same key
and registers one more: nobody is there twice, and no number is left out.
"""

import argparse
import gc
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path

import attrs
from accused import Accused
from children import Tell, in_a_child, told_of
from clerk import chance
from errands import ERRANDS, GOLDEN, MISTAKEN, SETTINGS, open_store, register, rehearse
from iofault import MODES, REASON, Disk, Fault, can_build, quick_folder, run_on_it
from stored import Stored, Told, faults_at, stored_at

from customer_registry import RegistryError

__all__ = ["ALL_ERRANDS", "Outcome", "Trial"]

STORE = "store.db"
OLD = ("schema1", "schema2")
ALL_ERRANDS = (*ERRANDS, "found", *OLD)
"""The last ones are nothing but opening: a new store, and stores of earlier schemas."""

PASSING = frozenset("es")
"""Letters of the faults that pass, after which the same process goes on."""

ONE_MORE = 900


@attrs.define
class Outcome:
    """What came of one errand that failed in one way, at one operation after another."""

    setting: str
    errand: str
    mode: str
    operations: int = 0
    trials: int = 0
    ended: Counter[str] = attrs.field(factory=Counter)
    accused: Accused = attrs.field(factory=Accused)

    def __str__(self) -> str:
        ended = ", ".join(f"{how} {times}" for how, times in sorted(self.ended.items()))
        first = self.accused.first
        accused = [
            f"{each} {times}, first at {first[each]}" for each, times in self.accused.counted
        ]
        told = f"{self.setting:<11}{self.errand:<9}{self.mode:<20}{self.trials:>4} of"
        return f"{told}{self.operations:>4}  {ended}" + "".join(f"\n    {each}" for each in accused)


@attrs.frozen
class Trial:
    """One errand with one setting, done again and again with a copy of the same store."""

    folder: Path
    setting: str
    errand: str
    disk: Disk
    before: Stored = attrs.field(factory=Stored)
    after: Stored = attrs.field(factory=Stored)
    operations: dict[str, int] = attrs.field(factory=dict)
    """How many operations of each set of kinds the errand takes."""

    @classmethod
    def prepared(cls, folder: Path, setting: str, errand: str, disk: Disk) -> "Trial":
        """Return the trial, its store made and the errand done once without a fault."""
        first = cls(folder, setting, errand, disk)
        first.origin.mkdir()
        first._make_store()
        first._lay_out()
        before = stored_at(first.path)
        first._lay_out()
        in_a_child(lambda _: first._do())
        after = stored_at(first.path)
        counted = {kinds: first._count(kinds) for kinds in {mode.kinds for mode in MODES.values()}}
        return attrs.evolve(first, before=before, after=after, operations=counted)

    @property
    def origin(self) -> Path:
        """Where the store lies as it is before the errand."""
        return self.folder / f"{self.setting}-{self.errand}"

    @property
    def path(self) -> Path:
        """The file that the errand is done with."""
        return self.folder / "live" / STORE

    def run(self, mode: str, every: int, seed: int) -> Outcome:
        """Let one operation in `every` fail, by chance, or all of them."""
        fault, outcome = MODES[mode], Outcome(self.setting, self.errand, mode)
        outcome.operations = self.operations[fault.kinds]
        rng = chance(f"{seed} {self.setting} {self.errand} {mode}")
        for at in range(1, outcome.operations + 1):
            if rng.randrange(every) == 0:
                outcome.trials += 1
                outcome.accused.accuse(self._faults(fault, at, outcome.ended), at)
                if fault.letter in PASSING:
                    outcome.accused.accuse(self._faults_of_going_on(fault, at), at)
        return outcome

    def _make_store(self) -> None:
        """Make a store of three customers, left with its WAL as a killed process leaves it."""

        def work(_):
            with open_store(made, self.setting) as registry:
                for seed in range(3):
                    register(registry, None, seed)
                for ending in ("", "-wal"):
                    if (file := made.with_name(f"{STORE}{ending}")).exists():
                        shutil.copy(file, self.origin)

        if self.errand in OLD:
            shutil.copy(GOLDEN / f"{self.errand}.db", self.origin / STORE)
        elif self.errand != "found":
            with tempfile.TemporaryDirectory(dir=self.folder) as making:
                made = Path(making, STORE)
                in_a_child(work)

    def _lay_out(self) -> None:
        """Lay out the store as it stands before the errand."""
        shutil.rmtree(self.path.parent, ignore_errors=True)
        shutil.copytree(self.origin, self.path.parent)

    def _count(self, kinds: str) -> int:
        """Return how many operations of these kinds the errand takes."""

        def counting(tell: Tell) -> None:
            self.disk.count(kinds)
            self._do()
            tell(str(self.disk.counted))

        self._lay_out()
        return int(in_a_child(counting)[0])

    def _faults(self, fault: Fault, at: int, ended: Counter[str]) -> set[str]:
        """Let an operation fail; judge the file, what was told, and a new process."""

        def failing(tell: Tell) -> None:
            self.disk.fail(fault, at)
            tell(told_of(lambda: self._do(tell)))

        self._lay_out()
        tale = in_a_child(failing)
        ended[tale[0]] += 1
        bare = {each for each in tale if each.startswith("bare")}
        return bare | (self._untrue(tale[0]) or self._faults_of_trying_again())

    def _untrue(self, told: str) -> set[str]:
        """Return what is wrong with the file beside what the child was told."""
        found = faults_at(self.path, Told()) if self.path.exists() else set()
        if found:
            return found
        stored = stored_at(self.path) if self.path.exists() else Stored()
        unsure = {"killed", "CommitOutcomeUnknown"}
        allowed = {
            "before": self.before if told != "done" else None,
            "after": self.after if told in {"done", *unsure} else None,
        }
        if stored in allowed.values():
            return set()
        if stored == self.after:
            return {f"{told}, and yet saved"}
        return {f"{told}, and not saved" if stored == self.before else "between"}

    def _faults_of_trying_again(self) -> set[str]:
        """Return what goes wrong when a new process does the errand again, and registers."""

        def again(tell: Tell) -> None:
            tell(told_of(lambda: self._do(one_more=True)))

        (told,) = in_a_child(again)
        faults = set() if told == "done" else {told}
        return {f"new process: {each}" for each in faults | self._faults_of_one_more()}

    def _faults_of_going_on(self, fault: Fault, at: int) -> set[str]:
        """Let an operation fail; the same process reads, tries again and registers one more."""

        def failing(tell: Tell) -> None:
            self.disk.fail(fault, at)
            tell(told_of(self._go_on))

        self._lay_out()
        (told,) = in_a_child(failing)
        faults = set() if told == "done" else {told}
        return {f"same process: {each}" for each in faults | self._faults_of_one_more()}

    def _faults_of_one_more(self) -> set[str]:
        """Return what is wrong beside the errand done once and one more customer."""
        found = faults_at(self.path, Told())
        if found:
            return found
        stored, copies = stored_at(self.path), self.path.parent.glob(f"{STORE}-schema*[0-9]")
        known = {code: stored.customers.get(code) for code in self.after.customers}
        whole = [not faults_at(copy, Told()) and stored_at(copy) == self.before for copy in copies]
        wrong = {
            "not exactly once": len(stored.customers) != len(self.after.customers) + 1,
            "another version": known != self.after.customers,
            "no copy": not all(whole) or bool(whole) != (self.errand in OLD),
            "litter": any(self.path.parent.glob("*unfinished*")),
        }
        return {word for word, is_wrong in wrong.items() if is_wrong}

    def _do(self, tell: Tell | None = None, *, one_more: bool = False) -> None:
        """Open the store, do the errand and close; tell as soon as it is acknowledged."""
        with open_store(self.path, self.setting) as registry:
            if self.errand in ERRANDS:
                ERRANDS[self.errand](registry, None)
            if tell is not None:
                tell("done")
            if one_more:
                register(registry, None, ONE_MORE)

    def _go_on(self) -> None:
        """Do the errand and register one more; where something fails, read, and try once more."""
        try:
            registry = open_store(self.path, self.setting)
        except RegistryError:
            registry = open_store(self.path, self.setting)
        with registry:
            works = [partial(register, seed=ONE_MORE)]
            if self.errand in ERRANDS:
                works.insert(0, ERRANDS[self.errand])
            for work in works:
                try:
                    work(registry, None)
                except RegistryError:
                    registry.search("公司")
                    work(registry, None)


def main(arguments: list[str] | None = None) -> int:
    """Try what was asked for, print a line each; return 1 for any surprise."""
    asked = _asked(arguments)
    if not can_build():
        sys.exit(REASON)
    if not Disk.is_there():
        return run_on_it(Path(__file__), *(arguments or sys.argv[1:])).returncode
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, seed {asked.seed}")  # noqa: T201  a report
    rehearse()
    gc.freeze()
    surprises = 0
    for setting in {"all": SETTINGS, "broken": MISTAKEN}.get(asked.setting, (asked.setting,)):
        surprises += _tried(setting, asked) != (setting in MISTAKEN)
    return min(surprises, 1)


def _tried(setting: str, asked: argparse.Namespace) -> bool:
    """Try all errands and modes with one setting; return whether anything was accused."""
    trials, accused = 0, False
    with tempfile.TemporaryDirectory(dir=quick_folder()) as made:
        disk = Disk()
        disk.watch(Path(made, "live"))
        for errand in ALL_ERRANDS if asked.errand == "all" else (asked.errand,):
            trial = Trial.prepared(Path(made), setting, errand, disk)
            for mode in MODES if asked.mode == "all" else (asked.mode,):
                outcome = trial.run(mode, asked.every, asked.seed)
                print(outcome, flush=True)  # noqa: T201  a report
                trials += outcome.trials
                accused |= bool(outcome.accused)
    print(f"{setting}: {trials} trials, {'accused' if accused else 'sound'}", flush=True)  # noqa: T201  a report
    return accused


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    settings = [*SETTINGS, *MISTAKEN, "all", "broken"]
    parser.add_argument("--every", type=int, default=20, help="operations, one that fails")
    parser.add_argument("--setting", choices=settings, default="all")
    parser.add_argument("--errand", choices=[*ALL_ERRANDS, "all"], default="all")
    parser.add_argument("--mode", choices=[*MODES, "all"], default="all")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
