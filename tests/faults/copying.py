"""Lets every operation on the disk fail while a registry is copied, and judges both stores.

    python tests/faults/copying.py                    one operation in twenty
    python tests/faults/copying.py --every 1          all of them: the whole proof
    python tests/faults/copying.py --setting broken   what has to be accused

A child copies a registry with something of every kind out of one SQLite file into another, which is
not there yet, or is empty, or holds the copy already. The n-th operation of its disk (iofault.c)
fails: an error once or from then on, no room, half a write, a kill before or in the middle.
Afterwards the registry is sound, the other file holds nothing or all that the registry holds, and
what the child was told is true. Then a new process calls once more, and both hold the same: every
row, head, codes, counters; a verification finds nothing wrong with either.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import attrs
from children import Tell, told_of
from failing import Program
from judged import MeanwhileAndAgain

from customer_registry import CompanyPolicy, CustomerRegistry, InMemoryRepository, SQLiteRepository
from customer_registry.operations import copy, erase, recode, verify
from customer_registry.operations.copying import _announce
from customer_registry.repository import KINDS, Part
from customer_registry.testing import make_raw

__all__ = ["BROKEN", "ERRANDS", "SETTINGS", "main"]

SOURCE, TARGET = "source.db", "target.db"
ERRANDS = ("anew", "empty", "found")
"""What stands where the copy is to be."""

SETTINGS = ("auto", "delete")
"""The journal of both files."""

BROKEN = ("batches", "skipping", "late")
"""Broken on purpose: copied bit by bit, without a kind of rows, and told of afterwards.

All of them take whatever is there for the copy.
"""

POLICY = CompanyPolicy.loads('[approval]\nfields = ["bank_accounts"]')
ACCOUNT = {"bank": "中国银行", "number": "6217000010001234567"}


@attrs.frozen
class Copying(MeanwhileAndAgain):
    """A registry that is copied, again and again out of the same file."""

    def make(self) -> None:
        """Make the registry, and what stands where the copy is to be."""
        with self._opened(self.origin / SOURCE) as registry:
            _fill(registry)
        if self.errand == "empty":
            self._opened(self.origin / TARGET).close()
        if self.errand == "found":
            self._copy(self.origin, copy)

    def do(self) -> None:
        """Copy the registry, in the sound way or in a broken one."""
        self._copy(self.live, _WAYS.get(self.setting, copy))

    def judge(self, told: str, tell: Tell) -> None:
        """Tell what is wrong with the stores beside what was told."""

        def look() -> None:
            held, kept = self._held(TARGET, tell), self._held(SOURCE, tell)
            if held != kept and (held or told == "done"):
                tell("between" if held else "done, and nothing there")

        if (failed := told_of(look)) != "done":
            tell(failed)

    def _opened(self, path: Path) -> CustomerRegistry:
        repository = SQLiteRepository(path, journal=self._journal)
        return CustomerRegistry(repository=repository, policy=POLICY)

    @property
    def _journal(self) -> str:
        return "delete" if self.setting == "delete" else "auto"

    def _copy(self, folder: Path, way) -> None:
        with self._opened(folder / SOURCE) as registry:
            target = SQLiteRepository(folder / TARGET, journal=self._journal)
            with closing(target):
                way(registry, target)

    def _held(self, name: str, tell: Tell) -> list[Part]:
        """Return all that a file holds, if that is anything; tell what is wrong with it."""
        if not (self.live / name).exists():
            return []
        with self._opened(self.live / name) as registry:
            for each in verify(registry).disagreements:
                tell(f"{name}: {each.code}")
            with registry._office.repository.read() as work:
                parts = list(work.parts())
        return parts if len(parts) > _EMPTY else []


_EMPTY = 1 + len(KINDS)
"""Parts of a store that holds nothing."""


def _fill(registry: CustomerRegistry) -> None:
    """Let a registry have something of every kind."""
    for seed in range(4):
        raw = make_raw("person" if seed % 2 else "organization", seed=seed)
        registry.register(raw, idempotency_key=f"key-{seed}")
    registry.reserve_code(kind="person")
    recode(registry, registry.get("C000001"), "NEW-1", "并购")
    erase(registry, registry.get("C000002"), "本人申请")
    registry.update("C000003", bank_accounts=[ACCOUNT], version=1)


def _in_batches(registry: CustomerRegistry, target: SQLiteRepository) -> None:
    """Take every receipt along in a transaction of its own."""
    if _is_taken(target):
        return
    _announce(registry._office, target)
    with registry._office.repository.snapshot() as given:
        with target.write() as work:
            work.put(_without("receipt", given.parts()))
        for _, customer in given.customers.iterate():
            for receipt in given.receipts.of(customer.id):
                with target.write() as work:
                    work.receipts.add(receipt)


def _skipping(registry: CustomerRegistry, target: SQLiteRepository) -> None:
    """Leave the reservations behind."""
    if _is_taken(target):
        return
    _announce(registry._office, target)
    with registry._office.repository.snapshot() as given, target.write() as work:
        work.put(_without("reservation", given.parts()))


def _late(registry: CustomerRegistry, target: SQLiteRepository) -> None:
    """Let both journals tell of the copy when it is there."""
    if _is_taken(target):
        return
    with registry._office.repository.snapshot() as given, target.write() as work:
        work.put(given.parts())
    for each in (registry, CustomerRegistry(repository=target)):
        _announce(each._office, target)


def _is_taken(target: SQLiteRepository) -> bool:
    with target.read() as work:
        return sum(1 for _ in work.parts()) > _EMPTY


def _without(kind: str, parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        if part.kind == "count" and part.content[0] == kind:
            yield Part("count", (kind, 0))
        elif part.kind != kind:
            yield part


_WAYS = {"batches": _in_batches, "skipping": _skipping, "late": _late}


def _rehearse() -> None:
    """Do everything once in memory, so that what is loaded at first use is loaded."""
    registry = CustomerRegistry(policy=POLICY)
    _fill(registry)
    copy(registry, InMemoryRepository())
    verify(registry)


def _errands(setting: str) -> tuple[str, ...]:
    return ERRANDS[:1] if setting in BROKEN else ERRANDS


main = Program(
    path=Path(__file__),
    about=__doc__,
    settings=SETTINGS,
    broken=BROKEN,
    errands=_errands,
    trial=Copying,
    rehearse=_rehearse,
).main


if __name__ == "__main__":
    sys.exit(main())
