"""Those who use a store at once, and those who are killed, find what the ports promise."""

from functools import partial

import pytest

from customer_registry import InMemoryRepository, PostgresRepository, SQLiteRepository
from customer_registry.testing import RepositoryKills, RepositoryRaces


class TestInMemoryRepositoryRaces(RepositoryRaces):
    shared = False

    @pytest.fixture
    def open_store(self):
        return InMemoryRepository


class TestSQLiteRepositoryRaces(RepositoryRaces):
    @pytest.fixture
    def open_store(self, tmp_path):
        return partial(SQLiteRepository, tmp_path / "customers.db")


class TestSQLiteRepositoryKills(RepositoryKills):
    kills = 2

    @pytest.fixture
    def open_store(self, tmp_path):
        return partial(SQLiteRepository, tmp_path / "customers.db")


class TestPostgresRepositoryRaces(RepositoryRaces):
    @pytest.fixture
    def open_store(self, postgres):
        return partial(PostgresRepository, postgres.conninfo, schema=postgres.schema)


class TestPostgresRepositoryKills(RepositoryKills):
    kills = 2

    @pytest.fixture
    def open_store(self, postgres):
        return partial(PostgresRepository, postgres.conninfo, schema=postgres.schema)
