"""What is done with a store while its disk is recorded: a program of its own, run by power.py."""

import shutil
import sys
from collections.abc import Callable
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path

from clerk import Notebook
from errands import ERRANDS, GOLDEN, journal_of, note, open_store
from iofault import Disk, Fault

from customer_registry import CustomerNotFound, StorageError
from customer_registry.testing import make_raw

__all__ = ["LIVES", "STORE"]

STORE = "store.db"
EVERY_FEW_SYNCS = Fault("p", kinds="s")
CHECKPOINT_EVERY = 6
"""Commits: often enough that a short life meets checkpoints, and a WAL begun anew."""


def from_the_beginning(path: Path, setting: str, rounds: int) -> None:
    """Found a store, and close it and open it again in the midst of the work."""
    for part in range(2):
        with opened(path, setting) as (registry, book):
            for each in range(part * rounds // 2, (part + 1) * rounds // 2):
                do(registry, book, each)


def with_another_journal(path: Path, setting: str, rounds: int) -> None:
    """Open a store by turns with one journal and with the other."""
    other = "delete" if journal_of(setting) == "auto" else "auto"
    for part, journal in enumerate((other, setting, other)):
        with opened(path, journal) as (registry, book):
            for each in range(part * rounds // 3, (part + 1) * rounds // 3):
                do(registry, book, each)


def from_schema_1(path: Path, setting: str, rounds: int) -> None:
    """Migrate a golden store, and go on with it."""
    with opened(path, setting) as (registry, book):
        for each in range(rounds):
            do(registry, book, each)


def with_failing_syncs(path: Path, setting: str, rounds: int) -> None:
    """Register, update and load while one sync in a few fails; whoever is told so tries again."""
    Disk().fail(EVERY_FEW_SYNCS, 7)
    with closing(Notebook(path.with_suffix(".notes"))) as book:
        registry = insisting(lambda: open_store(path, setting, checkpoint_every=CHECKPOINT_EVERY))
        registry.notebook = book
        for each in range(rounds):
            code = insisting(partial(ERRANDS["register"], registry, book, 1000 + each))
            with suppress(CustomerNotFound):  # lost already, if failures are hidden
                insisting(partial(ERRANDS["update"], registry, book, code))
            insisting(partial(ERRANDS["load"], registry, book, 3000 + 2 * each))
        insisting(registry.close)


LIVES: dict[str, Callable[[Path, str, int], None]] = {
    "new": from_the_beginning,
    "switching": with_another_journal,
    "failing": with_failing_syncs,
    "schema1": from_schema_1,
    "schema2": from_schema_1,
}


def insisting(work: Callable[[], object]):
    """Try until it is done, as people do who are told that it is not, or perhaps."""
    while True:
        with suppress(StorageError):
            return work()


@contextmanager
def opened(path, setting):
    """Open a store, note its identity, and close it."""
    with (
        closing(Notebook(path.with_suffix(".notes"))) as book,
        open_store(path, setting, checkpoint_every=CHECKPOINT_EVERY) as registry,
    ):
        registry.notebook = book
        book.note("identity", registry._office.repository.identity.hex)
        yield registry, book
        ERRANDS["scrub"](registry, book)


def do(registry, book, each):
    """Do one errand of each kind by turns, registering in between."""
    code = ERRANDS["register"](registry, book, 1000 + each)
    match each % 4:
        case 1:
            ERRANDS["update"](registry, book, code)
        case 2:
            fill_in_a_form(registry, book, 2000 + each)
        case 3:
            ERRANDS["load"](registry, book, 3000 + each)


def fill_in_a_form(registry, book, seed):
    """Save a customer with a code that was reserved, and give another one back unused."""
    with ERRANDS["reserve"](registry, book) as code:
        note(book, registry.register(make_raw("person", seed=seed), code=str(code)))
    with ERRANDS["reserve"](registry, book):
        pass


def main(folder: str, setting: str, life: str, rounds: str) -> None:
    live = Path(folder, "live")
    live.mkdir()
    if life.startswith("schema"):
        shutil.copy(GOLDEN / f"{life}.db", live / STORE)
    disk = Disk()
    disk.watch(live, Path(folder, "log"))
    if setting == "lying":
        disk.lie()
    LIVES[life](live / STORE, setting, int(rounds))


if __name__ == "__main__":
    main(*sys.argv[1:])
