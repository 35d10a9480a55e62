"""A snapshot of a SQLite file is a copy without a name, which nothing outlives."""

import sqlite3
import stat
from pathlib import Path

import pytest

from customer_registry import CustomerRegistry, StorageCorrupt, StorageUnavailable
from customer_registry.storage.sqlite import SQLiteRepository, snapshot
from customer_registry.testing import make_raw


@pytest.fixture(params=["auto", "delete"])
def repository(request, tmp_path):
    repository = SQLiteRepository(tmp_path / "customers.db", journal=request.param)
    registry = CustomerRegistry(repository=repository)
    for seed in range(3):
        registry.register(make_raw(seed=seed))
    yield repository
    repository.close()


def test_no_file_is_there_while_a_snapshot_is_read_nor_afterwards(repository, tmp_path):
    before = set(tmp_path.iterdir())
    with repository.snapshot() as work:
        assert set(tmp_path.iterdir()) == before
        assert len(list(work.customers.iterate())) == 3
    assert set(tmp_path.iterdir()) == before


def test_no_file_is_there_after_an_exception(repository, tmp_path):
    before = set(tmp_path.iterdir())
    with pytest.raises(ZeroDivisionError), repository.snapshot():
        _ = 1 / 0
    assert set(tmp_path.iterdir()) == before


def test_the_copy_is_for_its_owner_alone(repository, monkeypatch):
    modes = []
    connect = sqlite3.connect

    def spying(path, **options):
        if "-snapshot-" in str(path):
            modes.append(stat.S_IMODE(Path(path).stat().st_mode))
        return connect(path, **options)

    monkeypatch.setattr(snapshot.sqlite3, "connect", spying)
    with repository.snapshot():
        pass
    assert modes == [0o600]


def test_two_snapshots_at_once_are_each_of_their_own_moment(repository):
    registry = CustomerRegistry(repository=repository)
    with repository.snapshot() as first:
        registry.register(make_raw(seed=9))
        with repository.snapshot() as second:
            heads = first.journal.head()[0], second.journal.head()[0]
    assert heads == (3, 4)


def test_a_file_that_is_gone_has_no_snapshot(repository, tmp_path):
    (tmp_path / "customers.db").rename(tmp_path / "elsewhere.db")
    with pytest.raises(StorageUnavailable), repository.snapshot():
        pass


def test_a_document_that_was_altered_is_no_part(repository, tmp_path):
    with sqlite3.connect(tmp_path / "customers.db") as raw:
        raw.execute("UPDATE customer_registry_customers SET document = document || ' '")
    with repository.snapshot() as work, pytest.raises(StorageCorrupt, match="place 1"):
        list(work.parts())
