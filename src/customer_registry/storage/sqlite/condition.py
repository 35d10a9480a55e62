"""How a SQLite file stands: what SQLite promises here, what it is known to get wrong, and room."""

import os
import shutil
import sqlite3
from pathlib import Path

from customer_registry.repository import Condition
from customer_registry.storage.tables.checked import schema_and_checked
from customer_registry.storage.tables.statements import Statements

__all__ = ["condition", "flaws"]

_SYNCHRONOUS = ("off", "normal", "full", "extra")


def condition(statements: Statements, path: str) -> Condition:
    """Return how a file stands; it and its side files are never opened, which would break locks."""
    ((mode,),) = statements.all("PRAGMA journal_mode")
    ((synchronous,),) = statements.all("PRAGMA synchronous")
    schema, checked = schema_and_checked(statements)
    return Condition(
        engine=f"SQLite {sqlite3.sqlite_version}",
        flaws=flaws(sqlite3.sqlite_version_info, mode),
        journal_mode=mode,
        synchronous=_SYNCHRONOUS[synchronous],
        schema=schema,
        checked=checked,
        wal_bytes=_size(f"{path}-wal") if mode == "wal" else None,
        free_bytes=_free(path),
    )


def flaws(version: tuple[int, ...], journal_mode: str) -> tuple[str, ...]:
    """Return the known faults of a version of SQLite that a store is exposed to.

    `wal_reset`: two checkpoints at one instant may damage a write-ahead log. It is in 3.7.0 to
    3.51.2, but for 3.44.6 and 3.50.7 and what follows them in their lines; see
    https://sqlite.org/wal.html#walresetbug.

    >>> flaws((3, 40, 1), "wal"), flaws((3, 40, 1), "delete"), flaws((3, 50, 7), "wal")
    (('wal_reset',), (), ())
    """
    mended = (
        version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    )
    exposed = journal_mode == "wal" and version >= (3, 7) and not mended
    return ("wal_reset",) if exposed else ()


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size  # noqa: PTH116  by its path, never by a descriptor
    except OSError:
        return 0


def _free(path: str) -> int | None:
    try:
        return shutil.disk_usage(Path(path).parent).free
    except OSError:
        return None
