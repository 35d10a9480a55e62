"""A repository in a PostgreSQL schema: reading snapshots, and one writer at a time."""

import os
import weakref
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

import psycopg

from customer_registry.domain.errors import StorageBusy, StorageError
from customer_registry.domain.issues import Issue
from customer_registry.repository import Condition, Durability
from customer_registry.storage.postgres.condition import condition, durability
from customer_registry.storage.postgres.connections import Connections
from customer_registry.storage.postgres.conninfo import Where
from customer_registry.storage.postgres.errors import FAILURES, translated
from customer_registry.storage.postgres.joined import JoinedPostgresRepository
from customer_registry.storage.postgres.opening import Said, open_store, said
from customer_registry.storage.postgres.scrubbing import scrub
from customer_registry.storage.postgres.spelling import Spelling
from customer_registry.storage.postgres.statements import Statements
from customer_registry.storage.postgres.work import Work
from customer_registry.storage.reading import ReadingUnit
from customer_registry.storage.tables.statements import Row
from customer_registry.storage.turns import Turns
from customer_registry.storage.vault import Vault

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring

__all__ = ["PostgresRepository"]

_READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1"
_WRITE = """
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SET LOCAL lock_timeout = {patience};
UPDATE customer_registry_meta SET turn = turn + 1 RETURNING identity, sealing, schema, grams
"""


