"""Cuts the power after every operation of a store, and judges what is found afterwards.

    python tests/faults/power.py                     a quick look
    python tests/faults/power.py --images 20000      the whole proof
    python tests/faults/power.py --setting broken    what has to be accused

A process founds a store, migrates an old one, registers, updates, reserves and loads, on a disk
that keeps a log (iofault.c); what it was told stands in the log as well. The log is replayed, and
at every operation images are made of what a power cut may leave (power_disk.py). Each image is
opened by SQLite and judged (stored.py); some are opened by the package, which registers one more.
"""

import argparse
import platform
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import attrs
from accused import Accused
from clerk import chance
from errands import BROKEN, GOLDEN, SETTINGS, journal_of
from iofault import REASON, Operation, quick_folder, read_log, run_on_it
from power_disk import PowerDisk
from power_work import LIVES, STORE
from preloaded import can_build
from stored import Stored, Told, faults_at, stored_at

from customer_registry import CodePattern, CustomerRegistry, RegistryError, SQLiteRepository
from customer_registry.operations import verify
from customer_registry.storage.sqlite.migrating import SCHEMA
from customer_registry.testing import make_raw

__all__ = ["HEADER", "Outcome", "cut_power"]

HEADER = f"{'setting':<12}{'life':<11}{'operations':>10}{'images':>8}{'opened by us':>13}  accused"


@attrs.define
class Outcome:
    """What was found after all the cuts in one life of a store."""

    setting: str
    life: str
    operations: int = 0
    images: int = 0
    opened: int = 0
    accused: Accused = attrs.field(factory=Accused)

    def __str__(self) -> str:
        accused = ", ".join(f"{fault} {times}" for fault, times in self.accused.counted)
        counts = f"{self.operations:>10}{self.images:>8}{self.opened:>13}"
        return f"{self.setting:<12}{self.life:<11}{counts}  {accused or 'nothing'}"


@attrs.define
class Cuts:
    """The images of one recorded life, each judged once."""

    folder: Path
    outcome: Outcome
    images: int
    seed: int
    ours_every: int
    before: Stored = attrs.field(factory=Stored)
    disk: PowerDisk = attrs.field(init=False)
    told: Told = attrs.field(factory=Told)
    notes: str = ""
    seen: set[int] = attrs.field(factory=set)

    def make(self, log: list[Operation]) -> None:
        """Replay the log again and again, until there were images enough."""
        self.outcome.operations = len(log)
        rounds = 0
        while self.outcome.images < self.images and rounds < self.images:
            rounds += 1
            before = self.outcome.images
            self._replay(log, rounds)
            if self.outcome.images == before and rounds > MOST_IDLE_ROUNDS:
                return

    def _replay(self, log: list[Operation], turn: int) -> None:
        self.disk = PowerDisk(
            chance(f"{self.seed} {turn}"), shows_deleted=self.outcome.setting == "showing"
        )
        self.told, self.notes = Told(), ""
        if self.outcome.life in OLD:
            self.disk.put(STORE, OLD[self.outcome.life].read_bytes())
        for at, done in enumerate(log):
            if done.path.endswith(".notes"):
                self._hear(done)
            else:
                self.disk.do(done)
            if self.outcome.images >= self.images:
                return
            self._cut(at)

    def _hear(self, done: Operation) -> None:
        self.notes += done.content.decode()
        *notes, self.notes = self.notes.split("\n")
        for note in notes:
            self.told.hear(note)

    def _cut(self, at: int) -> None:
        """Make an image of this moment and judge it, unless it was judged before."""
        image = self.disk.image()
        known = hash((tuple(image.items()), len(self.told.customers), self.told.identity))
        if known in self.seen:
            return
        self.seen.add(known)
        self.outcome.images += 1
        where = f"operation {at}, image {self.outcome.images}"
        ours = self.outcome.images % self.ours_every == 0
        self._lay_out(image)
        if ours:
            self.outcome.opened += 1
            self.outcome.accused.accuse(self._opened_by_us(), where)
        self.outcome.accused.accuse(self._judged(), where)

    def _lay_out(self, image: dict[str, bytes]) -> None:
        for old in self.folder.iterdir():
            old.unlink()
        for name, content in image.items():
            (self.folder / name).write_bytes(content)

    def _judged(self) -> set[str]:
        """Return what plain SQLite finds wrong with the files in the folder."""
        path = self.folder / STORE
        if not path.exists():
            return {"lost"} if self.told.identity else set()
        faults = faults_at(path, self.told)
        if self.outcome.life in OLD and not faults:
            faults |= self._old_faults(stored_at(path))
        return faults

    def _old_faults(self, found: Stored) -> set[str]:
        """Return what a migration did wrong: the old file is there, or the new one and a copy."""
        before = self.before
        if found.schema not in {before.schema, SCHEMA}:
            return {"between"}
        if any(found.customers.get(code, 0) < at for code, at in before.customers.items()):
            return {"lost"}
        if found.schema == before.schema:
            return set() if found == before else {"between"}
        copies = self.folder.glob(f"{STORE}-schema*[0-9]")
        whole = [not faults_at(copy, Told()) and stored_at(copy) == before for copy in copies]
        return set() if whole and all(whole) else {"no copy"}

    def _opened_by_us(self) -> set[str]:
        """Return what goes wrong when the package opens an image and registers one more."""
        path = self.folder / STORE
        if self.told.identity and not path.exists():
            return set()
        journal = journal_of(self.outcome.setting)
        codes = CodePattern("KH{number:05}", mode="editable")
        try:
            with closing(SQLiteRepository(path, journal=journal, migrate=True)) as repository:
                registry = CustomerRegistry(repository=repository, codes=codes)
                registry.register(make_raw(seed=9999))
                return set() if verify(registry).ok else {"not verified"}
        except RegistryError as error:
            return {f"ours: {type(error).__name__}"}


