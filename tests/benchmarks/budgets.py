"""Prints what the main jobs cost beside the raw parts they are made of, alternating row by row.

    python tests/benchmarks/budgets.py            about half a minute
    python tests/benchmarks/budgets.py --rows 50  a quick look

CPU time, medians. The raw parts of a registration are the validators' own calls and exactly the
statements that the registration ran, replayed on a second file with the same settings.
"""

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import attrs
import email_validator
import phonenumbers

from customer_registry import CustomerRegistry, SQLiteRepository
from customer_registry.domain.values.identifiers import cn_uscc
from customer_registry.storage.sqlite.statements import Statements
from customer_registry.storage.wire import read_customer
from customer_registry.testing import make_raw

_SETTINGS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 0",
    "PRAGMA cache_size = -65536",
)
_DOCUMENT = "SELECT document FROM customer_registry_customers WHERE code = ?"
_SPENT = (
    "import resource; spent = resource.getrusage(resource.RUSAGE_SELF); "
    "print((spent.ru_utime + spent.ru_stime) * 1000)"
)
_IMPORT = "from customer_registry import CustomerRegistry"
_FIRST = f"{_IMPORT}\nCustomerRegistry().register(kind='person', name='王芳', phone='13800138000')"


@attrs.frozen
class Figure:
    """One measured budget: a value, what it is compared with, and the limit."""

    name: str
    value: float
    unit: str
    beside: str
    limit: str

    def __str__(self) -> str:
        return f"{self.name:<34} {self.value:>9.2f} {self.unit:<3} {self.beside:<34} {self.limit}"


