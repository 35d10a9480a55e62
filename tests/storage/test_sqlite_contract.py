import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from customer_registry.testing import RepositoryContract, RepositoryMachine


def _repository(path):
    from customer_registry.storage.sqlite import SQLiteRepository  # noqa: PLC0415  fails the tests, not the run

    return SQLiteRepository(path)


class TestSQLiteRepository(RepositoryContract):
    @pytest.fixture
    def repository(self, tmp_path):
        return _repository(tmp_path / "customers.db")


class SQLiteMachine(RepositoryMachine):
    def make_repository(self):
        self.folder = tempfile.TemporaryDirectory()
        return _repository(Path(self.folder.name) / "customers.db")

    def teardown(self):
        super().teardown()
        self.folder.cleanup()


TestSQLiteRepositoryAgainstAModel = SQLiteMachine.TestCase
TestSQLiteRepositoryAgainstAModel.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None
)
