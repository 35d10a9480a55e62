"""Prints how fast a journal is followed, with a key and without, and how much of it is held.

    python tests/benchmarks/journal.py                  100,000 entries, about a minute
    python tests/benchmarks/journal.py --entries 20000  a quick look

CPU time, the best of three. "chain" reads the entries and holds each against the one before it;
"followed" is what `verify` does with the journal: it also takes the last version and document of
each customer from it. Half of the entries are whole new customers, half are small edits.
"""

import argparse
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from customer_registry import Change, CustomerRegistry, JournalEntry, Keyring, SQLiteRepository
from customer_registry.domain.journal import GENESIS
from customer_registry.operations.following import Following
from customer_registry.repository import UnitOfWork
from customer_registry.testing import make_raw

AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
BATCH = 5000


def main(entries: int) -> None:
    """Measure both and print it."""
    for name, keyring in (("plain", None), ("keyed", Keyring.generate())):
        with tempfile.TemporaryDirectory() as folder:
            repository = SQLiteRepository(Path(folder) / "customers.db", keyring=keyring)
            fill(repository, entries)
            with repository.read() as work:
                size = sum(len(link.body or b"") for link in work.journal.links()) / entries
                figures = [_fastest(chain, work), _fastest(follow, work)]
                held = _held(work)
            repository.close()
        chained, followed = (f"{entries / each:,.0f}" for each in figures)
        print(  # noqa: T201  a report
            f"{name}: {entries:,} entries of {size:.0f} bytes, chain {chained}/s, "
            f"followed {followed}/s, at most {held / 2**20:.1f} MiB held"
        )


def fill(repository: SQLiteRepository, entries: int) -> None:
    """Write a journal about a hundred customers."""
    registry = CustomerRegistry(repository=repository)
    registry.load([make_raw(seed=seed) for seed in range(100)])
    with repository.read() as work:
        told = work.journal.since(0, 100)
    acts = _acts(told, entries - len(told))
    left = True
    while left:
        with repository.write() as work:
            left = sum(1 for _, act in zip(range(BATCH), acts, strict=False) if _kept(work, act))


def chain(work: UnitOfWork) -> None:
    """Hold every entry against the one before it."""
    previous = GENESIS
    for link in work.journal.links():
        if not work.journal.holds(link, previous):
            sys.exit(f"entry {link.number} does not hold")
        previous = link.digest


def follow(work: UnitOfWork) -> None:
    """Follow the journal as `verify` does."""
    Following(work, lambda found: sys.exit(str(found))).follow(lambda *_: None)


def _acts(told: tuple[JournalEntry, ...], many: int) -> Iterator[JournalEntry]:
    small = (Change("grade", "A", "B"), Change("notes", None, "客户来电"))
    for at in range(many):
        of = told[at % len(told)]
        yield JournalEntry(
            at=AT,
            actor="han.meimei",
            action="updated" if at % 2 else "registered",
            customer_id=UUID(int=of.number),
            version=at // len(told) + 1,
            changes=small if at % 2 else of.changes,
        )


def _kept(work: UnitOfWork, act: JournalEntry) -> bool:
    return work.journal.append(act).number > 0


def _fastest(job: Callable[[UnitOfWork], None], work: UnitOfWork) -> float:
    return min(_spent(job, work) for _ in range(3))


def _spent(job: Callable[[UnitOfWork], None], work: UnitOfWork) -> float:
    started = time.process_time()
    job(work)
    return time.process_time() - started


def _held(work: UnitOfWork) -> int:
    tracemalloc.start()
    follow(work)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=100_000)
    main(parser.parse_args().entries)
