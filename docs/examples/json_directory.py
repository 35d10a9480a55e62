"""A store in a plain directory of JSON files, one for each transaction: a backend to learn from.

An `InMemoryRepository` holds everything; searches, claims, savepoints and the chain come with it.
This class adds what a process does not outlive, and what other processes write:

- A transaction ends with one more file, `00000042.json`: the parts that came and those that went.
  It gets its name once it is written and synced, so it is there whole or not at all.
- Who writes holds the lock of the file `lock`, against all threads and all processes.
- Whoever begins to read or write takes in the files that are newer than what he knows.
- Now and then, and when somebody scrubs, a file tells everything, and older ones are removed.

For some thousand customers, on a local disk of Linux or macOS.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import attrs

from customer_registry import InMemoryRepository, Issue, Keyring
from customer_registry.domain import errors
from customer_registry.repository import Condition, Durability, Part, UnitOfWork
from customer_registry.storage.plain import complete, part_of, row_of
from customer_registry.storage.turns import Turns

WHOLE_EVERY = 64
"""Every so many transactions one file tells everything."""


@attrs.frozen
class Held:
    """What is known of the directory: its newest file, what all of them tell, a store of that."""

    number: int
    parts: frozenset[Part]
    memory: InMemoryRepository


class JsonDirectory:
    """A repository in a directory; StorageBusy where others write for `patience` seconds."""

    durability = Durability.POWER
    patience = 30.0

    def __init__(
        self, folder: str | Path, *, create: bool = True, keyring: Keyring | None = None
    ) -> None:
        self._folder, self._keyring, self._turns = Path(folder), keyring, Turns()
        self._held = Held(0, frozenset(), InMemoryRepository(keyring=keyring))
        if not create and not self._numbers():
            raise errors.StorageMissing(f"there is no store in {folder}")
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._locked():
            if not self._numbers():
                self._save_whole(self._held)

    @property
    def identity(self) -> UUID:
        return self._current().memory.identity

    @contextmanager
    def write(self) -> Generator[UnitOfWork, None, None]:
        with self._locked():
            held = self._current()
            with held.memory.write() as work:
                yield work
                self._save(held, work)  # where this fails, the memory takes everything back

    def read(self) -> AbstractContextManager[UnitOfWork]:
        return self._current().memory.read()

    def snapshot(self) -> AbstractContextManager[UnitOfWork]:
        return self._current().memory.snapshot()

    def after_commit(self, call: Callable[[], tuple[Issue, ...]]) -> tuple[Issue, ...]:
        return call()

    def condition(self) -> Condition:
        return attrs.evolve(self._current().memory.condition(), engine="JSON files")

    def scrub(self, *, whole: bool = False) -> None:  # noqa: ARG002  it is so in any case
        with self._locked():
            self._save_whole(self._current())

    def close(self) -> None:
        """Do nothing: no file is open between two units of work."""

    def _current(self) -> Held:
        """Return what is kept now, with what others wrote since."""
        while (held := self._held).number != max(self._numbers(), default=-1):
            try:
                self._held = self._with_newer(held)
            except FileNotFoundError:
                continue  # another has just put everything into one file: look again
        return held

    def _with_newer(self, held: Held) -> Held:
        number, parts, checked = held.number, set(held.parts), None
        for newer in sorted(each for each in self._numbers() if each > number):
            told = read(self._path(newer))
            if newer != number + 1 and not told["whole"]:
                raise errors.StorageCorrupt(f"{self._folder} lacks what stands before {newer}")
            known = set[Part]() if told["whole"] else parts.difference(map(part_of, told["gone"]))
            number, parts = newer, known.union(map(part_of, told["come"]))
            checked = told["checked"]
        if number == held.number:
            raise errors.StorageUnavailable(f"the store in {self._folder} is gone, or an older one")
        memory = InMemoryRepository(keyring=self._keyring)
        with memory.write() as work:
            work.put(complete(parts))
            if checked is not None:
                work.keep_checked(datetime.fromisoformat(checked))
        return Held(number, frozenset(parts), memory)

    def _save_whole(self, held: Held) -> None:
        with held.memory.read() as work:
            self._save(held, work, is_whole=True)

    def _save(self, held: Held, work: UnitOfWork, *, is_whole: bool = False) -> None:
        """Write the next file: the parts that a unit of work changed, or all."""
        number, checked = held.number + 1, held.memory.condition().checked
        is_whole = is_whole or number % WHOLE_EVERY == 0
        parts = frozenset(part for part in work.parts() if part.kind != "count")
        before = frozenset[Part]() if is_whole else held.parts
        told: dict[str, Any] = {"whole": is_whole, "checked": checked and checked.isoformat()}
        rows = {"gone": map(row_of, before - parts), "come": map(row_of, parts - before)}
        told |= {name: list(each) for name, each in rows.items()}
        self._write(json.dumps(told, ensure_ascii=False, indent=1), number)
        self._held = Held(number, parts, held.memory)
        for older in sorted(self._numbers())[-2::-1] if is_whole else ():
            self._path(older).unlink()  # the newest first: what is left begins with a whole one

    def _write(self, text: str, number: int) -> None:
        draft = self._folder / "draft"
        try:
            draft.write_text(text, "utf-8")
            sync(draft)
            draft.replace(self._path(number))
        except OSError as error:
            raise errors.StorageUnavailable(f"nothing was saved: {error.strerror}") from error
        sync(self._folder)

    @contextmanager
    def _locked(self) -> Generator[None, None, None]:
        if self._turns.is_mine:
            raise errors.StorageBusy("this thread is writing already; end that unit first")
        deadline = time.monotonic() + self.patience
        with self._turns.taken(self.patience), (self._folder / "lock").open("a") as lock:
            while not (self._turns.is_mine and is_locked(lock.fileno())):
                if time.monotonic() > deadline:
                    raise errors.StorageBusy("somebody else is writing")
                time.sleep(0.002)
            yield

    def _numbers(self) -> Iterable[int]:
        return [int(path.stem) for path in self._folder.glob(f"{'[0-9]' * 8}.json")]

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08}.json"


def read(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_text("utf-8"))
        return {name: told[name] for name in ("whole", "checked", "gone", "come")}
    except (KeyError, TypeError, ValueError) as error:
        raise errors.StorageCorrupt(f"{path} cannot be read") from error


def is_locked(descriptor: int) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def sync(path: Path) -> None:
    """Return once a file, or the names in a folder, are where a power failure leaves them."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        raise errors.CommitOutcomeUnknown from error
    finally:
        os.close(descriptor)


def open_address(where: str, *, create: bool, keyring: Keyring | None, **_: bool) -> JsonDirectory:
    """Return the store at `json://…`: what an entry point names; there is nothing to migrate."""
    return JsonDirectory(where.partition("://")[2], create=create, keyring=keyring)