def main(rows: int, processes: int) -> list[Figure]:
    """Measure everything and print it."""
    figures = [*_imports(processes), *_registration(rows), *_loading(rows)]
    print(f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, {rows} rows")  # noqa: T201  a report
    for figure in figures:
        print(figure)  # noqa: T201  a report
    return figures


def _imports(processes: int) -> Iterator[Figure]:
    """I1: what a fresh process pays, over a bare interpreter."""
    bare, alone, first = (_fresh(code, processes) for code in ("", _IMPORT, _FIRST))
    beside = f"bare interpreter {bare:.0f} ms"
    yield Figure("I1 import", alone - bare, "ms", beside, "at most 60, 80 with eager names")
    yield Figure("I1 first receipt in memory", first - bare, "ms", beside, "at most 150")


def _fresh(code: str, processes: int) -> float:
    command = [sys.executable, "-c", f"{code}\n{_SPENT}"]
    spent = (
        subprocess.run(command, capture_output=True, check=True, text=True)
        for _ in range(processes)
    )
    return statistics.median(float(done.stdout) for done in spent)


def _registration(rows: int) -> Iterator[Figure]:
    """R1 and R2: a registration and a look-up on SQLite, each beside its raw parts."""
    with tempfile.TemporaryDirectory() as folder:
        scratch, subject = (_registry(folder, name) for name in ("scratch", "subject"))
        raw = _raw_file(folder)
        pairs = [_pair(make_raw(seed=seed), scratch, subject, raw) for seed in range(rows)]
        ours, theirs = _medians(pairs)
        beside = f"validators and SQL {theirs:.0f} µs"
        yield Figure("R1 register", ours, "µs", beside, "")
        yield Figure("R1 register / raw parts", ours / theirs, "x", beside, "at most 1.5, aim 1.3")
        looks = [_look(f"C{number + 1:06d}", subject, raw) for number in range(rows)]
        ours, theirs = _medians(looks)
        beside = f"row, json.loads, decoding {theirs:.0f} µs"
        yield Figure("R2 get", ours, "µs", beside, "at most 45")
        for each in (scratch, subject):
            each.close()
        raw.close()


def _registry(folder: str, name: str) -> CustomerRegistry:
    return CustomerRegistry(repository=SQLiteRepository(Path(folder) / f"{name}.db"))


def _raw_file(folder: str) -> sqlite3.Connection:
    """Return a plain connection to a file with our tables."""
    path = Path(folder) / "raw.db"
    SQLiteRepository(path).close()
    connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
    for setting in _SETTINGS:
        connection.execute(setting)
    return connection


def _pair(
    raw_customer: dict[str, object],
    scratch: CustomerRegistry,
    subject: CustomerRegistry,
    raw: sqlite3.Connection,
) -> tuple[float, float]:
    with _recorded() as statements:
        scratch.register(raw_customer)
    texts = _texts(raw_customer)
    theirs = _spent(lambda: _replay(statements, texts, raw))
    ours = _spent(lambda: subject.register(raw_customer))
    return ours, theirs


@contextmanager
def _recorded() -> Iterator[list[tuple[str, object, bool]]]:
    """Note every statement that a registration runs, with its values."""
    noted: list[tuple[str, object, bool]] = []
    run_all, change, change_many = Statements.all, Statements.change, Statements.change_many

    def all_(self: Statements, sql: str, values: object = None) -> object:
        noted.append((sql, values or {}, False))
        return run_all(self, sql, values or {})  # type: ignore[arg-type]  # passed on as it came

    def one_change(self: Statements, sql: str, values: object = None) -> object:
        noted.append((sql, values or {}, False))
        return change(self, sql, values or {})  # type: ignore[arg-type]  # passed on as it came

    def many(self: Statements, sql: str, rows: object) -> None:
        listed = list(rows)  # type: ignore[call-overload]  # any rows
        noted.append((sql, listed, True))
        change_many(self, sql, listed)

    changed = {"all": all_, "change": one_change, "change_many": many}
    with mock.patch.multiple(Statements, **changed):
        yield noted


def _texts(raw_customer: dict[str, object]) -> list[tuple[str, str]]:
    """Return the phones, e-mails and credit codes of a raw customer, each with its sort."""
    found: list[tuple[str, str]] = []

    def walk(name: str, value: object) -> None:
        if isinstance(value, dict):
            for key, part in value.items():
                walk(name if key == "number" else str(key), part)
        elif isinstance(value, list):
            for part in value:
                walk(name, part)
        elif name in {"phones", "phone", "emails", "email", "tax_identifiers"}:
            found.append((name.rstrip("s"), str(value)))

    walk("", raw_customer)
    return found


def _replay(
    statements: list[tuple[str, object, bool]],
    texts: list[tuple[str, str]],
    raw: sqlite3.Connection,
) -> None:
    for sort, typed in texts:
        if sort == "phone":
            number = phonenumbers.parse(typed.partition(" 转")[0], "CN")
            phonenumbers.is_valid_number(number)
            phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
        elif sort == "email":
            email_validator.validate_email(typed, check_deliverability=False)
        else:
            cn_uscc.canonical(typed)
    for sql, values, several in statements:
        if several:
            raw.executemany(sql, values)  # type: ignore[arg-type]  # as recorded
        else:
            raw.execute(sql, values).fetchall()  # type: ignore[arg-type]  # as recorded
    if raw.in_transaction:
        raw.execute("COMMIT")


def _look(code: str, subject: CustomerRegistry, raw: sqlite3.Connection) -> tuple[float, float]:
    def by_hand() -> None:
        (document,) = raw.execute(_DOCUMENT, (code,)).fetchone()
        json.loads(document)
        read_customer(document)

    theirs = _spent(by_hand)
    return _spent(lambda: subject.get(code)), theirs


def _loading(rows: int) -> Iterator[Figure]:
    """What 300 rows of a file take to load on SQLite, wall time."""
    with tempfile.TemporaryDirectory() as folder:
        registry = _registry(folder, "load")
        raws = [make_raw(seed=seed) for seed in range(max(rows, 300))]
        began = time.perf_counter()
        report = registry.load(raws)
        taken = time.perf_counter() - began
        registry.close()
    per_300 = taken / len(report) * 300
    yield Figure("load, 300 rows", per_300, "s", f"{len(report) / taken:.0f} rows/s", "under 3")


def _medians(pairs: list[tuple[float, float]]) -> tuple[float, float]:
    ours, theirs = zip(*pairs, strict=True)
    return statistics.median(ours), statistics.median(theirs)


def _spent(work: Callable[[], object]) -> float:
    """Return the CPU time of one call, in microseconds."""
    began = time.process_time_ns()
    work()
    return (time.process_time_ns() - began) / 1000


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1000)
    arguments.add_argument("--processes", type=int, default=11)
    asked = arguments.parse_args()
    main(asked.rows, asked.processes)
