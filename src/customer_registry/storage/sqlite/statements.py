"""Statements of one unit of work: the border at which the driver is called."""

import sqlite3
from collections.abc import Generator, Iterable, Sequence

import attrs

from customer_registry.domain.errors import StorageError
from customer_registry.storage.sqlite.dialect import SQLITE
from customer_registry.storage.sqlite.errors import FAILURES, translated, translated_commit
from customer_registry.storage.tables.lent import LentStatements
from customer_registry.storage.tables.statements import BATCH, NO_VALUES, Dialect, Row, Values

__all__ = ["Statements"]


@attrs.define(eq=False, repr=False)
class Statements(LentStatements[sqlite3.Connection]):
    """Runs whole statements on a connection, until its unit of work has ended.

    Every answer is read to its end at once, those of `each` apart: an open cursor would pin the
    snapshot.
    """

    @property
    def dialect(self) -> Dialect:
        """What SQLite wants in words of its own."""
        return SQLITE

    def all(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Return all rows of an answer."""
        try:
            return self._live().execute(sql, values).fetchall()
        except UnicodeEncodeError:
            return []  # what UTF-8 cannot spell is a lone surrogate, which no store holds
        except FAILURES as error:
            raise translated(error, self._place) from error

    def each(self, sql: str, values: Values = NO_VALUES) -> Generator[Row, None, None]:
        """Yield the rows of an answer that is too long to hold; close it, or read it to its end."""
        cursor = None
        try:
            cursor = self._live().execute(sql, values)
            while rows := cursor.fetchmany(BATCH):
                yield from rows
        except FAILURES as error:
            raise translated(error, self._place) from error
        finally:
            if cursor is not None:
                cursor.close()

    def change(self, sql: str, values: Values = NO_VALUES) -> int:
        """Run a statement that writes; return how many rows it changed."""
        return self._changed(sql, values).rowcount

    def change_many(self, sql: str, rows: Iterable[Values]) -> int:
        """Run a statement that writes, once for each row; return how many rows it changed."""
        try:
            return self._writing().executemany(sql, rows).rowcount
        except FAILURES as error:
            raise translated(error, self._place) from error

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
            raise translated(error, self._place) from error

    def commit(self) -> None:
        """Commit; raises CommitOutcomeUnknown where it may have landed in spite of an error."""
        connection = self._writing()
        try:
            connection.execute("COMMIT")
        except FAILURES as error:
            raise translated_commit(error, self._place) from error

    def roll_back(self) -> None:
        """Take back everything that is not committed."""
        if self._live().in_transaction:
            self.all("ROLLBACK")

    def _changed(self, sql: str, values: Values) -> sqlite3.Cursor:
        try:
            return self._writing().execute(sql, values)
        except FAILURES as error:
            raise translated(error, self._place) from error

    def _can_take_back(self) -> bool:
        return self._live().in_transaction

    def _writing(self) -> sqlite3.Connection:
        """Return the connection; SQLite itself may have rolled back after an earlier error."""
        connection = self._live()
        if not connection.in_transaction:
            raise StorageError(f"{self._place}: the transaction was rolled back; run it again")
        return connection
