import tempfile
from contextlib import closing
from functools import partial
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

    @pytest.fixture
    def stored_bytes(self, tmp_path):
        return partial(_all_in, tmp_path)


def _all_in(folder):
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


class NeverScrubbed:
    """A SQLite repository that takes what it overwrites for gone."""

    def __init__(self, sound):
        self.sound = sound

    def __getattr__(self, name):
        return getattr(self.sound, name)

    def scrub(self, *, whole=False):
        pass


def test_pages_and_a_log_that_still_hold_an_erased_customer_are_told(tmp_path):
    promise = TestSQLiteRepository().test_an_erasure_leaves_no_trace_in_what_is_stored
    store = closing(_repository(tmp_path / "customers.db"))
    with store as sound, pytest.raises(AssertionError) as told:
        promise(NeverScrubbed(sound), partial(_all_in, tmp_path))
    assert "no page, log, older file, backup copy or tombstone" in str(told.value)
    assert "name in UTF-8" in str(told.value)


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
