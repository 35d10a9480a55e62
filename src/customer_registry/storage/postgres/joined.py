"""A repository that takes part in a host's transaction, on the host's own connection."""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn, cast
from uuid import UUID

import psycopg
from psycopg.pq import PipelineStatus, TransactionStatus

from customer_registry.domain.errors import (
    StorageBusy,
    StorageError,
    StorageMissing,
    StorageUnavailable,
)
from customer_registry.domain.issues import Issue, Report
from customer_registry.repository import Condition, Durability
from customer_registry.storage.postgres.condition import condition, durability
from customer_registry.storage.postgres.opening import SAID, open_store, refuse_unfit_server, said
from customer_registry.storage.postgres.statements import Spelling, Statements
from customer_registry.storage.postgres.work import Work
from customer_registry.storage.reading import ReadingUnit
from customer_registry.storage.turns import Turns
from customer_registry.storage.vault import Vault
from customer_registry.storage.waiting import Call, Waiting

if TYPE_CHECKING:
    from customer_registry.sealing.keyring import Keyring
    from customer_registry.storage.tables.statements import Row

__all__ = ["JoinedPostgresRepository"]

_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_AS_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"
_TURN = "UPDATE customer_registry_meta SET turn = turn + 1 RETURNING sealing"
_PATIENCE = "SELECT set_config('lock_timeout', :patience, true)"
_THEIR_PATIENCE = "SELECT current_setting('lock_timeout')"
_IS_WRITING = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL"
_IS_THERE = "SELECT to_regclass(:table) IS NOT NULL"
_DIGEST = "SELECT digest FROM customer_registry_journal WHERE seq = :number"


