"""Prints what a PostgreSQL of ten thousand, or a million, customers takes and costs.

    python tests/benchmarks/postgres.py                    10,000 and 100,000: some four minutes
    python tests/benchmarks/postgres.py 1000000            needs some 10 GB on the disk
    python tests/benchmarks/postgres.py --slow 50 10000    explains statements that took 50 ms

The customers and the questions are those of `million.py`, so both tables stand side by side. They
are written by COPY, as the store itself would write them; the index of the words is made at the
end. Then eight processes register at once in a new store beside, with codes without gaps. The
server is started for it, with fsync on and the settings that are printed; calls go through its unix
socket. Times are those of whole calls, wall and this process's CPU, in milliseconds.
"""

import argparse
import sys
import time
import zlib
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import psycopg
from million import POLICY, calls_of, customers, row

from customer_registry import Customer, CustomerRegistry, PostgresRepository
from customer_registry.storage.postgres.dialect import lexemes
from customer_registry.storage.record import owned, recorded

_HERE = str(Path(__file__).parents[1] / "postgres")
if _HERE not in sys.path:
    sys.path.append(_HERE)

from postgres_binaries import found  # noqa: E402  servers are at home there
from postgres_crowd import crowded  # noqa: E402
from postgres_server import SAFE, Server  # noqa: E402

__all__ = ["fill"]

SETTINGS = {"shared_buffers": "1GB", "maintenance_work_mem": "512MB", "max_wal_size": "4GB"}
SCHEMA = "measured"

_BATCH = 5_000
_COPIES = {
    "customers": "(place, id, code, version, document, checksum)",
    "claims": "(field, text, place)",
    "keys": "(field, text, place)",
    "search": "(place, tokens)",
}
_WITHOUT_WORDS = f"DROP INDEX {SCHEMA}.customer_registry_search_of"
_WITH_WORDS = f"""
CREATE INDEX customer_registry_search_of
ON {SCHEMA}.customer_registry_search USING gin (tokens)
"""
_SIZES = f"""
SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
WHERE relnamespace = '{SCHEMA}'::regnamespace AND relkind = 'r' AND pg_table_size(oid) > 100000
ORDER BY pg_total_relation_size(oid) DESC
"""  # noqa: S608  a constant


def fill(conninfo: str, count: int, workers: int) -> str:
    """Copy invented customers into a new store, as it would write them; tell how long that took.

    Nothing is written to its journal.
    """
    PostgresRepository(conninfo, schema=SCHEMA).close()
    began = time.perf_counter()
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(_WITHOUT_WORDS)
        with ProcessPoolExecutor(workers) as pool:
            copying = sum(pool.map(partial(_copied, conninfo, count), range(0, count, _BATCH)))
        copied = time.perf_counter()
        connection.execute(f"UPDATE {SCHEMA}.customer_registry_meta SET last = {count}")  # noqa: S608  a number
        connection.execute(_WITH_WORDS)
        connection.execute("VACUUM ANALYZE")
    indexing = time.perf_counter() - copied
    return (
        f"filled in {copied - began:.0f} s by {workers} processes, which invented customers and "
        f"spent {copying:.0f} s in COPY together; index of the words and ANALYZE {indexing:.0f} s"
    )


def main(counts: list[int], *, version: int, workers: int, slow: int | None) -> None:
    """Measure stores of several sizes and print a table of each."""
    explained = _explaining(slow) if slow is not None else {}
    for count in counts:
        with Server(found()[version], {**SAFE, **SETTINGS, **explained}) as server:
            print(f"\n{server.binaries}, {SETTINGS}")  # noqa: T201  a report
            print(f"{count:,} customers: {fill(server.conninfo(), count, workers)}", flush=True)  # noqa: T201
            print(_sizes(server), flush=True)  # noqa: T201  a report
            _ask(server, count)
            print(crowded("registry", server.conninfo(), "crowded", seconds=10))  # noqa: T201
            if slow is not None:
                print(server.log.read_text())  # noqa: T201  a report


def _ask(server: Server, count: int) -> None:
    repository = PostgresRepository(server.conninfo(), schema=SCHEMA)
    with CustomerRegistry(repository=repository, policy=POLICY) as registry:
        for name, calls in calls_of(registry, count).items():
            print(row(name, calls), flush=True)  # noqa: T201  a report


def _copied(conninfo: str, count: int, first: int) -> float:
    """Copy a batch of customers, the first of whom has this number; return the seconds of COPY."""
    part = range(first, min(first + _BATCH, count))
    tables = _rows(first + 1, list(customers(count, part=part)))
    began = time.perf_counter()
    with psycopg.connect(conninfo) as connection:
        _copy(connection, tables)
    return time.perf_counter() - began


def _rows(first: int, batch: list[Customer]) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of each table for some customers."""
    together = list(enumerate(((each, recorded(each)) for each in batch), first))
    return {
        "customers": [
            (
                place,
                each.id.bytes,
                each.code.text,
                each.version,
                kept.document,
                zlib.crc32(kept.document),
            )
            for place, (each, kept) in together
        ],
        "claims": [
            (key.field, key.text, place) for place, (each, _) in together for key in owned(each, ())
        ],
        "keys": [
            (key.field, key.text, place) for place, (_, kept) in together for key in kept.keys
        ],
        "search": [(place, lexemes(kept.tokens)) for place, (_, kept) in together],
    }


def _copy(connection: psycopg.Connection, tables: dict[str, list[tuple[object, ...]]]) -> None:
    for name, rows in tables.items():
        table = f"{SCHEMA}.customer_registry_{name} {_COPIES[name]}"
        with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
            for each in rows:
                copy.write_row(each)


def _sizes(server: Server) -> str:
    with psycopg.connect(server.conninfo()) as connection:
        sizes = connection.execute(_SIZES).fetchall()
    whole = sum(table + indexes for _, table, indexes in sizes)
    each = ", ".join(
        f"{name.removeprefix('customer_registry_')} {_mib(table)} + {_mib(indexes)}"
        for name, table, indexes in sizes
    )
    return f"{_mib(whole)} MiB (tables + their indexes: {each})"


def _mib(size: int) -> str:
    return f"{size / 2**20:,.0f}"


def _explaining(slow: int) -> dict[str, str]:
    """Return settings by which the server's log explains what takes so many milliseconds."""
    return {
        "session_preload_libraries": "auto_explain",
        "auto_explain.log_min_duration": str(slow),
        "auto_explain.log_analyze": "on",
        "auto_explain.log_buffers": "on",
    }


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    arguments.add_argument("counts", type=int, nargs="*", default=[10_000, 100_000])
    arguments.add_argument("--version", type=int, default=0, help="0 for the newest that is here")
    arguments.add_argument("--workers", type=int, default=2, help="processes that fill the store")
    arguments.add_argument("--slow", type=int, help="milliseconds of a statement to be explained")
    chosen = arguments.parse_args()
    main(chosen.counts, version=chosen.version, workers=chosen.workers, slow=chosen.slow)
