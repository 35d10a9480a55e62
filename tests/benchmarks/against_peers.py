"""Registering, looking up and loading a small form: ours, the raw parts, a script, an ORM."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import attrs
from budgets import by_hand, new_registry, raw_file, raw_parts
from figures import Figure, by_turns, medians, spent
from peers import orm, script
from rows import rows

from customer_registry import CustomerRegistry

__all__ = ["loading", "one_by_one", "with_workers"]

_BATCH = 500
"""Rows that the peers save in one transaction, as `load` does."""


@attrs.frozen
class _Stores:
    """A store of each sort, on files of their own."""

    ours: CustomerRegistry
    scratch: CustomerRegistry
    script: script.sqlite3.Connection
    orm: orm.sessionmaker[orm.Session]


def one_by_one(count: int) -> Iterator[Figure]:
    """R1 and R2: registrations and look-ups, row by row by turns."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        stores = _opened(folder, opened)
        raw = opened.enter_context(closing(raw_file(folder)))

        def registering(row: dict[str, object]) -> tuple[Callable[[], object], ...]:
            return (
                lambda: stores.ours.register(row),
                raw_parts(row, stores.scratch, raw),
                lambda: script.register(stores.script, row),
                lambda: orm.register(stores.orm, row),
            )

        def looking_up(code: str) -> tuple[Callable[[], object], ...]:
            return (
                lambda: stores.ours.get(code),
                by_hand(code, raw),
                lambda: script.get(stores.script, code),
                lambda: orm.get(stores.orm, code),
            )

        written = medians(by_turns(map(registering, rows(count))))
        codes = (f"C{number:06}" for number in range(1, count + 1))
        read = medians(by_turns(map(looking_up, codes)))
    yield from _registering(*written)
    yield from _looking_up(*read)


def _registering(ours: float, parts: float, by_script: float, by_orm: float) -> Iterator[Figure]:
    told = f"raw parts {parts:.0f}, script {by_script:.0f}, ORM {by_orm:.0f} µs"
    yield Figure(name="R1 register a small form", value=ours, unit="µs", beside=told)
    yield Figure(
        name="R1 small form / raw parts", value=ours / parts, unit="x", at_most=1.5, aim=1.3
    )
    yield Figure(name="R1 small form / script", value=ours / by_script, unit="x")
    yield Figure(name="R1 small form / ORM", value=ours / by_orm, unit="x")


def _looking_up(ours: float, by_hand: float, by_script: float, by_orm: float) -> Iterator[Figure]:
    told = f"by hand {by_hand:.0f}, script {by_script:.0f}, ORM {by_orm:.0f} µs"
    yield Figure(name="R2 get a small form", value=ours, unit="µs", beside=told, at_most=45)
    yield Figure(name="R2 ORM / get", value=by_orm / ours, unit="x", at_least=10)


def loading(count: int) -> Iterator[Figure]:
    """B1: rows a second of CPU in one process, batch by batch by turns."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        stores = _opened(folder, opened)
        size = min(_BATCH, count)

        def batch(first: int) -> tuple[Callable[[], object], ...]:
            given = list(rows(size, first))
            return (
                lambda: stores.ours.load(given),
                lambda: script.load(stores.script, given),
                lambda: orm.load(stores.orm, given),
            )

        def in_bulk(first: int) -> float:
            given = list(rows(size, count + first))
            return spent(lambda: orm.load_in_bulk(stores.orm, given))

        firsts = range(0, count - size + 1, size)
        taken = medians(by_turns(map(batch, firsts)))
        bulk = statistics.median(map(in_bulk, firsts))
    ours, by_script, by_orm, by_bulk = (size / each * 1e6 for each in (*taken, bulk))
    told = f"script {by_script:,.0f}, ORM {by_orm:,.0f}, its bulk inserts {by_bulk:,.0f} rows/s"
    yield Figure(name="B1 load", value=ours, unit="/s", beside=told)
    yield Figure(name="B1 load / script", value=ours / by_script, unit="x", at_least=0.8, aim=1.0)
    yield Figure(name="B1 load / ORM", value=ours / by_orm, unit="x", at_least=3)
    yield Figure(name="B1 load / ORM's bulk inserts", value=ours / by_bulk, unit="x")


def with_workers(count: int, rounds: int) -> Iterator[Figure]:
    """B2: rows a second of the clock with two workers, beside one process; by turns."""
    rates: dict[int, list[float]] = {0: [], 2: []}
    for number in range(rounds):
        for workers in (0, 2) if number % 2 else (2, 0):
            rates[workers].append(_loaded(count, workers))
    alone, together = (statistics.median(each) for each in rates.values())
    told = f"{together:,.0f} rows/s beside {alone:,.0f} of one process, {count:,} rows, wall time"
    yield Figure(
        name="B2 load with two workers / one",
        value=together / alone,
        unit="x",
        beside=told,
        at_least=1.35,
        aim=1.6,
    )


def _loaded(count: int, workers: int) -> float:
    with tempfile.TemporaryDirectory() as folder, closing(new_registry(folder, "load")) as registry:
        began = time.perf_counter()
        registry.load(rows(count), workers=workers, on_row=lambda _row: None)
        return count / (time.perf_counter() - began)


def _opened(folder: str, opened: ExitStack) -> _Stores:
    sessions = orm.opened(Path(folder) / "orm.db")
    opened.callback(sessions.kw["bind"].dispose)
    return _Stores(
        opened.enter_context(new_registry(folder, "ours")),
        opened.enter_context(new_registry(folder, "scratch")),
        opened.enter_context(closing(script.opened(Path(folder) / "script.db"))),
        sessions,
    )
