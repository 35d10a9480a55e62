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

import shutil
import sys
import tempfile
from collections import Counter
from functools import partial
from pathlib import Path

import attrs
from children import Tell, in_a_child, told_of
from errands import ERRANDS, GOLDEN, MISTAKEN, SETTINGS, open_store, register, rehearse
from failing import Program
from iofault import Fault
from judged import BeforeOrAfter
from stored import Told, faults_at, stored_at

from customer_registry import RegistryError

__all__ = ["ALL_ERRANDS", "main"]

STORE = "store.db"
OLD = ("schema1", "schema2")
ALL_ERRANDS = (*ERRANDS, "found", *OLD)
"""The last ones are nothing but opening: a new store, and stores of earlier schemas."""

PASSING = frozenset("es")
"""Letters of the faults that pass, after which the same process goes on."""

ONE_MORE = 900


@attrs.frozen
class OneErrand(BeforeOrAfter):
    """What a clerk does with a store, again and again."""

    @property
    def path(self) -> Path:
        """The file that the errand is done with."""
        return self.live / STORE

    def make(self) -> None:
        """Make a store of three customers, left with its WAL as a killed process leaves it."""
        if self.errand in OLD:
            shutil.copy(GOLDEN / f"{self.errand}.db", self.origin / STORE)
        elif self.errand != "found":
            with tempfile.TemporaryDirectory(dir=self.folder) as making:
                made = Path(making, STORE)
                with open_store(made, self.setting) as registry:
                    for seed in range(3):
                        register(registry, None, seed)
                    for ending in ("", "-wal"):
                        if (file := made.with_name(f"{STORE}{ending}")).exists():
                            shutil.copy(file, self.origin)

    def do(self, tell: Tell | None = None, *, one_more: bool = False) -> None:
        """Open the store, do the errand and close; tell as soon as it is acknowledged."""
        with open_store(self.path, self.setting) as registry:
            if self.errand in ERRANDS:
                ERRANDS[self.errand](registry, None)
            if tell is not None:
                tell("done")
            if one_more:
                register(registry, None, ONE_MORE)

    def faults(self, fault: Fault, at: int, ended: Counter[str]) -> set[str]:
        """Let an operation fail; judge the file, what was told, and who goes on."""
        tale = self.failed(fault, at, lambda tell: tell(told_of(lambda: self.do(tell))))
        ended[tale[0]] += 1
        bare = {each for each in tale if each.startswith("bare")}
        found = bare | (self._untrue(tale[0]) or self._faults_of_trying_again())
        return found | (self._faults_of_going_on(fault, at) if fault.letter in PASSING else set())

    def _untrue(self, told: str) -> set[str]:
        """Return what is wrong with the file beside what the child was told."""
        found = faults_at(self.path, Told()) if self.path.exists() else set()
        if found:
            return found
        stored = self.stored()
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
            tell(told_of(lambda: self.do(one_more=True)))

        (told,) = in_a_child(again)
        faults = set() if told == "done" else {told}
        return {f"new process: {each}" for each in faults | self._faults_of_one_more()}

    def _faults_of_going_on(self, fault: Fault, at: int) -> set[str]:
        """Let an operation fail; the same process reads, tries again and registers one more."""
        (told,) = self.failed(fault, at, lambda tell: tell(told_of(self._go_on)))
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


main = Program(
    path=Path(__file__),
    about=__doc__,
    settings=SETTINGS,
    broken=MISTAKEN,
    errands=lambda _: ALL_ERRANDS,
    trial=OneErrand,
    rehearse=rehearse,
).main


if __name__ == "__main__":
    sys.exit(main())
