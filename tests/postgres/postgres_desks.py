"""Desks where customers are registered in PostgreSQL: the registry's, and some that are broken.

A plain desk is a table of customers, a counter and a transaction. The faults that a harness is to
find are planted there, so that its judge is seen to accuse them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import psycopg
from psycopg import sql

from customer_registry import (
    STANDARD,
    CommitOutcomeUnknown,
    CustomerRegistry,
    StorageError,
    StorageUnavailable,
    operations,
)

__all__ = ["BROKEN", "DESKS", "Desk", "Plain", "Refused", "name_of"]

WAITING = 30.0
"""Seconds that a desk waits for its turn."""


class Refused(Exception):
    """A registration that is refused when its number is drawn already."""


class Desk(Protocol):
    """Where customers are registered, from one process."""

    def register(self, seed: int, *, refused: bool = False) -> str:
        """Register the customer of a seed under the seed's key, and return his code.

        Where it is to be `refused`, raise Refused as late in the transaction as can be.
        """
        ...

    def stored(self) -> list[str]:
        """Return the codes of all customers."""
        ...

    def unsound(self) -> set[str]:
        """Return words for what does not agree within the store."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class Registered:
    """The registry over its PostgreSQL repository."""

    def __init__(self, conninfo: str, schema: str, *, waiting: float = WAITING) -> None:
        from customer_registry import PostgresRepository  # noqa: PLC0415  plain desks need none

        repository = PostgresRepository(conninfo, schema=schema, busy_timeout=waiting)
        self._refused = False
        self._registry = CustomerRegistry(repository=repository, rules=[*STANDARD, self._rule])

    def register(self, seed: int, *, refused: bool = False) -> str:
        self._refused = refused
        raw = {"kind": "person", "name": name_of(seed)}
        receipt = self._registry.register(raw, idempotency_key=f"key-{seed}")
        return str(receipt.customer.code)

    def stored(self) -> list[str]:
        with self._registry.unit("search") as unit:
            return [each.code.text for _, each in unit.customers.iterate()]

    def unsound(self) -> set[str]:
        return set() if operations.verify(self._registry).ok else {"not verified"}

    def close(self) -> None:
        self._registry.close()

    def _rule(self, name, customers):
        """A rule that asks the store, and so runs in the transaction."""
        if self._refused:
            raise Refused
        yield from ()


class Plain:
    """Customers in a table, their numbers from a counter, all in one transaction."""

    isolation = psycopg.IsolationLevel.READ_COMMITTED

    def __init__(self, conninfo: str, schema: str, *, waiting: float = WAITING) -> None:
        self._conninfo, self._schema = conninfo, schema
        self._waiting = waiting
        self._open: psycopg.Connection | None = None
        with self._answering():
            self._connection.execute(_MADE.format(schema=sql.Identifier(schema)))
            self._connection.commit()

    def register(self, seed: int, *, refused: bool = False) -> str:
        with self._answering():
            connection = self._connection
            connection.execute("SELECT 1")
            number = self._drawn(connection)
            found = connection.execute("SELECT code FROM customers WHERE key = %s", [seed])
            if earlier := found.fetchone():
                connection.rollback()
                return earlier[0]
            code = f"C{number:06}"
            self._add(connection, code, seed)
            if refused:
                connection.rollback()
                raise Refused
            connection.execute("INSERT INTO journal (code) VALUES (%s)", [code])
            self._commit(connection)
            return code

    def stored(self) -> list[str]:
        with self._answering():
            rows = self._connection.execute("SELECT code FROM customers").fetchall()
            self._connection.rollback()
        return [code for (code,) in rows]

    def unsound(self) -> set[str]:
        with self._answering():
            told = self._connection.execute("SELECT code FROM journal").fetchall()
            self._connection.rollback()
        return (
            {"not verified"} if sorted(told) != sorted((each,) for each in self.stored()) else set()
        )

    def close(self) -> None:
        if self._open is not None:
            self._open.close()

    def _drawn(self, connection: psycopg.Connection) -> int:
        drawn = connection.execute("UPDATE counter SET number = number + 1 RETURNING number")
        return drawn.fetchone()[0]

    def _add(self, connection: psycopg.Connection, code: str, seed: int) -> None:
        connection.execute("INSERT INTO customers (code, key) VALUES (%s, %s)", [code, seed])

    def _commit(self, connection: psycopg.Connection) -> None:
        try:
            connection.commit()
        except psycopg.OperationalError as error:
            raise CommitOutcomeUnknown from error

    @property
    def _connection(self) -> psycopg.Connection:
        if self._open is None or self._open.closed:
            self._open = psycopg.connect(self._conninfo)
            self._open.isolation_level = self.isolation
            self._open.execute(f"SET search_path TO {self._schema}")
            self._open.execute(f"SET lock_timeout TO '{self._waiting}s'")
            self._open.commit()
        return self._open

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Translate what the driver says, and keep no transaction of it."""
        try:
            yield
        except psycopg.Error as error:
            if self._open is not None:
                self._open.close()
            raise StorageUnavailable(str(error)) from error


class DrawnBefore(Plain):
    """Draws the number in a transaction of its own."""

    def _drawn(self, connection: psycopg.Connection) -> int:
        number = super()._drawn(connection)
        connection.commit()
        return number


class Largest(Plain):
    """Takes the largest number and one more, without anybody's turn."""

    def _drawn(self, connection: psycopg.Connection) -> int:
        largest = "SELECT coalesce(max(substr(code, 2)::int), 0) + 1 FROM customers"
        return connection.execute(largest).fetchone()[0]


class Serializable(Largest):
    """The same where PostgreSQL finds it out, and nobody tries again."""

    isolation = psycopg.IsolationLevel.SERIALIZABLE


class Half(Plain):
    """Saves statement by statement."""

    def _add(self, connection: psycopg.Connection, code: str, seed: int) -> None:
        super()._add(connection, code, seed)
        connection.commit()


class Sure(Plain):
    """Says that nothing was saved when a COMMIT had no answer."""

    def _commit(self, connection: psycopg.Connection) -> None:
        connection.commit()


class Swallowing(Plain):
    """Says that all is saved when a COMMIT had no answer."""

    def _commit(self, connection: psycopg.Connection) -> None:
        try:
            connection.commit()
        except psycopg.OperationalError:
            connection.close()


class Bare(Plain):
    """Lets through what the driver says."""

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except psycopg.Error:
            self._open.close()
            raise


DESKS: dict[str, type] = {"registry": Registered, "plain": Plain}
BROKEN: dict[str, type] = {
    "drawn-before": DrawnBefore,
    "largest": Largest,
    "serializable": Serializable,
    "half": Half,
    "sure": Sure,
    "swallowing": Swallowing,
    "bare": Bare,
}


def name_of(seed: int) -> str:
    """Return a name that no other seed has."""
    return "王" + "".join(chr(0x4E00 + seed // 4096**at % 4096) for at in range(3))


def told_of(error: BaseException) -> str:
    """Return how a refusal of the store is called; a bare one is a finding."""
    typed = isinstance(error, StorageError)
    return type(error).__name__ if typed else f"bare {type(error).__name__}"


_MADE = sql.SQL("""
CREATE SCHEMA IF NOT EXISTS {schema};
SET search_path TO {schema};
CREATE TABLE IF NOT EXISTS customers (code text, key bigint);
CREATE TABLE IF NOT EXISTS journal (code text);
CREATE TABLE IF NOT EXISTS counter (number bigint);
INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT FROM counter)
""")
