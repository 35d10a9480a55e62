"""Lets one operation of a disk after another fail while something is done, and counts what came."""

import argparse
import gc
import os
import pickle
import platform
import shutil
import sqlite3
import sys
import tempfile
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Self

import attrs
from accused import Accused
from children import Child, Tell, in_a_child
from clerk import chance
from iofault import MODES, REASON, Disk, Fault, quick_folder, run_on_it
from preloaded import can_build

__all__ = ["Outcome", "Program", "Trial"]


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

    def add(self, other: "Outcome") -> None:
        """Take in what another worker found of the same."""
        self.trials += other.trials
        self.ended += other.ended
        self.accused.add(other.accused)

    def __str__(self) -> str:
        ended = ", ".join(f"{how} {times}" for how, times in sorted(self.ended.items()))
        first = self.accused.first
        accused = [
            f"{each} {times}, first at {first[each]}" for each, times in self.accused.counted
        ]
        told = f"{self.setting:<11}{self.errand:<9}{self.mode:<20}{self.trials:>4} of"
        return f"{told}{self.operations:>4}  {ended}" + "".join(f"\n    {each}" for each in accused)


@attrs.frozen
class Trial(ABC):
    """One errand with one setting, done again and again with a copy of the same files."""

    folder: Path
    setting: str
    errand: str
    disk: Disk
    worker: int = attrs.field(default=0, kw_only=True)
    """Which of those it is who share the trials; each has a folder of its own."""
    counted: dict[str, int] = attrs.field(factory=dict, kw_only=True)
    """How many operations of each set of kinds the errand takes."""

    @classmethod
    def prepared(cls, folder: Path, setting: str, errand: str, disk: Disk) -> Self:
        """Return the trial, its files made; call it in a process without threads."""
        trial = cls(folder, setting, errand, disk)
        trial.origin.mkdir()
        in_a_child(lambda _: trial.make())
        return trial

    @property
    def origin(self) -> Path:
        """Where everything lies as it is before the errand."""
        return self.folder / f"{self.setting}-{self.errand}"

    @property
    def live(self) -> Path:
        """Where the errand is done, and operations fail."""
        return self.folder / f"live{self.worker}"

    @abstractmethod
    def make(self) -> None:
        """Make in `origin` what there is before the errand."""

    @abstractmethod
    def do(self) -> None:
        """Do the errand."""

    @abstractmethod
    def faults(self, fault: Fault, at: int, ended: Counter[str]) -> set[str]:
        """Let an operation fail; return the words for what is wrong afterwards."""

    def lay_out(self) -> None:
        """Lay everything out as it is before the errand."""
        shutil.rmtree(self.live, ignore_errors=True)
        shutil.copytree(self.origin, self.live)

    def failed(self, fault: Fault, at: int, work: Callable[[Tell], object]) -> list[str]:
        """Do some work in a child, an operation of which fails; return what it told."""

        def failing(tell: Tell) -> None:
            self.disk.watch(self.live)
            self.disk.fail(fault, at)
            work(tell)

        self.lay_out()
        return in_a_child(failing)

    def run(self, mode: str, every: int, seed: int, workers: int) -> Outcome:
        """Let one operation in `every` fail, by chance, or all; those of other workers apart."""
        fault, outcome = MODES[mode], Outcome(self.setting, self.errand, mode)
        outcome.operations = self.count(fault.kinds)
        rng = chance(f"{seed} {self.setting} {self.errand} {mode}")
        chosen = [at for at in range(1, outcome.operations + 1) if rng.randrange(every) == 0]
        for at in chosen[self.worker :: workers]:
            outcome.trials += 1
            outcome.accused.accuse(self.faults(fault, at, outcome.ended), at)
        return outcome

    def count(self, kinds: str) -> int:
        """Return how many operations of these kinds the errand takes, counted once."""

        def counting(tell: Tell) -> None:
            self.disk.watch(self.live)
            self.disk.count(kinds)
            self.do()
            tell(str(self.disk.counted))

        if kinds not in self.counted:
            self.lay_out()
            self.counted[kinds] = int(in_a_child(counting)[0])
        return self.counted[kinds]


@attrs.frozen(kw_only=True)
class Program:
    """A command that tries errands in sound settings, and in broken ones that it has to accuse.

    `errands` are those of a setting, and `rehearse` loads what is loaded at first use.
    """

    path: Path
    about: str | None
    settings: Sequence[str]
    broken: Sequence[str]
    errands: Callable[[str], Sequence[str]]
    trial: type[Trial]
    rehearse: Callable[[], object]
    every: int = 20

    def main(self, arguments: list[str] | None = None) -> int:
        """Try what was asked for, print a line each; return 1 for any surprise."""
        asked = self._asked(arguments)
        if not can_build():
            sys.exit(REASON)
        if not Disk.is_there():
            return run_on_it(self.path, *(arguments or sys.argv[1:])).returncode
        versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
        print(f"{versions}, seed {asked.seed}")  # noqa: T201  a report
        self.rehearse()
        gc.freeze()
        named = {"all": self.settings, "broken": self.broken}
        surprises = 0
        for setting in named.get(asked.setting, (asked.setting,)):
            surprises += self._tried(setting, asked) != (setting in self.broken)
        return min(surprises, 1)

    def _tried(self, setting: str, asked: argparse.Namespace) -> bool:
        """Try errands and modes with one setting; return whether anything was accused."""
        trials, accused = 0, False
        with tempfile.TemporaryDirectory(dir=quick_folder()) as made:
            chosen = self.errands(setting)
            for errand in chosen if asked.errand == "all" else (asked.errand,):
                trial = self.trial.prepared(Path(made), setting, errand, Disk())
                for outcome in _shared(trial, asked):
                    print(outcome, flush=True)  # noqa: T201  a report
                    trials += outcome.trials
                    accused |= bool(outcome.accused)
        told = f"{setting}: {trials} trials, {'accused' if accused else 'sound'}"
        print(told, flush=True)  # noqa: T201  a report
        return accused

    def _asked(self, arguments: list[str] | None) -> argparse.Namespace:
        parser = argparse.ArgumentParser(
            description=self.about, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        settings = [*self.settings, *self.broken]
        errands = dict.fromkeys(each for setting in settings for each in self.errands(setting))
        parser.add_argument(
            "--every", type=int, default=self.every, help="operations, one that fails"
        )
        parser.add_argument("--setting", choices=[*settings, "all", "broken"], default="all")
        parser.add_argument("--errand", choices=[*errands, "all"], default="all")
        parser.add_argument("--mode", choices=[*MODES, "all"], default="all")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
        return parser.parse_args(arguments)


def _shared(trial: Trial, asked: argparse.Namespace) -> Iterator[Outcome]:
    """Let workers share the trials of an errand; yield what they found together, by modes."""
    modes = tuple(MODES) if asked.mode == "all" else (asked.mode,)
    for mode in modes:
        trial.count(MODES[mode].kinds)
    workers = [
        Child.doing(partial(_work, attrs.evolve(trial, worker=number), modes, asked))
        for number in range(asked.workers)
    ]
    told = [worker.ended()[0] for worker in workers]
    for lines in zip(*told, strict=True):
        first, *others = (pickle.loads(bytes.fromhex(line)) for line in lines)  # noqa: S301  our own
        for each in others:
            first.add(each)
        yield first


def _work(trial: Trial, modes: Sequence[str], asked: argparse.Namespace, tell: Tell) -> None:
    """Do one worker's share of the trials, and tell of each mode."""
    for mode in modes:
        tell(pickle.dumps(trial.run(mode, asked.every, asked.seed, asked.workers)).hex())
