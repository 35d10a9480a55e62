"""Statements of one unit of work: the border at which the driver is called."""

import os
import sqlite3
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager

import attrs

from customer_registry.domain.errors import StorageError, StorageUnavailable
from customer_registry.storage.sqlite.dialect import SQLITE
from customer_registry.storage.sqlite.errors import FAILURES, translated, translated_commit
from customer_registry.storage.tables.statements import BATCH, Dialect, Row, Values

__all__ = ["Statements"]

_NO_VALUES: Values = {}


@attrs.define(eq=False, repr=False)
class Statements:
    """Runs whole statements on a connection, until its unit of work has ended.

    Every answer is read to its end at once, those of `each` apart: an open cursor would pin the
    snapshot.
    """

    _connection: sqlite3.Connection | None
    _path: str
    _pid: int = attrs.field(factory=os.getpid)
    taken_back: int = attrs.field(init=False, default=0)
    """How many savepoints were taken back, after which what was read may not be so any more."""

    @property
    def dialect(self) -> Dialect:
        """What SQLite wants in words of its own."""
        return SQLITE

    def all(self, sql: str, values: Values = _NO_VALUES) -> list[Row]:
        """Return all rows of an answer."""
        try:
            return self._live().execute(sql, values).fetchall()
        except UnicodeEncodeError:
            return []  # what UTF-8 cannot spell is a lone surrogate, which no store holds
        except FAILURES as error:
            raise translated(error, self._path) from error

    def each(self, sql: str, values: Values = _NO_VALUES) -> Generator[Row, None, None]:
        """Yield the rows of an answer that is too long to hold; close it, or read it to its end."""
        cursor = None
        try:
            cursor = self._live().execute(sql, values)
            while rows := cursor.fetchmany(BATCH):
                yield from rows
        except FAILURES as error:
            raise translated(error, self._path) from error
        finally:
            if cursor is not None:
                cursor.close()

    def one(self, sql: str, values: Values = _NO_VALUES) -> Row | None:
        """Return the first row of an answer."""
        rows = self.all(sql, values)
        return rows[0] if rows else None

    def change(self, sql: str, values: Values = _NO_VALUES) -> int:
        """Run a statement that writes; return how many rows it changed."""
        return self._changed(sql, values).rowcount

    def change_many(self, sql: str, rows: Iterable[Values]) -> int:
        """Run a statement that writes, once for each row; return how many rows it changed."""
        try:
            return self._writing().executemany(sql, rows).rowcount
        except FAILURES as error:
            raise translated(error, self._path) from error

    def add(self, sql: str, values: Values) -> int | None:
        """Run a statement that inserts a row; return its number, None where it was there."""
        cursor = self._changed(sql, values)
        return cursor.lastrowid if cursor.rowcount else None

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Insert many rows that nothing stands in the way of."""
        marks = ", ".join("?" * len(columns))
        sql = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608  our own names
        try:
            self._writing().executemany(sql, rows)
        except FAILURES as error:
            raise translated(error, self._path) from error

    @contextmanager
    def savepoint(self) -> Generator[None, None, None]:
        """Return a context whose exception takes back what was done inside it, and no more."""
        self.change("SAVEPOINT customer_registry")
        try:
            yield
        except BaseException:
            self.taken_back += 1
            if self._live().in_transaction:
                self.change("ROLLBACK TO customer_registry")
                self.change("RELEASE customer_registry")
            raise
        self.change("RELEASE customer_registry")

    def commit(self) -> None:
        """Commit; raises CommitOutcomeUnknown where it may have landed in spite of an error."""
        connection = self._writing()
        try:
            connection.execute("COMMIT")
        except FAILURES as error:
            raise translated_commit(error, self._path) from error

    def roll_back(self) -> None:
        """Take back everything that is not committed."""
        if self._live().in_transaction:
            self.all("ROLLBACK")

    def end(self) -> None:
        """Refuse all further use."""
        self._connection = None

    def _changed(self, sql: str, values: Values) -> sqlite3.Cursor:
        try:
            return self._writing().execute(sql, values)
        except FAILURES as error:
            raise translated(error, self._path) from error

    def _live(self) -> sqlite3.Connection:
        if self._connection is None:
            raise StorageError(f"{self._path}: this unit of work has ended")
        if self._pid != os.getpid():
            raise StorageUnavailable(f"{self._path}: this unit of work belongs to the parent")
        return self._connection

    def _writing(self) -> sqlite3.Connection:
        """Return the connection; SQLite itself may have rolled back after an earlier error."""
        connection = self._live()
        if not connection.in_transaction:
            raise StorageError(f"{self._path}: the transaction was rolled back; run it again")
        return connection
