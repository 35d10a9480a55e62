"""A host's own connection, as our statements use it: whatever the host has set it to."""

import sqlite3
from collections.abc import Iterable
from typing import Any

import attrs

__all__ = ["HostConnection", "is_writing"]


@attrs.frozen(eq=False, repr=False)
class HostConnection:
    """Runs our statements on a host's connection; rows are tuples and texts are texts to us."""

    _connection: sqlite3.Connection

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._connection.in_transaction

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:  # noqa: ANN401  as sqlite3 has it
        """Return a cursor of our own that has run a statement."""
        return self._cursor().execute(sql, values)

    def executemany(self, sql: str, rows: Iterable[Any]) -> sqlite3.Cursor:
        """Return a cursor of our own that has run a statement for each row."""
        return self._cursor().executemany(sql, rows)

    def _cursor(self) -> sqlite3.Cursor:
        cursor = self._connection.cursor(_Cursor)
        cursor.row_factory = None
        return cursor


class _Cursor(sqlite3.Cursor):
    """Reads texts as `str`: sqlite3 asks the connection what a text becomes, row by row."""

    def execute(self, sql: str, values: Any = (), /) -> "_Cursor":  # noqa: ANN401  as above
        theirs = self._as_texts()
        try:
            super().execute(sql, values)
        finally:
            self.connection.text_factory = theirs
        return self

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        theirs = self._as_texts()
        try:
            return super().fetchmany(size)
        finally:
            self.connection.text_factory = theirs

    def fetchall(self) -> list[Any]:
        theirs = self._as_texts()
        try:
            return super().fetchall()
        finally:
            self.connection.text_factory = theirs

    def _as_texts(self) -> Any:  # noqa: ANN401  whatever the host has there
        theirs = self.connection.text_factory
        self.connection.text_factory = str
        return theirs


class _Told(Exception):
    """What SQLite answered is known."""


def is_writing(connection: sqlite3.Connection) -> bool:
    """Return whether the transaction of a connection has the write lock of its database.

    Python has no name for `sqlite3_txn_state`. But of a database that its own connection writes to,
    no page can be copied: SQLite says that it is busy. Nothing is waited for, nothing is changed.
    """
    answers: list[int] = []

    def told(status: int, remaining: int, total: int) -> None:
        del remaining, total
        answers.append(status)
        raise _Told

    copy = sqlite3.connect(":memory:")
    try:
        connection.backup(copy, pages=1, progress=told)
    except _Told:
        return answers[0] in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    finally:
        copy.close()
    return False
