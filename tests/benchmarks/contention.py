"""Several processes on one file, and steady readers beside a writer."""

import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import count
from pathlib import Path

from budgets import new_registry
from figures import Figure
from rows import rows

from customer_registry import CustomerRegistry

__all__ = ["steady_readers", "waiting_writers"]

_FAULTS = Path(__file__).parents[1] / "faults"
_READERS = 3
_MIB = 2**20


def waiting_writers(seconds: float) -> Iterator[Figure]:
    """C1: four processes registering at once, beside one of the same run; wall time."""
    if str(_FAULTS) not in sys.path:
        sys.path.append(str(_FAULTS))
    from waiting import BUDGET, measured  # noqa: PLC0415  the race is at home among the faults

    found = []
    with tempfile.TemporaryDirectory() as folder:
        for processes in (4, 1):
            path = Path(folder) / f"{processes}.db"
            lived = measured(
                str(processes),
                path,
                processes=processes,
                threads=1,
                seconds=seconds,
                is_locked=True,
            )
            found.append(lived)
    many, alone = found
    told = f"{many.rate:,.0f} /s beside {alone.rate:,.0f} /s of one"
    yield Figure(
        name="C1 four processes / one",
        value=many.rate / alone.rate,
        unit="x",
        beside=told,
        at_least=BUDGET.throughput,
    )
    longest = many.waits[-1] * 1000
    late = f"99.9 % at most {many.waits[int(len(many.waits) * 0.999)] * 1000:.0f} ms"
    most = BUDGET.longest * 1000
    yield Figure(name="C1 longest wait", value=longest, unit="ms", beside=late, at_most=most)
    yield Figure(
        name="C1 fastest process / slowest",
        value=many.unevenness,
        unit="x",
        at_most=BUDGET.unevenness,
    )
    yield Figure(name="C1 errors", value=len(many.errors), unit="", at_most=0)


def steady_readers(seconds: float) -> Iterator[Figure]:
    """W1: the largest WAL while a writer loads and readers hold their snapshots for a second."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
        registry = opened.enter_context(closing(new_registry(folder, "wal")))
        done = threading.Event()
        readers = [
            threading.Thread(target=_reader, args=(registry, done, at / _READERS))
            for at in range(_READERS)
        ]
        for reader in readers:
            reader.start()
        largest, written = _written(registry, Path(folder) / "wal.db-wal", seconds)
        done.set()
        for reader in readers:
            reader.join()
    told = f"{written:,} rows loaded in {seconds:g} s beside {_READERS} readers"
    yield Figure(name="W1 largest WAL", value=largest / _MIB, unit="MiB", beside=told, at_most=64)


def _reader(registry: CustomerRegistry, done: threading.Event, late: float) -> None:
    time.sleep(late)
    while not done.is_set():
        with registry.unit("search") as work:
            work.numbers.ranges()
            time.sleep(1)


def _written(registry: CustomerRegistry, wal: Path, seconds: float) -> tuple[int, int]:
    """Load for some seconds; returns the largest size of the WAL, and how many rows."""
    largest, size = 0, 200
    end = time.monotonic() + seconds
    for batch in count():
        registry.load(rows(size, batch * size))
        largest = max(largest, wal.stat().st_size)
        if time.monotonic() > end:
            return largest, (batch + 1) * size
    raise AssertionError
