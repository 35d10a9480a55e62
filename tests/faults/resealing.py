"""Lets every operation fail while a store is sealed or goes over to new keys; judges what is left.

    python tests/faults/resealing.py                    one operation in twenty
    python tests/faults/resealing.py --every 1          all of them: the whole proof
    python tests/faults/resealing.py --setting broken   what has to be accused

A child seals a store, or rotates its keys, on a disk (iofault.c) whose n-th operation fails: an
error once or from then on, no room, half a write, a kill before or in the middle. Afterwards every
value is readable and the store agrees with itself. Then a new process begins again and comes to the
end, and nothing is left in the file that was there before: no plain value, no envelope and no index
of an older key.
"""

import argparse
import gc
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
from errands import rehearse
from iofault import MODES, REASON, Disk, Fault, can_build, quick_folder, run_on_it

from customer_registry import (
    CustomerRegistry,
    InMemoryRepository,
    Keyring,
    SQLiteRepository,
    operations,
)
from customer_registry.operations import resealing
from customer_registry.testing import make_raw

__all__ = ["ERRANDS", "SETTINGS", "main"]

STORE = "store.db"
ERRANDS = ("seal", "rotate")
SETTINGS = ("auto", "delete")
BROKEN = ("silent", "careless")
"""Broken on purpose: who tells the journal nothing, and who passes over a customer."""

CUSTOMERS = 5
resealing._BATCH = 2

OLD = Keyring.generate()
NEW = OLD.with_new_sealing_key().with_new_index_key()


@attrs.frozen
class Trial:
    """One errand with one setting, done again and again with a copy of the same store."""

    folder: Path
    setting: str
    errand: str
    disk: Disk

    @property
    def origin(self) -> Path:
        """Where the store lies as it is before the errand."""
        return self.folder / f"{self.setting}-{self.errand}"

    @property
    def path(self) -> Path:
        """The file that the errand is done with."""
        return self.folder / "live" / STORE

    def prepare(self) -> None:
        """Make a store of some customers, plain or under the older keys."""

        def work(_: Tell) -> None:
            keyring = OLD if self.errand == "rotate" else None
            with self._opened(keyring, self.origin / STORE) as registry:
                for seed in range(CUSTOMERS):
                    raw = make_raw("person" if seed % 2 else "organization", seed=seed)
                    registry.register(raw, idempotency_key=f"key-{seed}")

        self.origin.mkdir()
        in_a_child(work)

    def run(self, mode: str, every: int, seed: int) -> "Outcome":
        """Let one operation in `every` fail, by chance, or all of them."""
        fault, outcome = MODES[mode], Outcome(self.setting, self.errand, mode)
        outcome.operations = self._count(fault.kinds)
        rng = chance(f"{seed} {self.setting} {self.errand} {mode}")
        for at in range(1, outcome.operations + 1):
            if rng.randrange(every) == 0:
                outcome.trials += 1
                outcome.accused.accuse(self._faults(fault, at, outcome.ended), at)
        return outcome

    def _opened(self, keyring: Keyring | None, path: Path | None = None) -> CustomerRegistry:
        journal = "delete" if self.setting == "delete" else "auto"
        repository = SQLiteRepository(path or self.path, journal=journal, keyring=keyring)
        return CustomerRegistry(repository=repository)

    def _do(self) -> None:
        with self._opened(NEW) as registry:
            getattr(operations, self.errand)(registry)

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
        """Let an operation fail; judge the file, and what a new process makes of it."""

        def failing(tell: Tell) -> None:
            self.disk.fail(fault, at)
            tell(told_of(self._do))

        self._lay_out()
        told = in_a_child(failing)[0]
        ended[told] += 1
        found = {told} if told.startswith("bare") else set()
        found |= {f"meanwhile: {each}" for each in in_a_child(self._judge)}
        found |= {f"again: {each}" for each in in_a_child(self._again)}
        return found | {f"afterwards: {each}" for each in self._left()}

    def _judge(self, tell: Tell) -> None:
        """Tell what is wrong with the store as it is found."""

        def look() -> None:
            with self._opened(NEW) as registry:
                for raw in map(registry.get, [f"C{at:06}" for at in range(1, CUSTOMERS + 1)]):
                    if _secrets(raw) - SECRETS:
                        tell("another value")
                    for number in raw.tax_identifiers:
                        if registry.find(tax_identifier=str(number.number)) != (raw,):
                            tell("not found")
                for each in operations.verify(registry).disagreements:
                    if (self.errand, each.code) != ("seal", "journal.unkeyed"):
                        tell(each.code)  # a plain store's journal is chained without a key

        if (told := told_of(look)) != "done":
            tell(told)

    def _again(self, tell: Tell) -> None:
        if (told := told_of(self._do)) != "done":
            tell(told)
        self._judge(tell)

    def _left(self) -> set[str]:
        """Return what is left in the file, its log and beside it of what was there before."""
        content = b"".join(each.read_bytes() for each in self.path.parent.iterdir())
        kinds = {
            "plain": SECRETS if self.errand == "seal" else (),
            "an old index": [OLD.index[0].id] if self.errand == "rotate" else (),
        }
        return {kind for kind, texts in kinds.items() if any(t.encode() in content for t in texts)}


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


