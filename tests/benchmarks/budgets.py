"""Prints what the main jobs cost beside the raw parts they are made of, alternating row by row.

    python tests/benchmarks/budgets.py            about half a minute
    python tests/benchmarks/budgets.py --rows 50  a quick look

CPU time, medians. The raw parts of a registration are the validators' own calls and exactly the
statements that the registration ran, replayed on a second file with the same settings.
"""

import argparse
import json
import os
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

import email_validator
import phonenumbers
from figures import Figure, by_turns, medians

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


def main(rows: int, processes: int) -> list[Figure]:
    """Measure everything and print it."""
    figures = [*imports(processes), *whole_forms(rows), *_loading(rows)]
    print(f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}, {rows} rows")  # noqa: T201  a report
    for figure in figures:
        print(figure)  # noqa: T201  a report
    return figures


def imports(processes: int) -> Iterator[Figure]:
    """I1: what a fresh process pays, over a bare interpreter."""
    programs = ("", _IMPORT, _FIRST)
    with tempfile.TemporaryDirectory() as compiled:
        _fresh(_FIRST, compiled)
        taken = [[_fresh(code, compiled) for code in programs] for _ in range(processes)]
    bare, alone, first = (statistics.median(each) for each in zip(*taken, strict=True))
    beside = f"bare interpreter {bare:.0f} ms"
    yield Figure(name="I1 import", value=alone - bare, unit="ms", beside=beside, at_most=60)
    yield Figure(
        name="I1 first receipt in memory",
        value=first - bare,
        unit="ms",
        beside=beside,
        at_most=150,
    )


def _fresh(code: str, compiled: str) -> float:
    """Return the CPU time of a new process, whose modules were compiled by one before it."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", f"{code}\n{_SPENT}"]
    done = subprocess.run(command, capture_output=True, check=True, text=True, env=environment)
    return float(done.stdout)


def whole_forms(rows: int) -> Iterator[Figure]:
    """R1 and R2: a registration and a look-up on SQLite, each beside its raw parts."""
    with tempfile.TemporaryDirectory() as folder:
        scratch, subject = (new_registry(folder, name) for name in ("scratch", "subject"))
        raw = raw_file(folder)
        ours, theirs = medians(
            by_turns(_pair(make_raw(seed=seed), scratch, subject, raw) for seed in range(rows))
        )
        beside = f"validators and SQL {theirs:.0f} µs"
        yield Figure(name="R1 register", value=ours, unit="µs", beside=beside)
        yield Figure(
            name="R1 register / raw parts",
            value=ours / theirs,
            unit="x",
            beside=beside,
            at_most=1.5,
            aim=1.3,
        )
        codes = (f"C{number + 1:06d}" for number in range(rows))
        ours, theirs = medians(by_turns(_look(code, subject, raw) for code in codes))
        beside = f"row, json.loads, decoding {theirs:.0f} µs"
        yield Figure(name="R2 get", value=ours, unit="µs", beside=beside, at_most=45)
        for each in (scratch, subject):
            each.close()
        raw.close()


def new_registry(folder: str, name: str) -> CustomerRegistry:
    """Return a registry on a new file of this name."""
    return CustomerRegistry(repository=SQLiteRepository(Path(folder) / f"{name}.db"))


def raw_file(folder: str) -> sqlite3.Connection:
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
) -> tuple[Callable[[], object], ...]:
    parts = raw_parts(raw_customer, scratch, raw)
    return (lambda: subject.register(raw_customer)), parts


def raw_parts(
    raw_customer: dict[str, object], scratch: CustomerRegistry, raw: sqlite3.Connection
) -> Callable[[], object]:
    """Return what makes the validators' calls and runs the statements of a registration.

    The statements are those that the registration of the same customer runs in `scratch`.
    """
    with _recorded() as statements:
        scratch.register(raw_customer)
    texts = _texts(raw_customer)
    return lambda: _replay(statements, texts, raw)


@contextmanager
def _recorded() -> Iterator[list[tuple[str, object, bool]]]:
    """Note every statement that a registration runs, with its values."""
    noted: list[tuple[str, object, bool]] = []
    run_all, change, change_many = Statements.all, Statements.change, Statements.change_many
    add = Statements.add

    def all_(self: Statements, sql: str, values: object = None) -> object:
        noted.append((sql, values or {}, False))
        return run_all(self, sql, values or {})  # type: ignore[arg-type]  # passed on as it came

    def one_change(self: Statements, sql: str, values: object = None) -> object:
        noted.append((sql, values or {}, False))
        return change(self, sql, values or {})  # type: ignore[arg-type]  # passed on as it came

    def one_more(self: Statements, sql: str, values: object) -> object:
        noted.append((sql, values, False))
        return add(self, sql, values)  # type: ignore[arg-type]  # passed on as it came

    def many(self: Statements, sql: str, rows: object) -> object:
        listed = list(rows)  # type: ignore[call-overload]  # any rows
        noted.append((sql, listed, True))
        return change_many(self, sql, listed)

    changed = {"all": all_, "change": one_change, "add": one_more, "change_many": many}
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


def _look(
    code: str, subject: CustomerRegistry, raw: sqlite3.Connection
) -> tuple[Callable[[], object], ...]:
    return (lambda: subject.get(code)), by_hand(code, raw)


def by_hand(code: str, raw: sqlite3.Connection) -> Callable[[], object]:
    """Return what selects a row, parses its document and decodes it, without a registry."""

    def looked_up() -> None:
        (document,) = raw.execute(_DOCUMENT, (code,)).fetchone()
        json.loads(document)
        read_customer(document)

    return looked_up


def _loading(rows: int) -> Iterator[Figure]:
    """What 300 rows of a file take to load on SQLite, wall time."""
    with tempfile.TemporaryDirectory() as folder:
        registry = new_registry(folder, "load")
        raws = [make_raw(seed=seed) for seed in range(max(rows, 300))]
        began = time.perf_counter()
        report = registry.load(raws)
        taken = time.perf_counter() - began
        registry.close()
    per_300 = taken / len(report) * 300
    beside = f"{len(report) / taken:.0f} rows/s"
    yield Figure(name="load, 300 rows", value=per_300, unit="s", beside=beside, at_most=3)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1000)
    arguments.add_argument("--processes", type=int, default=11)
    asked = arguments.parse_args()
    main(asked.rows, asked.processes)
