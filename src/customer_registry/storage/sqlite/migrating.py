"""From an earlier schema to today's: when it is asked for, with a copy first, all or nothing."""

import os
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from itertools import count
from pathlib import Path

from customer_registry.domain.errors import StorageUnavailable
from customer_registry.storage.sqlite.errors import translated
from customer_registry.storage.sqlite.statements import Statements

__all__ = ["SCHEMA", "back_up", "lay_out", "schema_of"]

SCHEMA = 3
"""The number of the newest schema file."""

_FOUND = "SELECT schema FROM customer_registry_meta"
_RAISE = "UPDATE customer_registry_meta SET schema = :schema"


def schema_of(statements: Statements) -> int:
    """Return the schema that a store has; 0 for none."""
    names = statements.all("SELECT name FROM sqlite_master WHERE name = 'customer_registry_meta'")
    row = statements.one(_FOUND) if names else None
    return int(row[0]) if row else 0


def lay_out(statements: Statements, found: int) -> None:
    """Run the schema files after the one that was found, inside the running transaction."""
    for number in range(found + 1, SCHEMA + 1):
        folder = files("customer_registry.storage.sqlite")
        for statement in _statements(folder.joinpath(f"{number:03}.sql").read_text("utf-8")):
            statements.change(statement)
    if found:
        statements.change(_RAISE, {"schema": SCHEMA})


def back_up(connection: sqlite3.Connection, path: str, schema: int) -> str:
    """Copy a store to a file of its own beside it, for its owner alone, and return its path.

    The copy is on the disk before this returns. Raises the StorageError that stopped it.
    """
    target = _made(f"{path}-schema{schema}")
    try:
        copy = sqlite3.connect(target)
        try:
            connection.backup(copy)
        finally:
            copy.close()
        _sync(target)
        _sync(str(Path(target).parent))
    except sqlite3.Error as error:
        raise translated(error, target) from error
    except OSError as error:
        raise StorageUnavailable(f"{target}: {error.strerror or 'cannot be written'}") from error
    return target


def _made(wanted: str) -> str:
    """Return the path of a new, empty file that only its owner may read."""
    for attempt in count(1):
        path = wanted if attempt == 1 else f"{wanted}-{attempt}"
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            continue
        except OSError as error:
            raise StorageUnavailable(f"{path}: {error.strerror or 'cannot be made'}") from error
        return path
    raise AssertionError("counting has no end")


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