class JoinedPostgresRepository:
    """A repository whose saves are part of the transaction that the host has begun.

    Made by `PostgresRepository.joined`. The host begins and commits; each unit that writes is a
    savepoint, so that a refusal takes back what it did, numbers included, and nothing of the
    host's. Whoever registers meanwhile waits for the host's COMMIT: the first unit that writes
    takes the turn. After its COMMIT the host calls `committed`, which runs the hooks.
    """

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
        self._connection = cast("psycopg.Connection[Row]", connection)
        self._spelling = Spelling(schema)
        self._patience = busy_timeout
        self._vault = Vault(keyring)
        self._salt = salt
        self._waiting = Waiting()
        self._turns = Turns()
        self._writing = False
        self._closed = False
        self._pid = os.getpid()
        self._place = f"the host's connection, schema {schema}"
        self._refuse_broken()
        refuse_unfit_server(self._connection, self._place)
        self._open(create=create)

    @property
    def identity(self) -> UUID:
        """The UUID made together with our tables, as it stands in the database."""
        with self._reading() as statements:
            return said(statements.one(SAID), self._place).identity

    @property
    def durability(self) -> Durability:
        """What a commit of the host's survives, as its session is set now."""
        with self._reading() as statements:
            return durability(statements)

    @contextmanager
    def read(self) -> Generator[ReadingUnit, None, None]:
        """Return a context that reads what the host's transaction would, its own writes included.

        In a READ COMMITTED transaction each look shows what others committed meanwhile. Outside
        any transaction it reads one snapshot. Writing in it is a StorageUnavailable.
        """
        with self._turn(), self._reading() as statements:
            yield ReadingUnit(self._work(statements))

    @contextmanager
    def write(self) -> Generator[Work, None, None]:
        """Return a context that is a savepoint: an exception leaves nothing of it behind.

        Raises StorageBusy when others wrote for the whole of `busy_timeout`, and where this thread
        is in such a context already; RetryTransaction where the host's transaction has to be run
        again as a whole; StorageUnavailable outside a transaction of the host's.
        """
        with self._turn(), self._statements() as statements:
            if self._writing:
                raise StorageBusy("this thread is writing already; end that unit first")
            self._refuse_unfit()
            self._writing = True
            try:
                with statements.savepoint():
                    sealing = self._come(statements)
                    work = self._work(statements)
                    work.hear(sealing)
                    work.refuse_writing()
                    before, _ = work.journal.head()
                    yield work
                    end = work.journal.head()
                self._waiting.follow(end if end[0] > before else None)
            finally:
                self._writing = False

    def after_commit(self, call: Call) -> tuple[Issue, ...]:
        """Keep a call until the host says that it committed; there is nothing to tell so far."""
        return self._waiting.keep(call)

    def committed(self) -> Report:
        """Run the hooks of what was committed, and return which of them failed.

        Call it after each COMMIT. What the host rolled back instead, wholly or to a savepoint, runs
        no hooks, so that it may be called after a COMMIT that failed as well. Raises StorageError
        inside a transaction that writes; hooks then go on waiting.
        """
        with self._reading() as statements:
            if statements.all(_IS_WRITING) == [(True,)]:
                raise StorageError(f"{self._place}: the host has not committed yet; COMMIT first")
            return Report(self._waiting.called(lambda number: self._digest_at(statements, number)))

    def snapshot(self) -> NoReturn:
        """Raise StorageUnavailable: that takes a repository of its own."""
        self._refuse("a snapshot")

    def scrub(self, *, whole: bool = False) -> NoReturn:
        """Raise StorageUnavailable: that takes a repository of its own."""
        self._refuse("scrubbing all tables" if whole else "scrubbing")

    def condition(self) -> Condition:
        """Return how the store stands, as the host's session has it."""
        with self._reading() as statements:
            return condition(statements)

    def close(self) -> None:
        """Refuse further units; the connection is the host's, and what waits may still be told."""
        self._closed = True

    def _open(self, *, create: bool) -> None:
        """Find our tables, or lay them out: they come and go with the host's transaction."""
        if not create:
            with self._reading() as statements:
                if not self._is_there(statements):
                    raise StorageMissing(f"{self._place}: no store is there; create=True makes one")
                said(statements.one(SAID), self._place)
            return
        with self._statements() as statements:
            self._refuse_unfit()
            with statements.savepoint():
                open_store(statements, self._place, self._vault, create=True, migrate=False)

    def _come(self, statements: Statements) -> str | None:
        """Wait for the turn, as long as a writer waits and not as long as the host would.

        What the store says of how it is sealed comes back.
        """
        ((theirs,),) = statements.all(_THEIR_PATIENCE)
        statements.all(_PATIENCE, {"patience": str(max(1, round(self._patience * 1000)))})
        row = statements.one(_TURN)
        statements.all(_PATIENCE, {"patience": theirs})
        said(statements.one(SAID), self._place)
        return None if row is None else row[0]

    def _work(self, statements: Statements) -> "_Work":
        identity = said(statements.one(SAID), self._place).identity
        return _Work(statements, self._salt, self._vault, identity)

    @contextmanager
    def _statements(self) -> Generator[Statements, None, None]:
        """Return a context with our statements on the host's connection."""
        if self._pid != os.getpid():
            raise StorageUnavailable("joined before a fork; join a connection of the child's")
        statements = Statements(self._connection, self._spelling, self._place, joined=True)
        try:
            yield statements
        finally:
            statements.end()

    @contextmanager
    def _reading(self) -> Generator[Statements, None, None]:
        """Return a context with statements that read, in a snapshot of their own if outside."""
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

    @contextmanager
    def _turn(self) -> Generator[None, None, None]:
        """Return a context in which no other thread has a unit on this connection."""
        if self._closed:
            raise StorageUnavailable("this repository is closed; join anew")
        with self._turns.taken(self._patience) as came:
            if not came:
                raise StorageBusy("another thread kept the host's connection all the while")
            yield

    @property
    def _status(self) -> TransactionStatus:
        return self._connection.info.transaction_status

    def _refuse_unfit(self) -> None:
        """Raise StorageUnavailable where there is no transaction of the host's to write in."""
        self._refuse_broken()
        if self._connection.autocommit and self._status is TransactionStatus.IDLE:
            message = f"{self._place}: the host has to be in a transaction; BEGIN first"
            raise StorageUnavailable(message)

    def _refuse_broken(self) -> None:
        if self._connection.closed:
            raise StorageUnavailable("the host's connection is closed")
        if self._status is TransactionStatus.INERROR:
            raise StorageUnavailable("the host's transaction has failed; roll it back first")
        if self._connection.pgconn.pipeline_status != PipelineStatus.OFF:
            raise StorageUnavailable("the host's connection is in pipeline mode; leave that first")

    def _refuse(self, what: str) -> NoReturn:
        raise StorageUnavailable(f"{what} takes a repository of its own: PostgresRepository(dsn)")

    def _is_there(self, statements: Statements) -> bool:
        table = f"{self._spelling.quoted}.customer_registry_meta"
        return statements.all(_IS_THERE, {"table": table}) == [(True,)]

    def _digest_at(self, statements: Statements, number: int) -> bytes | None:
        """Return the digest of an entry; None where it, or the whole store, is not there."""
        if not self._is_there(statements):
            return None
        (digest,) = statements.one(_DIGEST, {"number": number}) or (None,)
        return None if digest is None else bytes(digest)


class _Work(Work):
    """One savepoint of the host's transaction."""

    def keep_sealing(self, said: str) -> NoReturn:
        """Raise StorageUnavailable: sealing ends with writing the tables anew."""
        del said
        message = "sealing and changing keys takes a repository of its own, PostgresRepository(dsn)"
        raise StorageUnavailable(message)
