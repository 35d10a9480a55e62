"""What a clerk does in a history of races, each call noted, and broken ways of doing it."""

import time
from collections.abc import Callable
from contextlib import contextmanager
from random import Random
from typing import ClassVar

from deferred import Deferred
from histories_judge import Act
from ways import BROKEN as BROKEN_CODES
from ways import Way

from customer_registry import (
    CustomerNotFound,
    CustomerRegistry,
    InMemoryRepository,
    SQLiteRepository,
    StaleVersion,
    ValidationFailed,
)
from customer_registry.repository import Repository
from customer_registry.testing import make_raw

__all__ = ["BROKEN", "EDITED_TOGETHER", "PARENT", "SOUND", "Clerk", "Conduct"]

PARENT = 99
"""The clerk who registers whom everybody edits."""

EDITED_TOGETHER = 40
"""Turns in which the clerks edit the same customer."""

_A_MOMENT = 0.001


class Conduct:
    """The sound way: the verbs as they are."""

    name: ClassVar = "sound"
    accused_of: ClassVar = frozenset[str]()
    """Of these words the judge has to find one."""

    way: ClassVar = Way()

    def registry(self, repository: Repository) -> CustomerRegistry:
        """Return a registry over a repository."""
        return CustomerRegistry(repository=repository, codes=self.way.codes())

    def store(self, path: str | None) -> Repository:
        """Return a repository, in memory where there is no path."""
        return InMemoryRepository() if path is None else SQLiteRepository(path)

    def get(self, registry, code):
        """Return a customer."""
        return registry.get(code)

    def edit(self, registry, read, **fields):
        """Save an edit of what was read."""
        return registry.update(read, **fields)


class LastWriterWins(Conduct):
    """Broken: the edit is saved over whatever version stands there."""

    name = "last-writer"
    accused_of = frozenset({"lost updates"})

    def edit(self, registry, read, **fields):
        time.sleep(5 * _A_MOMENT)
        while True:
            try:
                return registry.update(registry.get(str(read.code)), **fields)
            except StaleVersion:
                continue


class StaleCache(Conduct):
    """Broken: what was read once is shown again for a while."""

    name = "stale-cache"
    accused_of = frozenset({"stale reads"})
    lasting = 0.05

    def __init__(self):
        self.cache = {}

    def get(self, registry, code):
        read, until = self.cache.get(str(code), (None, 0))
        if time.monotonic() > until:
            read, until = registry.get(code), time.monotonic() + self.lasting
            self.cache[str(code)] = read, until
        return read


class WithoutLock(InMemoryRepository):
    """Broken memory: everybody reads and writes at once."""

    @contextmanager
    def write(self):
        with self._work.savepoint():
            time.sleep(_A_MOMENT / 10)
            yield self._work


class TakenLate(Conduct):
    """Broken: no lock in memory, and one that is taken with the first change in a file."""

    name = "no-lock"
    accused_of = frozenset({"errors"})

    def store(self, path):
        return WithoutLock() if path is None else Deferred(path, busy_timeout=5)


class MaxPlusOne(Conduct):
    """Broken: the form shows the largest code that a reading transaction sees, and one more."""

    name = "max-plus-one"
    accused_of = frozenset({"duplicates"})
    way = BROKEN_CODES["max-plus-one"]


SOUND = Conduct
BROKEN = {each.name: each for each in (LastWriterWins, StaleCache, TakenLate, MaxPlusOne)}


def name_of(clerk: int, turn: int) -> str:
    """Return the name of whom a clerk registers in a turn: two Han that nobody else has."""
    return f"王{chr(0x5000 + clerk * 100 + turn // 1000)}{chr(0x7000 + turn % 1000)}"


def phone_of(clerk: int, turn: int) -> str:
    """Return his phone number."""
    return f"138{clerk:02}{turn:06}"


def raw_of(clerk: int, turn: int) -> dict[str, object]:
    """Return him as he is typed."""
    return {"kind": "person", "name": name_of(clerk, turn), "phone": phone_of(clerk, turn)}


def coveted(number: int) -> dict[str, object]:
    """Return a customer whom every clerk wants to register, by one tax number."""
    return make_raw(seed=number)


def tell(kind: str, call: Callable[[], dict[str, object]], **known: object) -> Act:
    """Return the act that a call makes, whatever comes of it."""
    began = time.monotonic_ns()
    try:
        came = call()
    except StaleVersion as stale:
        kind = "stale"
        version, theirs, overlap = stale.current.version, stale.theirs, stale.overlap
        came = {"version": version, "theirs": theirs, "overlap": overlap}
    except Exception as error:  # noqa: BLE001  any other error is a finding
        kind, came = "error", {"text": f"{kind}: {type(error).__name__} {error}"}
    return Act(**{"kind": kind, "began": began, "ended": time.monotonic_ns()} | known | came)


