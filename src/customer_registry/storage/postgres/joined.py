"""A repository that takes part in a host's transaction, on the host's own connection."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import psycopg
from psycopg.pq import PipelineStatus, TransactionStatus

from customer_registry.domain.errors import StorageMissing, StorageUnavailable
from customer_registry.repository import Condition, Durability
from customer_registry.storage.postgres.condition import condition, durability
from customer_registry.storage.postgres.opening import SAID, open_store, refuse_unfit_server, said
from customer_registry.storage.postgres.spelling import Spelling
from customer_registry.storage.postgres.statements import Statements
from customer_registry.storage.postgres.work import Work
from customer_registry.storage.tables.joined import JoinedRepository, JoinedWork

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring
    from customer_registry.storage.tables.statements import Row

__all__ = ["JoinedPostgresRepository"]

_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_AS_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_TURN = """
UPDATE customer_registry_meta SET turn = turn + 1 RETURNING identity, sealing, schema, grams
"""
_PATIENCE = "SELECT set_config('lock_timeout', :patience, true)"
_THEIR_PATIENCE = "SELECT current_setting('lock_timeout')"
_IS_WRITING = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL"
_IS_THERE = "SELECT to_regclass(:table) IS NOT NULL"


class JoinedPostgresRepository(JoinedRepository[Statements, Work]):
    """A repository whose saves are part of the transaction that the host has begun.

    Made by `PostgresRepository.joined`. The host begins and commits; each unit that writes is a
    savepoint, so that a refusal takes back what it did, numbers included, and nothing of the
    host's. Whoever registers meanwhile waits for the host's COMMIT: the first unit that writes
    takes the turn. After its COMMIT the host calls `committed`, which runs the hooks.

    In a READ COMMITTED transaction each look of `read` shows what others committed meanwhile. Where
    the host's transaction has to be run again as a whole, `write` raises RetryTransaction, and
    StorageBusy when others wrote for the whole of `busy_timeout`.
    """

    own = "PostgresRepository(dsn)"

    def __init__(
        self,
        connection: psycopg.Connection[Any],
        *,
        schema: str,
        busy_timeout: float,
        create: bool,
        keyring: "Keyring | None",
        salt: Callable[[int], bytes],
    ) -> None:
        super().__init__(keyring=keyring, salt=salt, patience=busy_timeout)
        self._connection = cast("psycopg.Connection[Row]", connection)
        self._spelling = Spelling(schema)
        self._refuse_broken()
        refuse_unfit_server(self._connection, self._name)
        if create:
            self._found()
        self._refuse_missing()

    @property
    def durability(self) -> Durability:
        """What a commit of the host's survives, as its session is set now."""
        with self._reading() as statements:
            return durability(statements)

    def condition(self) -> Condition:
        """Return how the store stands, as the host's session has it."""
        with self._reading() as statements:
            return condition(statements)

    @property
    def _name(self) -> str:
        return f"the host's connection, schema {self._spelling.schema}"

    def _found(self) -> None:
        """Lay out our tables where they are not there; they come and go with the transaction."""
        with self._statements() as statements:
            self._refuse_unfit(statements)
            with statements.savepoint():
                open_store(statements, self._name, self._vault, create=True, migrate=False)

    def _refuse_missing(self) -> None:
        with self._reading() as statements:
            if not self._is_there(statements):
                raise StorageMissing(f"{self._name}: no store is there; create=True makes one")
            self._identity_in(statements)

    @contextmanager
    def _statements(self) -> Generator[Statements, None, None]:
        self._refuse_child()
        statements = Statements(self._connection, self._name, self._spelling, joined=True)
        try:
            yield statements
        finally:
            statements.end()

    @contextmanager
    def _reading(self) -> Generator[Statements, None, None]:
        self._refuse_broken()
        alone = self._status is TransactionStatus.IDLE
        with self._statements() as statements:
            if alone:
                statements.run(_SNAPSHOT if self._connection.autocommit else _AS_SNAPSHOT)
            try:
                yield statements
            finally:
                if alone and self._status is not TransactionStatus.UNKNOWN:
                    statements.roll_back()

    def _refuse_unfit(self, statements: Statements) -> None:
        del statements
        self._refuse_broken()
        if self._connection.autocommit and self._status is TransactionStatus.IDLE:
            message = f"{self._name}: the host has to be in a transaction; BEGIN first"
            raise StorageUnavailable(message)

    def _refuse_broken(self) -> None:
        if self._connection.closed:
            raise StorageUnavailable("the host's connection is closed")
        if self._status is TransactionStatus.INERROR:
            raise StorageUnavailable("the host's transaction has failed; roll it back first")
        if self._connection.pgconn.pipeline_status != PipelineStatus.OFF:
            raise StorageUnavailable("the host's connection is in pipeline mode; leave that first")

    @property
    def _status(self) -> TransactionStatus:
        return self._connection.info.transaction_status

    def _is_writing(self, statements: Statements) -> bool:
        return statements.all(_IS_WRITING) == [(True,)]

    def _is_there(self, statements: Statements) -> bool:
        table = f"{self._spelling.quoted}.customer_registry_meta"
        return statements.all(_IS_THERE, {"table": table}) == [(True,)]

    def _identity_in(self, statements: Statements) -> UUID:
        return said(statements.one(SAID), self._name).identity

    def _come(self, statements: Statements) -> str | None:
        """Wait for the turn as long as a writer waits, and not as long as the host would."""
        ((theirs,),) = statements.all(_THEIR_PATIENCE)
        statements.all(_PATIENCE, {"patience": str(max(1, round(self._patience * 1000)))})
        row = statements.one(_TURN)
        statements.all(_PATIENCE, {"patience": theirs})
        return said(row, self._name).sealing

    def _work(self, statements: Statements) -> Work:
        return _Work(statements, self._salt, self._vault, self._identity_in(statements))


class _Work(JoinedWork, Work):
    """One savepoint of the host's transaction."""
