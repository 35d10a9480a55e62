"""The ways in which clerks of a history of races do it: the sound one, and broken ones."""

import time
from contextlib import contextmanager
from typing import ClassVar

from deferred import Deferred
from ways import BROKEN as BROKEN_CODES
from ways import Way

from customer_registry import CustomerRegistry, InMemoryRepository, SQLiteRepository, StaleVersion
from customer_registry.repository import Repository
from customer_registry.testing.racing import clerk

__all__ = ["BROKEN", "SOUND", "Clerk", "Conduct"]

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


class Clerk(clerk.Clerk):
    """A clerk with the conduct that he has."""

    def __init__(self, conduct: Conduct, *about, **more) -> None:
        super().__init__(*about, **more)
        self.conduct = conduct

    def entered(self, raw):
        return self.conduct.way.register(self.registry, raw, self.rng)

    def saved(self, read, fields):
        return self.conduct.edit(self.registry, read, **fields)

    def shown(self, code):
        return self.conduct.get(self.registry, code)
