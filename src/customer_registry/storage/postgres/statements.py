"""Statements of one unit of work: the border at which the driver is called."""

import os
import re
from collections.abc import Generator, Iterable, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from itertools import count
from typing import Any

import attrs
import psycopg
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from customer_registry.domain.errors import CommitOutcomeUnknown, StorageError, StorageUnavailable
from customer_registry.storage.postgres.dialect import POSTGRES
from customer_registry.storage.postgres.errors import FAILURES, translated, translated_commit
from customer_registry.storage.tables.statements import BATCH, Dialect, Refused, Row, Values

__all__ = ["Spelling", "Statements"]

_NO_VALUES: Values = {}
_NAMED = re.compile("(?<!:):([a-z_]+)")
_TABLE = re.compile("\\b(customer_registry_[a-z_]+)")
_PLANNED_ANEW = frozenset({POSTGRES.search, POSTGRES.places, POSTGRES.count})
"""What is asked for makes such a difference that no plan is kept for them."""

_LARGEST, _LEAST = 2**63 - 1, -(2**63)


@attrs.define(eq=False)
class Spelling:
    """How statements are written for one schema: its name before the tables, types as here."""

    schema: str
    _known: dict[str, bytes] = attrs.field(init=False, factory=dict, repr=False)

    def of(self, sql: str) -> bytes:
        """Return a statement as the driver takes it."""
        known = self._known.get(sql)
        if known is None:
            doubled = _NAMED.sub(
                r"%(\1)s", sql.replace("%", "%%").replace(" AS BLOB)", " AS bytea)")
            )
            spelt = _TABLE.sub(rf"{self.quoted}.\1", doubled)
            known = self._known[sql] = spelt.encode()
        return known

    @cached_property
    def quoted(self) -> str:
        """The name of the schema as PostgreSQL takes it literally."""
        doubled = self.schema.replace('"', '""')
        return f'"{doubled}"'


@attrs.define(eq=False, repr=False)
class Statements:
    """Runs whole statements on a connection, until its unit of work has ended.

    Every answer is read to its end at once, those of `each` apart.
    """

    _connection: psycopg.Connection[Row] | None
    _spelling: Spelling
    _place: str
    _joined: bool = attrs.field(default=False, alias="joined")
    _pid: int = attrs.field(factory=os.getpid)
    taken_back: int = attrs.field(init=False, default=0)
    """How many savepoints were taken back, after which what was read may not be so any more."""
    _cursors: "count[int]" = attrs.field(init=False, factory=count)

    @property
    def dialect(self) -> Dialect:
        """What PostgreSQL wants in words of its own."""
        return POSTGRES

    @property
    def schema(self) -> str:
        """The schema whose tables are meant."""
        return self._spelling.schema

    def all(self, sql: str, values: Values = _NO_VALUES) -> list[Row]:
        """Return all rows of an answer; none for values that no store can hold."""
        try:
            return self._executed(sql, values).fetchall()
        except Refused:
            if self._live().info.transaction_status is TransactionStatus.INERROR:
                raise
            return []  # the driver could not even spell it: no store holds that

    def each(self, sql: str, values: Values = _NO_VALUES) -> Generator[Row, None, None]:
        """Yield the rows of an answer that is too long to hold; close it, or read it to its end."""
        name = f"customer_registry_{id(self):x}_{next(self._cursors)}"
        made = psycopg.ServerCursor(self._live(), name, row_factory=tuple_row)
        with self._translating(), closing(made) as cursor:
            cursor.execute(self._spelling.of(sql), values, binary=True)
            while rows := cursor.fetchmany(BATCH):
                yield from rows

    def one(self, sql: str, values: Values = _NO_VALUES) -> Row | None:
        """Return the first row of an answer."""
        rows = self.all(sql, values)
        return rows[0] if rows else None

    def change(self, sql: str, values: Values = _NO_VALUES) -> int:
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

    @contextmanager
    def savepoint(self) -> Generator[None, None, None]:
        """Return a context whose exception takes back what was done inside it, and no more."""
        self.change("SAVEPOINT customer_registry")
        try:
            yield
        except BaseException:
            self.taken_back += 1
            if self._live().info.transaction_status is not TransactionStatus.UNKNOWN:
                self.change("ROLLBACK TO SAVEPOINT customer_registry")
                self.change("RELEASE SAVEPOINT customer_registry")
            raise
        self.change("RELEASE SAVEPOINT customer_registry")

    def commit(self) -> None:
        """Commit; raises CommitOutcomeUnknown where it may have landed in spite of an error.

        A server that was told not to wait for its standby any longer has committed, but what it
        acknowledges may not be there after a failover: it says so in a notice.
        """
        connection, told = self._live(), list[str]()
        note = told.append
        handler = _noting(note)
        connection.add_notice_handler(handler)
        try:
            done = connection.execute("COMMIT").statusmessage
        except FAILURES as error:
            raise translated_commit(error, self._place, joined=self._joined) from error
        finally:
            connection.remove_notice_handler(handler)
        if done != "COMMIT":
            raise StorageError(f"{self._place}: the transaction was rolled back; run it again")
        if told:
            raise CommitOutcomeUnknown

    def roll_back(self) -> None:
        """Take back everything that is not committed."""
        if self._live().info.transaction_status is not TransactionStatus.IDLE:
            with self._translating():
                self._live().execute("ROLLBACK")

    def end(self) -> None:
        """Refuse all further use."""
        self._connection = None

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

    def _live(self) -> psycopg.Connection[Row]:
        if self._connection is None:
            raise StorageError(f"{self._place}: this unit of work has ended")
        if self._pid != os.getpid():
            raise StorageUnavailable(f"{self._place}: this unit of work belongs to the parent")
        return self._connection


def _refuse_too_large(values: Values, place: str) -> None:
    """Raise Refused for a number that no column takes: PostgreSQL would end the transaction."""
    for value in values.values():
        if isinstance(value, int) and not _LEAST <= value <= _LARGEST:
            raise Refused(f"{place}: a number beyond 64 bits is never stored")


def _noting(note: Any) -> Any:  # noqa: ANN401  as the driver has it
    """Return a handler that notes warnings, which COMMIT gives none of in ordinary times."""

    def handler(notice: psycopg.errors.Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            note(notice.message_primary)

    return handler
