"""Fixtures that give a test a place of its own in a real PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import count

import attrs
import psycopg
import pytest
from postgres_binaries import Binaries, found
from postgres_server import Server
from psycopg import sql

__all__ = [
    "Place",
    "Servers",
    "any_postgres_database",
    "dsn",
    "emptied_postgres",
    "postgres",
    "postgres_database",
    "postgres_servers",
]


@attrs.frozen
class Place:
    """Where a store can be made: how to reach the database, and a schema that is not there yet."""

    conninfo: str
    schema: str


class Servers:
    """The servers of one session, each started when it is first asked for."""

    def __init__(self, ending: ExitStack) -> None:
        self._ending = ending
        self._servers: dict[Binaries, Server] = {}
        self._numbers = count(1)
        self._lived_in: Place | None = None

    def of(self, binaries: Binaries) -> Server:
        """Return the server of a version."""
        if binaries not in self._servers:
            self._servers[binaries] = self._ending.enter_context(Server(binaries))
        return self._servers[binaries]

    def newest(self) -> Server:
        """Return the server of the newest version; skip the test where there is none."""
        if not (known := found()):
            pytest.skip("no PostgreSQL here; the extra `test` brings one")
        return self.of(known[0])

    def new_schema(self) -> str:
        """Return a name that no other test has."""
        return f"registry_{next(self._numbers)}"

    def emptied(self) -> Place:
        """Return the one place whose store is emptied again and again, as if it were new."""
        if self._lived_in is None:
            self._lived_in = Place(self.newest().conninfo(), self.new_schema())
            _laid_out(self._lived_in)
        else:
            _empty(self._lived_in)
        return self._lived_in


@pytest.fixture(scope="session")
def postgres_servers() -> Iterator[Servers]:
    """The servers of this session, gone with it."""
    with ExitStack() as ending:
        yield Servers(ending)


@pytest.fixture
def postgres(postgres_servers: Servers) -> Iterator[Place]:
    """A schema of its own in a database that all tests share; quick."""
    place = Place(postgres_servers.newest().conninfo(), postgres_servers.new_schema())
    yield place
    with closing(psycopg.connect(place.conninfo, autocommit=True)) as connection:
        connection.execute(_dropped(place.schema))


@pytest.fixture
def emptied_postgres(postgres_servers: Servers) -> Place:
    """A store that holds nothing, for tests that ask for no more than a repository; quicker still.

    Its tables stay: to make and to drop them takes longer than most of these tests.
    """
    return postgres_servers.emptied()


@pytest.fixture
def postgres_database(postgres_servers: Servers) -> Iterator[str]:
    """A database of its own, and how to reach it; a tenth of a second."""
    with postgres_servers.newest().database() as conninfo:
        yield conninfo


@pytest.fixture
def dsn(postgres_database: str) -> str:
    """How to reach the database that a page of the documentation speaks of."""
    return postgres_database


@pytest.fixture(params=[*found(), *([] if found() else [None])], ids=str)
def any_postgres_database(request, postgres_servers: Servers) -> Iterator[str]:
    """A database of its own in each version there is, its texts in another order than bytes."""
    if request.param is None:
        pytest.skip("no PostgreSQL here; the extra `test` brings one")
    server = postgres_servers.of(request.param)
    with server.database(server.locales()[-1]) as conninfo:
        yield conninfo


def _laid_out(place: Place) -> None:
    from customer_registry import PostgresRepository  # noqa: PLC0415  fails the tests, not the run

    PostgresRepository(place.conninfo, schema=place.schema).close()


def _empty(place: Place) -> None:
    """Take all rows out of a store, whose triggers are not asked, and let it be another one."""
    with closing(psycopg.connect(place.conninfo)) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(place.schema)))
        for table in _HOLDING:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        connection.execute(_FOUNDED_ANEW)
        connection.commit()


_HOLDING = tuple(
    f"customer_registry_{each}"
    for each in "customers keys claims journal receipts reservations pending search numbers".split()
)
_FOUNDED_ANEW = """
UPDATE customer_registry_meta SET
    identity = uuid_send(gen_random_uuid()), sealing = NULL, checked = NULL, last = 0, turn = 0
"""


def _dropped(schema: str) -> sql.Composed:
    return sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema))