class PostgresRepository:
    """A repository in one schema of a PostgreSQL database, 15 or later, shared by any number.

    `dsn` is what libpq takes, `postgresql://…` or `host=… dbname=…`; the first also with
    `?schema=…`. Of several hosts the one that takes writes is used; when it fails, units that begin
    wait up to `busy_timeout` seconds for another. Writers queue as long at the store's own row. At
    most `connections` are open at once. A server on another machine needs `sslmode=verify-full`,
    unless `allow_insecure_transport` says that the network itself is trusted.

    A schema that is not there is made, `create=False` makes none, and is a StorageMissing instead.
    One of an earlier version is refused, unless `migrate` asks for it to be brought to today's.
    With a `keyring` a new store has its sensitive fields sealed, and those of a sealed one can be
    read and written; without it they are masked. In a child after a fork, open a new one.

    Raises StorageUnavailable, StorageBusy, StorageForeign, StorageCorrupt, SchemaTooNew,
    SchemaTooOld.
    """

    def __init__(
        self,
        dsn: str,
        *,
        schema: str | None = None,
        busy_timeout: float = 30.0,
        connections: int = 10,
        create: bool = True,
        migrate: bool = False,
        keyring: "Keyring | None" = None,
        allow_insecure_transport: bool = False,
        salt: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._where = Where.read(dsn, schema, allow_insecure_transport=allow_insecure_transport)
        self._spelling = Spelling(self._where.schema)
        self._patience = busy_timeout
        self._salt = salt
        self._vault = Vault(keyring)
        self._turns = Turns()
        self._connections = Connections(self._where, busy_timeout, connections)
        self._identity, self._durability = self._opened(create=create, migrate=migrate)
        self._connections.open()
        weakref.finalize(self, self._connections.close)

    @classmethod
    def joined(
        cls,
        connection: psycopg.Connection[Any],
        *,
        schema: str = "customer_registry",
        busy_timeout: float = 30.0,
        create: bool = False,
        keyring: "Keyring | None" = None,
        salt: Callable[[int], bytes] = os.urandom,
    ) -> JoinedPostgresRepository:
        """Return a repository whose saves are part of the host's transaction on its connection.

        They commit and vanish with it; after its COMMIT the host calls `committed`. With `create`
        the tables are made in that transaction where they are not there yet. Raises
        StorageUnavailable for a connection that cannot be joined, StorageMissing where no store is
        in the schema, SchemaTooNew, SchemaTooOld.
        """
        return JoinedPostgresRepository(
            connection,
            schema=schema,
            busy_timeout=busy_timeout,
            create=create,
            keyring=keyring,
            salt=salt,
        )

    @property
    def identity(self) -> UUID:
        """The UUID made together with the store."""
        return self._identity

    @property
    def durability(self) -> Durability:
        """What an acknowledged save survives: a power cut, if the server syncs what it writes."""
        return self._durability

    @property
    def place(self) -> str:
        """The server, the database and the schema, as messages name them."""
        return self._where.place

    @contextmanager
    def read(self) -> Generator[ReadingUnit, None, None]:
        """Return a context that reads one snapshot; writing in it is a StorageUnavailable."""
        with self._reading() as statements:
            yield ReadingUnit(self._work(statements))

    def snapshot(self) -> AbstractContextManager[ReadingUnit]:
        """Return a context that reads the store as it is now, however long that takes.

        No writer waits for it. What it reads stays in the tables meanwhile, edited or not.
        """
        return self.read()

    @contextmanager
    def write(self) -> Generator[Work, None, None]:
        """Return a context that commits at its end, and leaves nothing behind on an exception.

        Raises StorageBusy when others wrote for the whole of `busy_timeout`, also when this thread
        is writing already, and CommitOutcomeUnknown.
        """
        if self._turns.is_mine:
            raise StorageBusy(f"{self.place}: this thread is writing already")
        with self._turns.taken(self._patience) as has_come:
            if not has_come:
                raise StorageBusy(f"{self.place}: others kept the store all the while; try again")
            with self._transaction() as work:
                yield work

    def condition(self) -> Condition:
        """Return how the store stands."""
        with self._reading() as statements:
            return condition(statements)

    def after_commit(self, call: Callable[[], tuple[Issue, ...]]) -> tuple[Issue, ...]:
        """Call what is to follow the last unit that was written, and return what it found."""
        return call()

    def scrub(self, *, whole: bool = False) -> None:
        """Let go of rows, and of words, that were deleted or replaced.

        PostgreSQL leaves their bytes where they were until something else is written over them;
        `whole` writes the tables anew, while nobody reads or writes them. What the server keeps of
        its write-ahead log, and what a standby or an archive has, is not touched. Raises
        StorageUnavailable for a role that does not own the tables.
        """
        connection, _ = self._connections.begun(_idle)
        try:
            scrub(connection, self._spelling, self.place, whole=whole)
        except FAILURES as error:
            raise translated(error, self.place) from error
        finally:
            self._connections.give_back(connection)

    def close(self) -> None:
        """Let go of all connections; closing twice is no fault."""
        self._connections.close()

    def _opened(self, *, create: bool, migrate: bool) -> tuple[UUID, Durability]:
        connection = self._connections.first()
        try:
            with connection, connection.transaction():
                statements = Statements(connection, self.place, self._spelling)
                identity = open_store(
                    statements, self.place, self._vault, create=create, migrate=migrate
                )
                return identity, durability(statements)
        except FAILURES as error:
            raise translated(error, self.place) from error

    def _work(self, statements: Statements) -> Work:
        return Work(statements, self._salt, self._vault, self._identity)

    @contextmanager
    def _reading(self) -> Generator[Statements, None, None]:
        connection, _ = self._connections.begun(_begin_reading)
        statements = Statements(connection, self.place, self._spelling)
        try:
            yield statements
        finally:
            self._end(connection, statements)

    @contextmanager
    def _transaction(self) -> Generator[Work, None, None]:
        connection, now = self._connections.begun(self._begin_writing)
        statements = Statements(connection, self.place, self._spelling)
        try:
            work = self._work(statements)
            work.hear(now.sealing)
            work.refuse_writing()
            yield work
            statements.commit()
            self._identity = work.adopted or self._identity
        finally:
            self._end(connection, statements)

    def _begin_writing(self, connection: psycopg.Connection[Row]) -> Said:
        """Begin, and wait for the turn; the row says how the store stands by then."""
        sql = _WRITE.format(patience=max(1, round(self._patience * 1000)))
        cursor = connection.execute(self._spelling.of(sql))
        while cursor.nextset():
            pass
        return said(cursor.fetchone(), self.place)

    def _end(self, connection: psycopg.Connection[Row], statements: Statements) -> None:
        """Roll back what is not committed; a connection that cannot do that has ended."""
        try:
            statements.roll_back()
        except StorageError:
            connection.close()
        finally:
            statements.end()
            self._connections.give_back(connection)


def _begin_reading(connection: psycopg.Connection[Row]) -> None:
    """Begin, and take the snapshot at once."""
    connection.execute(_READ)


def _idle(connection: psycopg.Connection[Row]) -> None:
    """Ask for nothing but a sign of life."""
    connection.execute("SELECT 1")