class Clerk:
    """One clerk, turn by turn."""

    def __init__(
        self, conduct: Conduct, registry: CustomerRegistry, *, me: int, clerks: int, rng: Random
    ) -> None:
        self.conduct = conduct
        self.registry = registry
        self.me = me
        self.clerks = clerks
        self.rng = rng
        self.registered = 0

    def act(self, turn: int) -> Act:
        """Do something, as chance will have it."""
        acts = (self.register, self.edit, self.status, self.get, self.find, self.search, self.covet)
        (act,) = self.rng.choices(acts, (25, 20, 8, 17, 12, 10, 8))
        return act(turn)

    def register(self, _turn: int) -> Act:
        me, number = self.me, self.registered
        self.registered += 1
        return tell("register", lambda: self._registered(raw_of(me, number)), who=f"{me}-{number}")

    def covet(self, turn: int) -> Act:
        return self.want(turn // 10)

    def want(self, number: int) -> Act:
        """Try to register whom all want to register."""
        return tell("covet", lambda: self._wanted(coveted(number)), who=f"coveted-{number}")

    def edit(self, turn: int) -> Act:
        """Read the customer whom all edit, and save him with a mark more."""
        read = self.registry.get(self._hot(turn))
        mark = f"{self.me}.{turn}"
        if self.rng.random() < 0.7:
            fields, mark_in = {"notes": f"{read.notes or ''} {mark}".strip()}, "notes"
        else:
            fields, mark_in = {"sales_region": mark}, "sales_region"
        known = {"code": str(read.code), "base": read.version, "field": mark_in, "mark": mark}
        return tell(
            "edit", lambda: _saved(self.conduct.edit(self.registry, read, **fields)), **known
        )

    def status(self, turn: int) -> Act:
        """Block the customer whom all edit, or activate him."""
        read = self.registry.get(self._hot(turn))
        wanted = "active" if read.status == "blocked" else "blocked"
        known = {"code": str(read.code), "base": read.version, "field": "status", "mark": wanted}
        return tell("status", lambda: _saved(self.registry.change_status(read, wanted)), **known)

    def get(self, turn: int) -> Act:
        code = self._hot(turn) if self.rng.random() < 0.6 else self._recent()
        return tell("read", lambda: {"version": self._version(code)}, code=code)

    def find(self, turn: int) -> Act:
        clerk, number = self._somebody(turn)
        return tell(
            "read",
            lambda: _found(self.registry.find(phone=phone_of(clerk, number))),
            who=f"{clerk}-{number}",
        )

    def search(self, turn: int) -> Act:
        clerk, number = self._somebody(turn)
        return tell(
            "read",
            lambda: _found(self.registry.search(name_of(clerk, number)[1:])),
            who=f"{clerk}-{number}",
        )

    def _registered(self, raw):
        code = self.conduct.way.register(self.registry, raw, self.rng)
        return {"code": str(code), "version": 1}

    def _wanted(self, raw):
        try:
            return self._registered(raw)
        except ValidationFailed as failed:
            (holder,) = (
                issue.params["code"]
                for issue in failed.report.errors
                if issue.code == "tax_id.duplicate"
            )
            return {"kind": "refused", "code": holder}

    def _version(self, code):
        try:
            return self.conduct.get(self.registry, code).version
        except CustomerNotFound:
            return 0

    def _hot(self, turn):
        return f"C{turn // EDITED_TOGETHER + 1:07}"

    def _recent(self):
        """Return the code of a customer who was registered just now, or soon will be."""
        (newest,) = self.registry.search(limit=1)
        number = int(newest.code.text[1:]) + self.rng.randint(-3, 1)
        return f"C{max(number, 1):07}"

    def _somebody(self, turn):
        """Return whom some clerk registers at about this time, or whom all edit."""
        if self.rng.random() < 0.3:
            return PARENT, turn // EDITED_TOGETHER
        number = self.registered - self.rng.randint(-2, 4)
        return self.rng.randrange(self.clerks), max(number, 0)


def _saved(receipt):
    return {"version": receipt.version}


def _found(customers):
    (found,) = customers or (None,)
    return {"code": found.code.text, "version": found.version} if found else {"version": 0}
