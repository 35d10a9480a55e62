"""Every promise of a repository holds where its sensitive fields are sealed."""

import pytest
from hypothesis import settings

from customer_registry import InMemoryRepository, Keyring, SQLiteRepository
from customer_registry.testing import RepositoryContract, RepositoryMachine


class TestSealedSQLiteRepository(RepositoryContract):
    @pytest.fixture
    def repository(self, tmp_path):
        store = SQLiteRepository(tmp_path / "customers.db", keyring=Keyring.generate())
        yield store
        store.close()

    @pytest.fixture
    def stored_bytes(self, tmp_path):
        return lambda: b"\n".join(each.read_bytes() for each in tmp_path.iterdir())


class TestSealedInMemoryRepository(RepositoryContract):
    @pytest.fixture
    def repository(self):
        return InMemoryRepository(keyring=Keyring.generate())


class SealedMachine(RepositoryMachine):
    def make_repository(self):
        return InMemoryRepository(keyring=Keyring.generate())


TestSealedRepositoryAgainstAModel = SealedMachine.TestCase
TestSealedRepositoryAgainstAModel.settings = settings(
    max_examples=10, stateful_step_count=20, deadline=None
)
