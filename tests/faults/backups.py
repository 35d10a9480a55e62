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

import os
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

import attrs
from children import Tell, in_a_child, told_of
from errands import open_store, register, rehearse
from failing import Program
from iofault import Fault
from judged import BeforeOrAfter
from stored import Told, faults_at

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


@attrs.frozen
class BackingUp(BeforeOrAfter):
    """A store with a backup, of which one more is made, or which is taken back, again and again."""

    @property
    def path(self) -> Path:
        """The store."""
        return self.live / STORE

    @property
    def backups(self) -> Path:
        """The folder of the backups."""
        return self.live / FOLDER

    def make(self) -> None:
        """Make a store of three customers with a backup of two, left as a killed process does."""
        (self.origin / FOLDER).mkdir()
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

    def do(self) -> None:
        """Do the errand, in the sound way or in a broken one."""
        if self.setting in CONTROLS:
            _BROKEN[self.setting](self)
        elif self.errand == "backup":
            with open_store(self.path, "auto") as registry:
                backup(registry, self.backups, key=KEY, keep=1)
        else:
            restore(self.backups / KEPT, self.path, key=KEY, accept_older=True)

    def faults(self, fault: Fault, at: int, ended: Counter[str]) -> set[str]:
        """Let an operation fail; judge what is left, what was told, and a new process."""
        told = self.failed(fault, at, lambda tell: tell(told_of(self.do)))[0]
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
        stored = self.stored()
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
        if self.errand == "backup" and told != "again" and self.stored() == self.after:
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
            tell(told_of(self.do))
            tell(told_of(self._register))

        told = in_a_child(again)
        found = {each for each in told if each != "done"} | self._faults_of_backups("again")
        found |= faults_at(self.path, Told())
        if len(self.stored().customers) != len(self.after.customers) + 1:
            found.add("not one more")
        return {
            f"new process: {each}"
            for each in found | self._litter("done", tidied=True, alone=False)
        }

    def _register(self) -> None:
        with open_store(self.path, "auto") as registry:
            register(registry, None, 900)


def _straight(trial: BackingUp) -> None:
    """Write a backup under its own name, over the older one."""
    with open_store(trial.path, "auto") as registry:
        made = trial.live.with_suffix(".made")
        made.unlink(missing_ok=True)
        backup(registry, made, key=KEY)
        with (trial.backups / KEPT).open("wb") as file:
            file.write(made.read_bytes())


def _telling(trial: BackingUp) -> None:
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


def _copying(trial: BackingUp) -> None:
    """Make the store elsewhere, and copy it over the one that stands."""
    made = trial.live.with_suffix(".made.db")
    made.unlink(missing_ok=True)
    restore(trial.backups / KEPT, made, key=KEY)
    trial.path.with_name(f"{STORE}-wal").unlink(missing_ok=True)
    with trial.path.open("r+b") as file:
        content = made.read_bytes()
        for at in range(0, len(content), 4096):
            os.pwrite(file.fileno(), content[at : at + 4096], at)
        file.truncate(len(content))


def _filling(trial: BackingUp) -> None:
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


def _rehearse() -> None:
    """Load what is loaded at first use."""
    rehearse()
    with tempfile.TemporaryDirectory() as folder:
        registry = CustomerRegistry()
        register(registry, None, 1)
        made = backup(registry, folder, key=KEY)
        restore(made.path, Path(folder, STORE), key=KEY)


def _errands(setting: str) -> tuple[str, ...]:
    return (CONTROLS[setting],) if setting in CONTROLS else ERRANDS


main = Program(
    path=Path(__file__),
    about=__doc__,
    settings=("sound",),
    broken=tuple(CONTROLS),
    errands=_errands,
    trial=BackingUp,
    rehearse=_rehearse,
    every=10,
).main


if __name__ == "__main__":
    sys.exit(main())