def _secrets(customer) -> set[str]:
    texts = [str(each.number) for each in customer.bank_accounts]
    if customer.identity_document is not None:
        texts.append(str(customer.identity_document.number))
    return set(texts)


def _typed() -> frozenset[str]:
    """Return the sensitive values of the customers."""
    registry = CustomerRegistry()
    raws = (make_raw("person" if at % 2 else "organization", seed=at) for at in range(CUSTOMERS))
    return frozenset().union(*(_secrets(registry.register(raw).customer) for raw in raws))


SECRETS = _typed()


def _reseal_most(office, work, customer) -> bool:
    """Pass over one customer."""
    return str(customer.code) != "C000003" and _reseal(office, work, customer)


def _reseal_silently(office, work, customer) -> bool:
    """Tell the journal nothing."""
    return work.customers.reseal(customer)


_reseal = resealing._reseal


def main(arguments: list[str] | None = None) -> int:
    """Try what was asked for, print a line each; return 1 for any surprise."""
    asked = _asked(arguments)
    if not can_build():
        sys.exit(REASON)
    if not Disk.is_there():
        return run_on_it(Path(__file__), *(arguments or sys.argv[1:])).returncode
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, seed {asked.seed}")  # noqa: T201  a report
    rehearse()
    _rehearse_sealing()
    gc.freeze()
    surprises = 0
    for setting in {"all": SETTINGS, "broken": BROKEN}.get(asked.setting, (asked.setting,)):
        surprises += _tried(setting, asked) != (setting in BROKEN)
    return min(surprises, 1)


def _rehearse_sealing() -> None:
    """Do everything once in memory, so that what is loaded at first use is loaded."""
    registry = CustomerRegistry(repository=InMemoryRepository(keyring=NEW))
    registry.register(make_raw("person", seed=1), idempotency_key="key")
    operations.seal(registry)
    operations.rotate(registry)
    operations.verify(registry)


def _tried(setting: str, asked: argparse.Namespace) -> bool:
    """Try all errands and modes with one setting; return whether anything was accused."""
    trials, accused = 0, False
    resealing._reseal = {"careless": _reseal_most, "silent": _reseal_silently}.get(setting, _reseal)
    with tempfile.TemporaryDirectory(dir=quick_folder()) as made:
        disk = Disk()
        disk.watch(Path(made, "live"))
        for errand in ERRANDS if asked.errand == "all" else (asked.errand,):
            trial = Trial(Path(made), setting, errand, disk)
            trial.prepare()
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
    parser.add_argument("--every", type=int, default=20, help="operations, one that fails")
    parser.add_argument("--setting", choices=[*SETTINGS, *BROKEN, "all", "broken"], default="all")
    parser.add_argument("--errand", choices=[*ERRANDS, "all"], default="all")
    parser.add_argument("--mode", choices=[*MODES, "all"], default="all")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
