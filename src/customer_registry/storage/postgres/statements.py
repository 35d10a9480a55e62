"""Statements of one unit of work: the border at which the driver is called."""

from collections.abc import Generator, Iterable, Sequence
from contextlib import closing, contextmanager
from itertools import count

import attrs
import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from customer_registry.domain.errors import CommitOutcomeUnknown, StorageError
from customer_registry.storage.postgres.dialect import POSTGRES
from customer_registry.storage.postgres.errors import FAILURES, translated, translated_commit
from customer_registry.storage.postgres.notices import warnings_of
from customer_registry.storage.postgres.spelling import Spelling
from customer_registry.storage.tables.lent import LentStatements
from customer_registry.storage.tables.statements import (
    BATCH,
    LARGEST,
    NO_VALUES,
    Dialect,
    Refused,
    Row,
    Values,
)

__all__ = ["Statements"]

_PLANNED_ANEW = frozenset({POSTGRES.search, POSTGRES.places, POSTGRES.count})
"""What is asked for makes such a difference that no plan is kept for them."""

_LEAST = -LARGEST - 1


@attrs.define(eq=False, repr=False)
class Statements(LentStatements[psycopg.Connection[Row]]):
    """Runs whole statements on a connection, until its unit of work has ended.

    Every answer is read to its end at once, those of `each` apart.
    """

    _spelling: Spelling
    _joined: bool = attrs.field(default=False, kw_only=True, alias="joined")
    _cursors: "count[int]" = attrs.field(init=False, factory=count)

    @property
    def dialect(self) -> Dialect:
        """What PostgreSQL wants in words of its own."""
        return POSTGRES

    @property
    def schema(self) -> str:
        """The schema whose tables are meant."""
        return self._spelling.schema

    def all(self, sql: str, values: Values = NO_VALUES) -> list[Row]:
        """Return all rows of an answer; none for values that no store can hold."""
        try:
            return self._executed(sql, values).fetchall()
        except Refused:
            if self._live().info.transaction_status is TransactionStatus.INERROR:
                raise
            return []  # the driver could not even spell it: no store holds that

    def each(self, sql: str, values: Values = NO_VALUES) -> Generator[Row, None, None]:
        """Yield the rows of an answer that is too long to hold; close it, or read it to its end."""
        name = f"customer_registry_{id(self):x}_{next(self._cursors)}"
        made = psycopg.ServerCursor(self._live(), name, row_factory=tuple_row)
        with self._translating(), closing(made) as cursor:
            cursor.execute(self._spelling.of(sql), values, binary=True)
            while rows := cursor.fetchmany(BATCH):
                yield from rows

    def change(self, sql: str, values: Values = NO_VALUES) -> int:
        """Run a statement that writes; return how many rows it changed."""
        return self._executed(sql, values).rowcount

    def change_many(self, sql: str, rows: Iterable[Values]) -> int:
        """Run a statement that writes, once for each row; return how many rows it changed."""
        each = list(rows)
        for values in each:
            _refuse_too_large(values, self._place)
        if len(each) == 1:
            return self.change(sql, each[0])
        with self._translating(), self._cursor() as cursor:
            if each:
                cursor.executemany(self._spelling.of(sql), each)
            return max(0, cursor.rowcount)

    def add(self, sql: str, values: Values) -> int | None:
        """Run a statement that inserts a row; return its number, None where it was there."""
        row = self._executed(sql, values).fetchone()
        return None if row is None else int(row[0])

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Insert many rows that nothing stands in the way of: with COPY."""
        sql = self._spelling.of(f"COPY {table} ({', '.join(columns)}) FROM STDIN")
        with self._translating(), self._cursor() as cursor, cursor.copy(sql) as copy:
            for row in rows:
                copy.write_row(row)

    def run(self, script: str) -> None:
        """Run a script of several statements as it stands."""
        with self._translating():
            self._cursor().execute(script.encode())

    def commit(self) -> None:
        """Commit; raises CommitOutcomeUnknown where it may have landed in spite of an error.

        A server that was told not to wait for its standby any longer has committed, but what it
        acknowledges may not be there after a failover: it says so in a notice.
        """
        connection = self._live()
        with warnings_of(connection) as told:
            try:
                done = connection.execute("COMMIT").statusmessage
            except FAILURES as error:
                raise translated_commit(error, self._place, joined=self._joined) from error
        if done != "COMMIT":
            raise StorageError(f"{self._place}: the transaction was rolled back; run it again")
        if told:
            raise CommitOutcomeUnknown

    def roll_back(self) -> None:
        """Take back everything that is not committed."""
        if self._live().info.transaction_status is not TransactionStatus.IDLE:
            with self._translating():
                self._live().execute("ROLLBACK")

    def _executed(self, sql: str, values: Values) -> psycopg.Cursor[Row]:
        _refuse_too_large(values, self._place)
        prepare = False if sql in _PLANNED_ANEW else None
        with self._translating():
            return self._cursor().execute(
                self._spelling.of(sql), values, prepare=prepare, binary=True
            )

    @contextmanager
    def _translating(self) -> Generator[None, None, None]:
        try:
            yield
        except FAILURES as error:
            raise translated(error, self._place, joined=self._joined) from error

    def _cursor(self) -> psycopg.Cursor[Row]:
        """Return a cursor of our own: a host's connection may make others."""
        return psycopg.Cursor(self._live(), row_factory=tuple_row)

    def _can_take_back(self) -> bool:
        return self._live().info.transaction_status is not TransactionStatus.UNKNOWN


def _refuse_too_large(values: Values, place: str) -> None:
    """Raise Refused for a number that no column takes: PostgreSQL would end the transaction."""
    for value in values.values():
        if isinstance(value, int) and not _LEAST <= value <= LARGEST:
            raise Refused(f"{place}: a number beyond 64 bits is never stored")
