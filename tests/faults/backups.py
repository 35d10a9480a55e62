"""Lets every operation on the disk fail while a backup is made or taken back, and judges the rest.

    python tests/faults/backups.py                    one operation in ten
    python tests/faults/backups.py --every 1          all of them: the whole proof
    python tests/faults/backups.py --setting broken   what has to be accused

A child process backs up a store into a folder where an older backup lies, which is to go; or takes
a backup back over a store that has gone further, or to a path where nothing stands. The n-th
operation of its disk (iofault.c) fails: an error once or from then on, no room, half a write, a
kill before or in the middle. Afterwards every file that is called a backup is one, at least one is
there, the store is as it was or as the backup holds it, nothing is between, and what the child was
told is true. A new process does the same again, and then it is done.
"""

import argparse
import gc
import os
import platform
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from pathlib import Path

import attrs
from accused import Accused
from children import Tell, in_a_child, told_of
from clerk import chance
from errands import open_store, register, rehearse
from iofault import MODES, REASON, Disk, Fault, can_build, quick_folder, run_on_it
from stored import Stored, Told, faults_at, stored_at

from customer_registry import CustomerRegistry, RegistryError
from customer_registry.domain.access import SYSTEM
from customer_registry.operations import backup, restore, verify_backup
from customer_registry.operations.backups.backup import _entry, _write
from customer_registry.operations.backups.files import placed
from customer_registry.operations.backups.reading import reading
from customer_registry.operations.backups.restore import _Restoring
from customer_registry.operations.backups.retention import prune
from customer_registry.registration.office import utc_now

__all__ = ["CONTROLS", "ERRANDS"]

KEY = bytes(range(32))
STORE, FOLDER, KEPT = "store.db", "backups", "kept.backup"
ERRANDS = ("backup", "over", "anew")
CONTROLS = {"straight": "backup", "telling": "backup", "copying": "over", "filling": "anew"}
"""Broken on purpose, each with the errand that shows it.

A backup is written under its own name, or told of before it has it, a file over the one that
stands, a store is filled where it lies.
"""


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
        told = f"{self.setting:<9}{self.errand:<7}{self.mode:<20}{self.trials:>4} of"
        return f"{told}{self.operations:>4}  {ended}" + "".join(f"\n    {each}" for each in accused)


