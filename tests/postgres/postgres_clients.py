"""Processes that register customers in one PostgreSQL, note what they were told, and are judged."""

import logging
import multiprocessing
import os
import time
from contextlib import closing
from itertools import count
from multiprocessing.synchronize import Event
from pathlib import Path
from random import Random

import attrs
from postgres_desks import BROKEN, DESKS, Desk, Refused, told_of

from customer_registry import StorageError
from customer_registry.testing.racing.numbering import Acknowledged, Promise, judge

__all__ = ["Client", "Clients", "Notes", "chance", "faults_of", "opened"]

MOST = 1_000_000
"""Customers that no client registers more of in its life."""


@attrs.frozen
class Client:
    """How one process goes about it: until when, how often refused, and how patiently.

    Who meets an error tries the same customer again for `patience` seconds; without patience it
    ends there.
    """

    desk: str
    conninfo: str
    schema: str
    ending: float
    refusing: float = 0
    patience: float = 0
    waiting: float = 30

    def work(self, book: Path, first: int, over: Event) -> None:
        """Register customer after customer, and note what came of each, until it is over."""
        logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # it tells of every new try
        rng = chance(book.name)
        notes = os.open(book, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            with closing(opened(self.desk, self.conninfo, self.schema, self.waiting)) as desk:
                for each in count(first):
                    is_over = over.is_set() or time.monotonic() > self.ending
                    if is_over or not self._register(desk, notes, each, rng):
                        return
        except StorageError as error:
            _note(notes, "error", told_of(error), error)
        finally:
            os.close(notes)

    def _register(self, desk: Desk, notes: int, seed: int, rng: Random) -> bool:
        """Register one customer, and again if need be; tell whether to go on."""
        began, refused = time.monotonic_ns(), rng.random() < self.refusing
        while True:
            try:
                code = desk.register(seed, refused=refused)
            except Refused:
                _note(notes, "refused", seed)
                return True
            except Exception as error:  # noqa: BLE001  any other error is a finding
                _note(notes, "error", told_of(error), error)
                if (time.monotonic_ns() - began) / 1e9 > self.patience:
                    return False
                time.sleep(0.02)
            else:
                _note(notes, "told", code, began, time.monotonic_ns())
                return True


@attrs.frozen
class Notes:
    """What the clients of a run noted together; `errors` are names with the driver's words."""

    told: list[Acknowledged] = attrs.field(factory=list)
    refused: int = 0
    errors: list[str] = attrs.field(factory=list)

    @property
    def waits(self) -> list[float]:
        """How long each registration took, in seconds, the shortest first."""
        return sorted((each.ended - each.began) / 1e9 for each in self.told)

    @property
    def bare(self) -> list[str]:
        """The errors that were none of ours."""
        return [each for each in self.errors if each.startswith("bare ")]


class Clients:
    """Some clients at work, each a process with a notebook in a folder."""

    def __init__(self, client: Client, folder: Path, count_of: int, *, life: int = 1) -> None:
        self._books = [folder / f"{life}-{at}.notes" for at in range(count_of)]
        context = multiprocessing.get_context("fork")
        self._over = context.Event()
        self._processes = [
            context.Process(target=client.work, args=(book, (life * 100 + at) * MOST, self._over))
            for at, book in enumerate(self._books)
        ]
        for each in self._processes:
            each.start()

    def wait_until_all_told(self, patience: float = 30) -> None:
        """Wait until each has been told something."""
        deadline = time.monotonic() + patience
        while not all("told" in _read(book) for book in self._books):
            if time.monotonic() > deadline:
                raise RuntimeError("a client was told nothing")
            time.sleep(0.005)

    def end(self) -> None:
        """Let each do no more than it has begun."""
        self._over.set()

    def ended(self) -> Notes:
        """Wait for their end, and return what all of them noted."""
        for each in self._processes:
            each.join()
            if each.exitcode:
                raise RuntimeError("a client failed; its reason stands above")
        return _noted(self._books)


def opened(desk: str, conninfo: str, schema: str, waiting: float = 30) -> Desk:
    """Return a desk over a schema, which is made where it is not there."""
    return {**DESKS, **BROKEN}[desk](conninfo, schema, waiting=waiting)


def faults_of(notes: Notes, desk: Desk) -> set[str]:
    """Return the words for what is wrong with what is stored, beside what was told."""
    found = judge(notes.told, desk.stored()).faults(Promise(gapless=True))
    return found | desk.unsound() | ({"bare errors"} if notes.bare else set())


def chance(seed: object) -> Random:
    """Return chance that comes out the same for the same seed."""
    return Random(str(seed))  # noqa: S311  nothing secret hangs on it


def _note(notes: int, *words: object) -> None:
    """Write one line at once: when the process is killed, what it wrote stays."""
    os.write(notes, (" ".join(" ".join(map(str, words)).split()) + "\n").encode())


def _read(book: Path) -> str:
    return book.read_text() if book.exists() else ""


def _noted(books: list[Path]) -> Notes:
    told, refused, errors = [], 0, []
    for line in "".join(map(_read, books)).splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "told":
            code, began, ended = rest.split()
            told.append(Acknowledged(code, int(began), int(ended)))
        elif kind == "refused":
            refused += 1
        else:
            errors.append(rest)
    return Notes(told, refused, errors)
