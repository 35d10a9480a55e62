"""Prints every performance budget beside what a user would pick instead, in one run.

    python tests/benchmarks/everything.py                  about an hour, 5 GB on the disk
    python tests/benchmarks/everything.py --only R1 B1     some of them
    python tests/benchmarks/everything.py --brief          a tenth of everything: some minutes
    python tests/benchmarks/everything.py --quick          half a minute; its figures mean nothing
    python tests/benchmarks/everything.py --keep /big      leaves the big files there, or finds them
    python tests/benchmarks/everything.py --into docs/explanation/performance.md

The peers are the raw parts that a job is made of, a script on sqlite3 (peers/script.py), and
pydantic before SQLAlchemy's ORM (peers/orm.py): pip install 'customer-registry[bench]'. Whatever is
compared runs by turns; CPU time and medians, unless the line says wall time or a percentile. With
`--into` the table also replaces what stands between the two marks in that page.
"""

import argparse
import importlib.util
import os
import platform
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path

import attrs
from budgets import imports, whole_forms
from contention import steady_readers, waiting_writers
from figures import Figure
from in_memory import growing as growing_in_memory
from sizes import growing

from customer_registry import MissingExtra

__all__ = ["main"]

_SHOWN = "attrs cattrs phonenumbers email-validator SQLAlchemy pydantic".split()
_HEAD = "| | measured | budget | | beside it in the same run |\n|---|---:|---|---|---|"
_MARKS = ("<!-- measured: begin -->\n", "<!-- measured: end -->\n")

_Measure = Callable[[], Iterator[Figure]]


@attrs.frozen(kw_only=True)
class Extent:
    """How much is measured: rows one by one, loaded, and loaded by workers; seconds and sizes."""

    rows: int
    loaded: int
    by_workers: int
    rounds: int
    processes: int
    seconds: float
    sizes: tuple[int, ...]
    in_memory: tuple[int, ...]


_FULL = Extent(
    rows=1000,
    loaded=10_000,
    by_workers=20_000,
    rounds=3,
    processes=15,
    seconds=20,
    sizes=(10_000, 100_000, 1_000_000),
    in_memory=(1_000, 10_000, 100_000),
)
_BRIEF = Extent(
    rows=200,
    loaded=2_000,
    by_workers=2_000,
    rounds=3,
    processes=7,
    seconds=5,
    sizes=(1_000, 10_000),
    in_memory=(1_000, 10_000),
)
_QUICK = Extent(
    rows=20,
    loaded=100,
    by_workers=100,
    rounds=1,
    processes=1,
    seconds=0.5,
    sizes=(100, 300),
    in_memory=(10, 100),
)


def main(arguments: list[str] | None = None) -> None:
    """Measure what is asked for and print it, line by line."""
    asked = _asked(arguments)
    told = _surroundings()
    print(told)  # noqa: T201  a report
    extent = attrs.evolve(
        _QUICK if asked.quick else _BRIEF if asked.brief else _FULL, **_given(asked)
    )
    figures = []
    for name, measure in _budgets(extent, asked.keep).items():
        if not asked.only or any(one.startswith(name) for one in asked.only):
            for figure in measure():
                figures.append(figure)
                print(figure, flush=True)  # noqa: T201  a report
    if asked.into:
        _replace(asked.into, "\n".join([told, "", _HEAD, *(each.row() for each in figures)]))


def _budgets(extent: Extent, keep: Path | None) -> dict[str, _Measure]:
    """Return what measures each budget, R1 and R2 as R, S1 and S2 as S."""
    for peer in ("sqlalchemy", "pydantic"):
        if importlib.util.find_spec(peer) is None:
            raise MissingExtra("bench")
    from against_peers import loading, one_by_one, with_workers  # noqa: PLC0415  an extra

    return {
        "R": lambda: chain(one_by_one(extent.rows), map(_whole, whole_forms(extent.rows))),
        "B1": lambda: loading(extent.loaded),
        "B2": lambda: with_workers(extent.by_workers, extent.rounds),
        "I1": lambda: imports(extent.processes),
        "M1": lambda: growing_in_memory(extent.in_memory, extent.rows),
        "C1": lambda: waiting_writers(extent.seconds),
        "W1": lambda: steady_readers(extent.seconds),
        "S": lambda: growing(extent.sizes, extent.rounds, keep),
    }


def _whole(figure: Figure) -> Figure:
    return attrs.evolve(figure, name=f"{figure.name}, whole form")


def _surroundings() -> str:
    """Say when, on what machine and with which versions this is measured."""
    versions = ", ".join(f"{name} {version(name)}" for name in _SHOWN)
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores {_processor()}, "
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}, {versions}."
    )


def _processor() -> str:
    """Return the processor's name as Linux gives it, else what sort it is."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return named[0] if named else platform.machine()


def _replace(page: Path, table: str) -> None:
    text = page.read_text("utf-8")
    begin, end = _MARKS
    before, rest = text.split(begin)
    page.write_text(f"{before}{begin}\n{table}\n\n{end}{rest.split(end)[1]}", "utf-8")


def _given(asked: argparse.Namespace) -> dict[str, object]:
    """Return what was asked for otherwise than usual."""
    given = {"rows": asked.rows, "sizes": tuple(asked.sizes or ())}
    return {name: value for name, value in given.items() if value}


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--brief", action="store_true", help="a tenth of everything")
    parser.add_argument("--quick", action="store_true", help="only to see that it runs")
    parser.add_argument("--only", nargs="+", metavar="BUDGET", help="R1 R2 B1 B2 I1 M1 C1 W1 S1 S2")
    parser.add_argument("--rows", type=int, help="registered one by one")
    parser.add_argument("--sizes", type=int, nargs="+", help="of the files that are searched")
    parser.add_argument("--keep", type=Path, help="the folder of those files")
    parser.add_argument("--into", type=Path, help="a page with the two marks")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
