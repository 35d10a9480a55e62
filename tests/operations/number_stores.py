"""Stores, clocks and a bent counter, as the tests of the numbering need them."""

from datetime import UTC, datetime, timedelta

from customer_registry import Actor, CodePattern, CustomerRegistry
from customer_registry.storage.memory import InMemoryRepository

HAN, LI = Actor("han.meimei"), Actor("li.lei")
PLAIN = "KH{number:03}"


class Clock:
    """A clock that a test puts on."""

    def __init__(self, now=datetime(2026, 11, 24, 9, tzinfo=UTC)):
        self.now = now

    def __call__(self):
        return self.now

    def tick(self, **span):
        self.now += timedelta(**span)


def opened(repository, codes=PLAIN, mode="automatic", **kinds):
    """Return a registry of Han Meimei's over a store."""
    policy = CodePattern(codes, mode=mode) if isinstance(codes, str) else codes
    return CustomerRegistry(repository=repository, codes=policy, **{"actor": HAN, **kinds})


def registered(registry, **fields):
    return registry.register({"kind": "person", "name": "王芳", **fields}).customer


def lose(registry, times=1, name="customer"):
    """Draw numbers for nobody, as no use case does."""
    with registry.unit("lose", writing=True) as work:
        for _ in range(times):
            work.numbers.next(name)


def bend(repository, number, name="customer"):
    """Put a counter to a number, lower than it is, behind the port's back."""
    if isinstance(repository, InMemoryRepository):
        repository._work.numbers._drawn[name] = number
        return
    sql = "UPDATE customer_registry_numbers SET drawn = :number WHERE range = :name"
    with repository.write() as work:
        work._statements.change(sql, {"number": number, "name": name})
