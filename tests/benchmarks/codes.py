"""Prints what a code costs inside a registration, and how fast four processes draw numbers.

    python tests/benchmarks/codes.py            about a minute
    python tests/benchmarks/codes.py --rows 50  a quick look

On SQLite, row by row by turns, medians. What a code costs is CPU time, beside a registration whose
policy hands out codes made beforehand. The processes are timed by the clock, in rounds by turns.
"""

import argparse
import multiprocessing
import os
import platform
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import attrs

from customer_registry import CodePattern, CustomerRegistry, SQLiteRepository
from customer_registry.domain.codes.policy import (
    CodeContext,
    CodeMode,
    CodePolicy,
    Guarantee,
    NumberRanges,
)
from customer_registry.domain.values.code import CustomerCode
from customer_registry.testing import make_raw

TEMPLATE = "KH{number:06}{check:damm}"
CONTEXT = CodeContext({"kind": "organization"}, date(2026, 11, 24))
PROCESSES = 4
RACED: dict[str, CodePolicy] = {
    "gapless": CodePattern(TEMPLATE),
    "unique, blocks of 1": CodePattern(TEMPLATE, guarantee=Guarantee.UNIQUE, block=1),
    "unique, blocks of 50": CodePattern(TEMPLATE, guarantee=Guarantee.UNIQUE, block=50),
}


class Ready:
    """A policy that costs next to nothing: its codes were made beforehand."""

    guarantee = Guarantee.UNIQUE
    mode = CodeMode.AUTOMATIC
    pattern = TEMPLATE

    def __init__(self, codes: Iterator[CustomerCode]) -> None:
        self._codes = codes

    def assign(self, _context: CodeContext, _numbers: NumberRanges) -> CustomerCode:
        """Return the next of the codes."""
        return next(self._codes)

    def accepts(self, _code: CustomerCode) -> bool:
        """Return True: nobody types a code."""
        return True


@attrs.frozen
class Drawn:
    """How four processes fared in one round."""

    rate: float
    longest: float
    spent: float


def main(rows: int, rounds: int) -> None:
    """Measure everything and print it."""
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.release()}"
    versions = f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    print(f"{versions}, {machine}, {rows} rows, {rounds} rounds")  # noqa: T201  a report
    for line in (*_costs(rows), *_races(rows, rounds)):
        print(line)  # noqa: T201  a report


def _costs(rows: int) -> Iterator[str]:
    """Yield what registering costs with codes of three origins, and the share of the pattern."""
    pattern, codes = CodePattern(TEMPLATE), _codes(rows)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            _registry(folder / "drawn.db", pattern) as drawn,
            _registry(folder / "typed.db", CodePattern(TEMPLATE, mode=CodeMode.EDITABLE)) as typed,
            _registry(folder / "ready.db", Ready(iter(codes))) as ready,
        ):
            turns = [
                _turn(
                    seed,
                    drawn.register,
                    lambda raw, code=str(code): typed.register(raw, code=code),
                    ready.register,
                )
                for seed, code in enumerate(codes)
            ]
            assigned = [_assigned(drawn, pattern) for _ in range(rows)]
            found = [_found(drawn) for _ in range(rows)]
    ours, by_people, beforehand = (statistics.median(each) for each in zip(*turns, strict=True))
    cost = statistics.median(ours - beforehand for ours, _, beforehand in turns)
    yield _line("register, code of the pattern", ours)
    yield _line("register, code typed", by_people)
    yield _line("register, code made beforehand", beforehand)
    yield _line("the pattern's assign alone", statistics.median(assigned))
    yield _line("the next code that is free, alone", statistics.median(found))
    yield _line("a code of the pattern", cost, f"{cost / ours:.1%} of a registration, aim 5 %")


def _turn(seed: int, *ways: Callable[[dict[str, object]], object]) -> list[float]:
    """Return what each way costs for one raw customer; another one begins every time."""
    spent = [0.0] * len(ways)
    for step in range(len(ways)):
        at = (seed + step) % len(ways)
        raw = make_raw(seed=seed)
        spent[at] = _spent(lambda: ways[at](raw))  # noqa: B023  called at once
    return spent


def _assigned(registry: CustomerRegistry, pattern: CodePattern) -> float:
    with registry.unit("register", writing=True) as work:
        return _spent(lambda: pattern.assign(CONTEXT, work.numbers))


def _found(registry: CustomerRegistry) -> float:
    office = registry._office
    with registry.unit("register", writing=True) as work:
        now = office.clock()
        return _spent(lambda: office.coding.next({}, work, office.today(now), now))


def _spent(job: Callable[[], object]) -> float:
    """Return the CPU time of one call, in microseconds."""
    began = time.thread_time_ns()
    job()
    return (time.thread_time_ns() - began) / 1000


def _races(rows: int, rounds: int) -> Iterator[str]:
    """Yield how many registrations a second four processes make, and how long one waits."""
    drawn: dict[str, list[Drawn]] = {name: [] for name in RACED}
    for turn in range(rounds):
        for name in (*list(RACED)[turn % len(RACED) :], *list(RACED)[: turn % len(RACED)]):
            drawn[name].append(_race(name, max(rows // PROCESSES, 1)))
    for name, each in drawn.items():
        rate, longest, spent = (
            statistics.median(getattr(one, field.name) for one in each)
            for field in attrs.fields(Drawn)
        )
        beside = f"longest wait {longest * 1000:.0f} ms, {spent:.0f} µs CPU each"
        yield f"{f'{PROCESSES} processes, {name}':<36}{rate:>9.0f} /s  {beside}"


def _race(name: str, rows: int) -> Drawn:
    """Let the processes register persons on one new file; they begin together."""
    context = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "race.db"
        SQLiteRepository(path).close()
        start, told = context.Barrier(PROCESSES), context.Queue()
        racers = [
            context.Process(target=racer, args=(name, path, rows, start, told))
            for _ in range(PROCESSES)
        ]
        for each in racers:
            each.start()
        began, ended, longest, spent = zip(*(told.get() for _ in racers), strict=True)
        for each in racers:
            each.join()
    saved = rows * PROCESSES
    return Drawn(saved / (max(ended) - min(began)), max(longest), sum(spent) / saved * 1e6)


def racer(name: str, path: Path, rows: int, start: Any, told: Any) -> None:
    """Register persons, and tell when it began and ended, the longest wait and the CPU time."""
    with _registry(path, RACED[name]) as registry:
        people = [{"kind": "person", "name": f"王{chr(0x4E00 + at)}"} for at in range(rows)]
        registry.check(people[0])
        start.wait(60)
        began, spent, longest = time.monotonic(), time.process_time(), 0.0
        for raw in people:
            asked = time.monotonic()
            registry.register(raw)
            longest = max(longest, time.monotonic() - asked)
        told.put((began, time.monotonic(), longest, time.process_time() - spent))


def _codes(rows: int) -> list[CustomerCode]:
    pattern = CodePattern(TEMPLATE)
    return [pattern.preview(CONTEXT, number) for number in range(1, rows + 1)]


@contextmanager
def _registry(path: Path, codes: CodePolicy) -> Iterator[CustomerRegistry]:
    with closing(CustomerRegistry(repository=SQLiteRepository(path), codes=codes)) as registry:
        yield registry


def _line(name: str, spent: float, beside: str = "") -> str:
    return f"{name:<36}{spent:>9.1f} µs  {beside}".rstrip()


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("--rows", type=int, default=1000)
    arguments.add_argument("--rounds", type=int, default=5)
    asked = arguments.parse_args()
    main(asked.rows, asked.rounds)
