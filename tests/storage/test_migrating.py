import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from customer_registry import (
    CodePattern,
    CustomerRegistry,
    SchemaTooNew,
    SchemaTooOld,
    SQLiteRepository,
    StorageError,
)
from customer_registry.operations import verify
from customer_registry.storage.sqlite import migrating

GOLDEN = Path(__file__).parents[1] / "golden"
CODES = CodePattern("KH{number:05}", mode="editable")


@pytest.fixture
def old(tmp_path):
    """A file that the first schema wrote."""
    return Path(shutil.copy(GOLDEN / "schema1.db", tmp_path / "customers.db"))


def test_a_file_of_an_earlier_version_is_refused_and_not_touched(old):
    before = old.read_bytes()
    with pytest.raises(SchemaTooOld, match="migrate=True"):
        CustomerRegistry.open(old)
    with sqlite3.connect(old) as raw:
        assert raw.execute("SELECT schema FROM customer_registry_meta").fetchone() == (1,)
    assert len(old.read_bytes()) == len(before)


def test_a_file_of_an_earlier_version_is_migrated_when_asked_and_loses_nothing(old):
    with CustomerRegistry.open(old, codes=CODES, migrate=True) as registry:
        assert len(registry.search(limit=50)) == 7
        customer = registry.get("old-7")
        assert (customer.grade, customer.version) == ("A", 2)
        assert [entry.action for entry in registry.history(customer)] == ["registered", "updated"]
        assert registry.find(phone="13800138000") == (customer,)
        assert registry.get("KH00001").status == "blocked"
        assert verify(registry).ok
        again = registry.register(
            kind="organization",
            name="浦江贸易有限公司",
            code="OLD-7",
            phone="13800138000",
            idempotency_key="k1",
        )
        assert again.replayed
        with registry.reserve_code(kind="person") as code:
            assert str(code) == "KH00007"
    with CustomerRegistry.open(old, codes=CODES) as registry:
        assert len(registry.search(limit=50)) == 7


def test_a_copy_of_what_the_file_was_is_kept_for_its_owner_alone(old):
    with CustomerRegistry.open(old, migrate=True):
        pass
    copy = old.with_name("customers.db-schema1")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as raw:
        assert raw.execute("SELECT schema FROM customer_registry_meta").fetchone() == (1,)
        assert raw.execute("SELECT count(*) FROM customer_registry_customers").fetchone() == (7,)
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_copy_that_is_there_already_is_never_overwritten(old):
    first = old.with_name("customers.db-schema1")
    first.write_text("somebody's")
    with CustomerRegistry.open(old, migrate=True):
        pass
    assert first.read_text() == "somebody's"
    assert old.with_name("customers.db-schema1-2").exists()


def test_migrating_a_file_of_today_changes_nothing_and_keeps_no_copy(tmp_path):
    path = tmp_path / "customers.db"
    for _ in range(2):
        with CustomerRegistry.open(path, migrate=True) as registry:
            registry.check(kind="person", name="王芳")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["customers.db", "customers.db-lock"]


def test_a_migration_that_fails_leaves_the_file_as_it_was(old, monkeypatch):
    monkeypatch.setattr(migrating, "_RAISE", "UPDATE nothing SET schema = :schema")
    with pytest.raises(StorageError):
        CustomerRegistry.open(old, migrate=True)
    with sqlite3.connect(old) as raw:
        assert raw.execute("SELECT schema FROM customer_registry_meta").fetchone() == (1,)
        names = {name for (name,) in raw.execute("SELECT name FROM sqlite_master")}
    assert "customer_registry_reservations" not in names


def test_without_a_copy_nothing_is_migrated(old, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrating.os, "open", full)
    with pytest.raises(StorageError, match="No space left"):
        migrating.back_up(sqlite3.connect(old), str(old), 1)


def test_a_file_of_a_later_version_is_not_taken_back(old):
    with sqlite3.connect(old) as raw:
        raw.execute("UPDATE customer_registry_meta SET schema = 99")
    with pytest.raises(SchemaTooNew):
        SQLiteRepository(old, migrate=True)