OLD = {life: GOLDEN / f"{life}.db" for life in LIVES if life.startswith("schema")}
MOST_IDLE_ROUNDS = 20
"""Replays without an image that is not known already."""


def cut_power(
    setting: str, life: str, *, images: int, rounds: int = 12, seed: int = 1, ours_every: int = 20
) -> Outcome:
    """Return what is found after cuts in one life of a store, with one setting.

    The package itself opens one image in `ours_every`.
    """
    with tempfile.TemporaryDirectory(dir=quick_folder()) as made:
        folder = Path(made)
        ran = run_on_it(Path(__file__).with_name("power_work.py"), folder, setting, life, rounds)
        if ran.returncode:
            raise RuntimeError("the store could not be filled; the reason stands above")
        log = list(read_log(folder / "log"))
        (folder / "image").mkdir()
        outcome = Outcome(setting, life)
        before = _before(life, folder / "before.db")
        Cuts(folder / "image", outcome, images, seed, ours_every, before).make(log)
        return outcome


def _before(life: str, copy: Path) -> Stored:
    """Return what the store held at the beginning of a life; a golden file is not opened itself."""
    return stored_at(Path(shutil.copy(OLD[life], copy))) if life in OLD else Stored()


def main(arguments: list[str] | None = None) -> int:
    """Cut what was asked for, print a line each; return 1 for any surprise."""
    asked = _asked(arguments)
    if not can_build():
        sys.exit(REASON)
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, seed {asked.seed}")  # noqa: T201  a report
    print(HEADER)  # noqa: T201  a report
    surprises = 0
    for setting in _settings(asked.setting):
        surprises += _cut_all_lives(setting, asked) != (setting in BROKEN)
    return min(surprises, 1)


def _cut_all_lives(setting: str, asked: argparse.Namespace) -> bool:
    """Print what came of each life with one setting; return whether anything was accused."""
    lives = list(LIVES) if asked.life == "all" else [asked.life]
    began, images, accused = time.process_time(), 0, False
    for life in lives:
        outcome = cut_power(
            setting,
            life,
            images=-(-asked.images // len(lives)),
            rounds=asked.rounds,
            seed=asked.seed,
            ours_every=asked.ours_every,
        )
        print(outcome, flush=True)  # noqa: T201  a report
        for fault, where in outcome.accused.first.items():
            print(f"    {fault} first after {where}")  # noqa: T201  a report
        images += outcome.images
        accused |= bool(outcome.accused)
    seconds = time.process_time() - began
    print(f"{setting}: {images} images, {seconds:.0f} s of CPU", flush=True)  # noqa: T201  a report
    return accused


def _settings(asked: str) -> tuple[str, ...]:
    return {"all": SETTINGS, "broken": BROKEN}.get(asked, (asked,))


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=int, default=2000, help="for each setting, all different")
    parser.add_argument("--setting", choices=[*SETTINGS, *BROKEN, "all", "broken"], default="all")
    parser.add_argument("--life", choices=[*LIVES, "all"], default="all")
    parser.add_argument("--rounds", type=int, default=12, help="errands in a life")
    parser.add_argument("--ours-every", type=int, default=20, help="images, one that we open")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
