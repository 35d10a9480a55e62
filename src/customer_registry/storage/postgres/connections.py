"""The connections of one repository: set up alike, taken from a pool, tried anew when they end."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from customer_registry.domain.errors import StorageBusy, StorageUnavailable
from customer_registry.storage.postgres.conninfo import Where
from customer_registry.storage.postgres.errors import FAILURES, is_lost, translated
from customer_registry.storage.postgres.opening import refuse_unfit_server
from customer_registry.storage.tables.statements import Row

__all__ = ["Connections"]

_Begun = TypeVar("_Begun")

_PAUSE = 0.05
"""Seconds between two tries to reach a server."""

# Nothing is found by way of a path: functions come from pg_catalog, tables are named in full. A
# role or a database may have asked for less than a customer's acknowledgement is worth. To compile
# a search takes ten times as long as the search; and every question has an index, which the planner
# would now and then leave for a walk through all words, because it takes rare ones for common.
_SET_UP = """
SELECT
    set_config('search_path', '', false),
    set_config('TimeZone', 'UTC', false),
    set_config('jit', 'off', false),
    set_config('enable_seqscan', 'off', false),
    set_config('synchronous_commit', CASE current_setting('synchronous_commit')
        WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false)
"""


class Connections:
    """A pool for one store; a child after a fork never touches what it inherited."""

    def __init__(self, where: Where, patience: float, most: int) -> None:
        self._where = where
        self._patience = patience
        self._pid = os.getpid()
        self._pool: ConnectionPool[psycopg.Connection[Row]] | None = None
        self._most = most
        self._closed = False

    def first(self) -> psycopg.Connection[Row]:
        """Return a connection of its own, which tells at once what is wrong; to be closed."""
        try:
            connection = psycopg.connect(self._where.conninfo)
        except FAILURES as error:
            raise translated(error, self._where.place) from error
        try:
            _set_up(connection)
            refuse_unfit_server(connection, self._where.place)
        except BaseException as error:
            connection.close()
            if isinstance(error, FAILURES):
                raise translated(error, self._where.place) from error
            raise
        return connection

    def open(self) -> None:
        """Let connections be taken."""
        self._pool = ConnectionPool(
            self._where.conninfo,
            configure=_set_up,
            min_size=0,
            max_size=self._most,
            open=True,
            name="customer_registry",
        )

    def begun(
        self, begin: Callable[[psycopg.Connection[Row]], _Begun]
    ) -> tuple[psycopg.Connection[Row], _Begun]:
        """Return a connection on which `begin` has succeeded, and what that returned.

        One that has ended meanwhile, or leads to a standby, is given up for another, for as long
        as a writer waits. Raises StorageBusy, StorageUnavailable.
        """
        deadline = time.monotonic() + self._patience
        while True:
            connection = self._taken(deadline)
            try:
                return connection, begin(connection)
            except FAILURES as error:
                self._give_up(connection)
                if not is_lost(error) or time.monotonic() + _PAUSE >= deadline:
                    raise translated(error, self._where.place) from error
                time.sleep(_PAUSE)
            except BaseException:
                self._give_up(connection)
                raise

    def give_back(self, connection: psycopg.Connection[Row]) -> None:
        """Take a connection for the next unit; one that ended, or is not idle, is closed."""
        if self._pid == os.getpid() and self._pool is not None:
            self._pool.putconn(connection)

    def close(self) -> None:
        """Close all but those in use, which are closed when their units end."""
        self._closed = True
        if self._pid == os.getpid() and self._pool is not None:
            self._pool.close()

    def refuse_unusable(self) -> ConnectionPool[psycopg.Connection[Row]]:
        """Return the pool; raises StorageUnavailable after `close`, and after a fork."""
        if self._pid != os.getpid():
            message = f"{self._where.place}: opened before a fork; open it anew in the child"
            raise StorageUnavailable(message)
        if self._closed or self._pool is None:
            raise self._ended()
        return self._pool

    def _taken(self, deadline: float) -> psycopg.Connection[Row]:
        pool = self.refuse_unusable()
        try:
            return pool.getconn(max(0.001, deadline - time.monotonic()))
        except PoolClosed as error:
            raise self._ended() from error
        except PoolTimeout as error:
            raise self._out_of_reach() from error

    def _ended(self) -> StorageUnavailable:
        return StorageUnavailable(f"{self._where.place}: this repository is closed; open a new one")

    def _out_of_reach(self) -> StorageBusy | StorageUnavailable:
        """Return why no connection came: the server is not there, or all of ours are in use."""
        try:
            psycopg.connect(self._where.conninfo, connect_timeout=2).close()
        except FAILURES:
            message = f"{self._where.place}: the server cannot be reached, or went away"
            return StorageUnavailable(message)
        return StorageBusy(f"{self._where.place}: all {self._most} connections are in use")

    def _give_up(self, connection: psycopg.Connection[Row]) -> None:
        with suppress(*FAILURES):
            connection.close()
        self.give_back(connection)


def _set_up(connection: psycopg.Connection[Row]) -> None:
    connection.autocommit = True
    connection.execute(_SET_UP)