@attrs.frozen
class Trial:
    """One errand, done again and again with a copy of the same store and the same backup."""

    folder: Path
    setting: str
    errand: str
    disk: Disk
    before: Stored = attrs.field(factory=Stored)
    after: Stored = attrs.field(factory=Stored)
    operations: dict[str, int] = attrs.field(factory=dict)

    @classmethod
    def prepared(cls, folder: Path, setting: str, errand: str, disk: Disk) -> "Trial":
        """Return the trial, its store made and the errand done once without a fault."""
        first = cls(folder, setting, errand, disk)
        in_a_child(lambda _: first._make())
        first._lay_out()
        before = first._stored()
        first._lay_out()
        in_a_child(lambda _: first._do())
        after = first._stored()
        counted = {kinds: first._count(kinds) for kinds in {mode.kinds for mode in MODES.values()}}
        return attrs.evolve(first, before=before, after=after, operations=counted)

    @property
    def origin(self) -> Path:
        """Where everything lies as it is before the errand."""
        return self.folder / f"{self.setting}-{self.errand}"

    @property
    def path(self) -> Path:
        """The store."""
        return self.folder / "live" / STORE

    @property
    def backups(self) -> Path:
        """The folder of the backups."""
        return self.folder / "live" / FOLDER

    def run(self, mode: str, every: int, seed: int) -> Outcome:
        """Let one operation in `every` fail, by chance, or all of them."""
        fault, outcome = MODES[mode], Outcome(self.setting, self.errand, mode)
        outcome.operations = self.operations[fault.kinds]
        rng = chance(f"{seed} {self.setting} {self.errand} {mode}")
        for at in range(1, outcome.operations + 1):
            if rng.randrange(every) == 0:
                outcome.trials += 1
                outcome.accused.accuse(self._faults(fault, at, outcome.ended), at)
        return outcome

    def _make(self) -> None:
        """Make a store of three customers with a backup of two, left as a killed process does."""
        (self.origin / FOLDER).mkdir(parents=True)
        with tempfile.TemporaryDirectory(dir=self.folder) as making:
            path = Path(making, STORE)
            with open_store(path, "auto") as registry:
                for seed in range(2):
                    register(registry, None, seed)
                backup(registry, self.origin / FOLDER / KEPT, key=KEY)
                register(registry, None, 2)
                if self.errand != "anew":
                    for ending in ("", "-wal"):
                        shutil.copy(f"{path}{ending}", self.origin)

    def _lay_out(self) -> None:
        shutil.rmtree(self.path.parent, ignore_errors=True)
        shutil.copytree(self.origin, self.path.parent)

    def _count(self, kinds: str) -> int:
        def counting(tell: Tell) -> None:
            self.disk.count(kinds)
            self._do()
            tell(str(self.disk.counted))

        self._lay_out()
        return int(in_a_child(counting)[0])

    def _faults(self, fault: Fault, at: int, ended: Counter[str]) -> set[str]:
        """Let an operation fail; judge what is left, what was told, and a new process."""

        def failing(tell: Tell) -> None:
            self.disk.fail(fault, at)
            tell(told_of(self._do))

        self._lay_out()
        told = in_a_child(failing)[0]
        ended[told] += 1
        bare = {told} if told.startswith("bare") else set()
        tidied = told != "killed" and fault.letter != "E"
        readable = fault.kinds != "r"
        untrue = self._untrue(told, tidied=tidied, readable=readable)
        return bare | (untrue or self._faults_of_trying_again())

    def _untrue(self, told: str, *, tidied: bool, readable: bool) -> set[str]:
        """Return what is wrong with what is left, beside what the child was told."""
        found = self._faults_of_backups(told, readable=readable)
        if self.path.exists():
            found |= faults_at(self.path, Told())
        return found or self._untrue_of_store(told) or self._litter(told, tidied=tidied)

    def _untrue_of_store(self, told: str) -> set[str]:
        """Return what the store should not be; that a backup was begun is told in any case."""
        unsure = self.errand == "backup" or told in {"killed", "CommitOutcomeUnknown"}
        allowed = [self.after] if told == "done" else [self.before, *[self.after] * unsure]
        stored = self._stored()
        if stored in allowed:
            return set()
        known = {"before": self.before, "after": self.after}
        between = next((name for name, each in known.items() if each == stored), "between")
        return {f"{told}, and {between}"}

    def _faults_of_backups(self, told: str, *, readable: bool = True) -> set[str]:
        """Return what is wrong with the backups: one is always there, and all are whole.

        An older one stays where it could not be read, for then nobody knows what it is.
        """
        found, heads = set[str](), list[int]()
        for path in self.backups.glob("*.backup"):
            try:
                heads.append(verify_backup(path, key=KEY).head.number)
            except RegistryError as error:
                found.add(f"a backup is none: {type(error).__name__}")
        if not heads:
            found.add("no backup")
        newest = len(self.before.entries)
        wrong = heads != [newest] if readable else max(heads, default=0) != newest
        if self.errand == "backup" and told == "done" and wrong:
            found.add("done, and another backup")
        if self.errand == "backup" and told != "again" and self._stored() == self.after:
            is_there = max(heads, default=0) == len(self.before.entries)
            found |= set() if is_there else {"told of a backup that is not there"}
        return found

    def _litter(self, told: str, *, tidied: bool, alone: bool = True) -> set[str]:
        """Return what is left that should not be.

        Who was killed, or could remove nothing, leaves what is unfinished. The next one removes
        that of a restored file at once, that of a backup when it is a day old.
        """
        left = {path.name for path in self.path.parent.rglob("*") if path.stat().st_size}
        words = ["-snapshot-", *["restoring"] * tidied, *["unfinished"] * (tidied and alone)]
        return {f"{told}, and left {word}" for word in words if any(word in each for each in left)}

    def _faults_of_trying_again(self) -> set[str]:
        """Return what goes wrong when a new process does the errand again, and registers."""

        def again(tell: Tell) -> None:
            tell(told_of(self._do))
            tell(told_of(self._register))

        told = in_a_child(again)
        found = {each for each in told if each != "done"} | self._faults_of_backups("again")
        found |= faults_at(self.path, Told())
        if len(self._stored().customers) != len(self.after.customers) + 1:
            found.add("not one more")
        return {
            f"new process: {each}"
            for each in found | self._litter("done", tidied=True, alone=False)
        }

    def _stored(self) -> Stored:
        return stored_at(self.path) if self.path.exists() else Stored()

    def _register(self) -> None:
        with open_store(self.path, "auto") as registry:
            register(registry, None, 900)

    def _do(self) -> None:
        """Do the errand, in the sound way or in a broken one."""
        if self.setting in CONTROLS:
            _BROKEN[self.setting](self)
        elif self.errand == "backup":
            with open_store(self.path, "auto") as registry:
                backup(registry, self.backups, key=KEY, keep=1)
        else:
            restore(self.backups / KEPT, self.path, key=KEY, accept_older=True)


