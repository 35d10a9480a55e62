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


def _dropped(schema: str) -> sql.Composed:
    return sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema))
