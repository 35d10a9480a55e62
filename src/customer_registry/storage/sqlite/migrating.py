"""From an earlier schema to today's: when it is asked for, with a copy first, all or nothing."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from importlib.resources import files
from itertools import count
from pathlib import Path

from customer_registry.storage import grams
from customer_registry.storage.sqlite.errors import translated, untold
from customer_registry.storage.sqlite.statements import Statements
from customer_registry.storage.tables.reindexing import reindex

__all__ = ["SCHEMA", "back_up", "lay_out"]

SCHEMA = 5
"""The number of the newest schema file."""

_RAISE = "UPDATE customer_registry_meta SET schema = :schema, grams = :grams"


def lay_out(statements: Statements, found: int) -> None:
    """Run the schema files after the one that was found, inside the running transaction.

    What an earlier version wrote is indexed afresh: its keys and tokens may be fewer than today's.
    """
    for number in range(found + 1, SCHEMA + 1):
        folder = files("customer_registry.storage.sqlite")
        for statement in _statements(folder.joinpath(f"{number:03}.sql").read_text("utf-8")):
            statements.change(statement)
    if found:
        reindex(statements)
        statements.change(_RAISE, {"schema": SCHEMA, "grams": grams.VERSION})


def back_up(connection: sqlite3.Connection, path: str, schema: int) -> str:
    """Copy a store to a file of its own beside it, for its owner alone, and return its path.

    The copy is whole and on the disk before it has its name, and before this returns; only under
    the writers' lock. Raises the StorageError that stopped it.
    """
    target = _unused(f"{path}-schema{schema}")
    unfinished = f"{path}-schema{schema}-unfinished"
    try:
        _copy(connection, unfinished)
        _sync(unfinished)
        os.rename(unfinished, target)  # noqa: PTH104  what it is called
        _sync(str(Path(target).parent))
    except sqlite3.Error as error:
        raise translated(error, unfinished) from error
    except OSError as error:
        raise untold(error, unfinished) from error
    finally:
        with suppress(OSError):
            _remove(unfinished)
    return target


def _copy(connection: sqlite3.Connection, unfinished: str) -> None:
    """Copy into a new file that only its owner may read; one left by a killed process goes."""
    _remove(unfinished)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    copy = sqlite3.connect(unfinished)
    try:
        connection.backup(copy)
    finally:
        copy.close()


def _remove(unfinished: str) -> None:
    """Remove a copy and its journal, without which the next one of that name would be damaged."""
    for path in (f"{unfinished}-journal", unfinished):
        if os.path.exists(path):  # noqa: PTH110  what it is called
            os.unlink(path)  # noqa: PTH108  as above


def _unused(wanted: str) -> str:
    """Return a path at which nothing stands."""
    paths = (wanted if attempt == 1 else f"{wanted}-{attempt}" for attempt in count(1))
    return next(path for path in paths if not os.path.lexists(path))


def _sync(path: str) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _statements(script: str) -> Iterator[str]:
    """Yield the statements of a script, one by one: `executescript` would commit before it."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