def _straight(trial: Trial) -> None:
    """Write a backup under its own name, over the older one."""
    with open_store(trial.path, "auto") as registry:
        made = trial.folder / "made"
        made.unlink(missing_ok=True)
        backup(registry, made, key=KEY)
        with (trial.backups / KEPT).open("wb") as file:
            file.write(made.read_bytes())


def _telling(trial: Trial) -> None:
    """Let the journal tell of a backup, and then give it its name."""
    with open_store(trial.path, "auto") as registry:
        office, target = registry._office, trial.backups / "told.backup"
        unfinished = target.with_name(f"{target.name}.unfinished")
        unfinished.unlink(missing_ok=True)
        _write(office.repository, unfinished, KEY, office.clock(), lambda *_: None)
        made = attrs.evolve(verify_backup(unfinished, key=KEY), path=target)
        with office.unit("backup", writing=True) as work:
            work.journal.append(_entry(office, target, made))
        placed(unfinished, target)
        prune(made, KEY, 1)


def _copying(trial: Trial) -> None:
    """Make the store elsewhere, and copy it over the one that stands."""
    made = trial.folder / "made.db"
    made.unlink(missing_ok=True)
    restore(trial.backups / KEPT, made, key=KEY)
    trial.path.with_name(f"{STORE}-wal").unlink(missing_ok=True)
    with trial.path.open("r+b") as file:
        content = made.read_bytes()
        for at in range(0, len(content), 4096):
            os.pwrite(file.fileno(), content[at : at + 4096], at)
        file.truncate(len(content))


def _filling(trial: Trial) -> None:
    """Fill the store where it lies, and tell of it in another transaction."""
    registry = open_store(trial.path, "auto")
    with registry, reading(trial.backups / KEPT, KEY) as opened:
        with registry._office.repository.write() as work:
            work.put(opened.parts())
        with registry._office.repository.write() as work:
            restoring = _Restoring(opened, SYSTEM, utc_now, None, accept_older=True)
            work.journal.append(restoring._entry())


_BROKEN = {
    "straight": _straight,
    "telling": _telling,
    "copying": _copying,
    "filling": _filling,
}


def main(arguments: list[str] | None = None) -> int:
    """Try what was asked for, print a line each; return 1 for any surprise."""
    asked = _asked(arguments)
    if not can_build():
        sys.exit(REASON)
    if not Disk.is_there():
        return run_on_it(Path(__file__), *(arguments or sys.argv[1:])).returncode
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, seed {asked.seed}")  # noqa: T201  a report
    _rehearse()
    gc.freeze()
    surprises = 0
    for setting in {"all": ("sound",), "broken": CONTROLS}.get(asked.setting, (asked.setting,)):
        surprises += _tried(setting, asked) != (setting in CONTROLS)
    return min(surprises, 1)


def _tried(setting: str, asked: argparse.Namespace) -> bool:
    """Try the errands in all modes; return whether anything was accused."""
    errands = ERRANDS if asked.errand == "all" else (asked.errand,)
    trials, accused = 0, False
    with tempfile.TemporaryDirectory(dir=quick_folder()) as made:
        disk = Disk()
        disk.watch(Path(made, "live"))
        for errand in (CONTROLS[setting],) if setting in CONTROLS else errands:
            trial = Trial.prepared(Path(made), setting, errand, disk)
            for mode in MODES if asked.mode == "all" else (asked.mode,):
                outcome = trial.run(mode, asked.every, asked.seed)
                print(outcome, flush=True)  # noqa: T201  a report
                trials += outcome.trials
                accused |= bool(outcome.accused)
    print(f"{setting}: {trials} trials, {'accused' if accused else 'sound'}", flush=True)  # noqa: T201  a report
    return accused


def _rehearse() -> None:
    """Load what is loaded at first use."""
    rehearse()
    with tempfile.TemporaryDirectory() as folder:
        registry = CustomerRegistry()
        register(registry, None, 1)
        made = backup(registry, folder, key=KEY)
        restore(made.path, Path(folder, STORE), key=KEY)


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    settings = ["sound", *CONTROLS, "all", "broken"]
    parser.add_argument("--every", type=int, default=10, help="operations, one that fails")
    parser.add_argument("--setting", choices=settings, default="all")
    parser.add_argument("--errand", choices=[*ERRANDS, "all"], default="all")
    parser.add_argument("--mode", choices=[*MODES, "all"], default="all")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
