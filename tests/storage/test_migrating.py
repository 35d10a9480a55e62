import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from customer_registry import (
    CodePattern,
    CustomerRegistry,
    Keyring,
    Masked,
    SchemaTooNew,
    SchemaTooOld,
    SQLiteRepository,
    StorageCorrupt,
    StorageError,
    StorageFull,
)
from customer_registry.operations import approve, pending, verify
from customer_registry.repository import Key, keys_of
from customer_registry.storage.grams import VERSION
from customer_registry.storage.memory import InMemoryRepository
from customer_registry.storage.sqlite import migrating
from customer_registry.testing import make_raw

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
    assert old.read_bytes() == before


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


def test_what_a_killed_migration_left_unfinished_is_gone_after_the_next(old):
    unfinished = old.with_name("customers.db-schema1-unfinished")
    unfinished.write_text("half a copy")
    unfinished.with_name(f"{unfinished.name}-journal").write_text("half a journal")
    with CustomerRegistry.open(old, migrate=True):
        pass
    assert not list(old.parent.glob("*unfinished*"))
    with sqlite3.connect(old.with_name("customers.db-schema1")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)


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
    with pytest.raises(StorageFull):
        migrating.back_up(sqlite3.connect(old), str(old), 1)


def test_a_file_of_a_later_version_is_not_taken_back(old):
    with sqlite3.connect(old) as raw:
        raw.execute("UPDATE customer_registry_meta SET schema = 99")
    with pytest.raises(SchemaTooNew):
        SQLiteRepository(old, migrate=True)


@pytest.mark.parametrize("damage", ["schema = -1", "schema = 'x'", "identity = 'abcdefghijklmnop'"])
def test_of_a_store_that_does_not_say_what_it_is_no_copy_is_made(old, damage):
    with sqlite3.connect(old) as raw:
        raw.execute(f"UPDATE customer_registry_meta SET {damage}")  # noqa: S608  our own words
    before = old.read_bytes()
    with pytest.raises(StorageCorrupt):
        SQLiteRepository(old, migrate=True)
    assert old.read_bytes() == before
    assert not list(old.parent.glob("*-schema*"))


@pytest.mark.parametrize("name", ["schema1.db", "schema2.db"])
def test_a_migrated_file_is_searched_like_a_new_one(tmp_path, name):
    path = Path(shutil.copy(GOLDEN / name, tmp_path / "customers.db"))
    with CustomerRegistry.open(path, codes=CODES, migrate=True) as registry:
        customers = list(registry.search(limit=50))
        fresh = InMemoryRepository()
        with fresh.write() as work:
            for customer in reversed(customers):
                work.customers.add(customer)
        anew = CustomerRegistry(repository=fresh)
        for customer in customers:
            for asked in (
                {"text": str(customer.name)},
                {"text": str(customer.name)[:2]},
                {"text": str(customer.code)},
                {"text": customer.phones[0].number[-6:] if customer.phones else ""},
                {"sales_region": customer.sales_region},
                {"created_from": customer.created_at, "created_until": customer.created_at},
            ):
                expected = anew.search(**asked, limit=50)
                assert list(registry.search(**asked, limit=50)) == list(expected)
                assert customer in expected
        assert verify(registry).ok
        for customer in customers:
            for key in keys_of(customer):
                with registry.unit("find") as work:
                    assert customer in work.customers.holding(key)
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT grams FROM customer_registry_meta").fetchone() == (VERSION,)


def test_names_that_sound_alike_are_found_in_a_migrated_file(old):
    """Files of the first schema may lack these keys until a customer is renamed."""
    with sqlite3.connect(old) as raw:
        raw.execute("DELETE FROM customer_registry_keys WHERE field = 'organization_sound'")
    with CustomerRegistry.open(old, migrate=True) as registry, registry.unit("find") as work:
        organizations = [each for each in registry.search() if each.kind == "organization"]
        assert len(organizations) > 3
        for each in organizations:
            assert each in work.customers.holding(Key.of_sound(each.name, each.kind))


def test_earlier_search_tokens_alone_are_a_reason_to_migrate(tmp_path):
    path = tmp_path / "customers.db"
    with CustomerRegistry.open(path) as registry:
        registry.register(kind="organization", name="浦江贸易有限公司")
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE customer_registry_meta SET grams = 1")
        raw.execute(
            "INSERT INTO customer_registry_search (customer_registry_search) VALUES ('delete-all')"
        )
    with pytest.raises(SchemaTooOld):
        CustomerRegistry.open(path)
    with CustomerRegistry.open(path, migrate=True) as registry:
        assert len(registry.search("浦江")) == 1
    assert path.with_name("customers.db-schema5").exists()


def test_a_document_that_cannot_be_read_stops_the_migration_and_nothing_is_changed(old):
    with sqlite3.connect(old) as raw:
        raw.execute("UPDATE customer_registry_customers SET document = 'x' WHERE place = 3")
    with pytest.raises(StorageCorrupt):
        CustomerRegistry.open(old, migrate=True)
    with sqlite3.connect(old) as raw:
        meta = raw.execute("SELECT schema, grams FROM customer_registry_meta").fetchone()
        assert meta == (1, 1)


def test_a_migrated_document_that_is_altered_later_is_told(old):
    CustomerRegistry.open(old, codes=CODES, migrate=True).close()
    with sqlite3.connect(old) as raw:
        raw.execute(
            "UPDATE customer_registry_customers SET document = document || ' ' WHERE place = 3"
        )
    raw.close()
    with CustomerRegistry.open(old, codes=CODES) as registry:
        (found,) = verify(registry).disagreements
    assert (found.code, found.where) == ("customer.altered", "KH00003")


@pytest.mark.parametrize("name", ["schema2.db", "schema3.db", "schema4.db", "schema5.db"])
def test_a_golden_store_reads_as_it_was_written(tmp_path, name):
    path = Path(shutil.copy(GOLDEN / name, tmp_path / "customers.db"))
    with CustomerRegistry.open(path, codes=CODES, migrate=True) as registry:
        assert verify(registry).ok
        assert registry.get("OLD-7").raw()["tags"] == ["重点"]
        actors = [entry.actor for entry in registry.history("OLD-7")]
        assert actors[:2] == ["system", "han.meimei"]
        assert [str(each.code) for each in registry.search("小王")] == ["OLD-7"]
        assert len(registry.search("", kind="organization").customers) == 5
        assert registry.register(make_raw(seed=1), idempotency_key="full-1").replayed
        (bakery,) = registry.find(email="post@grün.example.com")
        assert bakery.name.text == "Bäckerei Grün GmbH"


@pytest.fixture(params=["schema4", "schema4-sealed", "schema5", "schema5-sealed"])
def kept(request, tmp_path):
    """A registry over a copy of a golden store that knows of custody, and one that is sealed."""
    path = Path(shutil.copy(GOLDEN / f"{request.param}.db", tmp_path / "customers.db"))
    keys = GOLDEN / f"{request.param}.json"
    keyring = Keyring.from_provider(keys.read_text) if keys.exists() else None
    with CustomerRegistry.open(path, codes=CODES, keyring=keyring, migrate=True) as registry:
        yield registry


def test_a_golden_store_tells_what_the_law_asked_for(kept):
    assert verify(kept).ok
    held = kept.get("HELD-1")
    assert (held.custody.hold.reason, held.custody.restricted) == ("诉讼", "本人异议")
    assert held.identity_document.number == "11010519491231002X"
    assert [(each.purpose, str(each.basis)) for each in held.consents] == [("开票", "contract")]
    gone = kept.get("GONE-1")
    assert (str(gone.name), gone.custody.erased_at is None) == ("GONE-1", False)


def test_a_golden_store_keeps_the_edit_that_waits(kept):
    (waiting,) = pending(kept)
    assert (waiting.edit.actor, str(waiting.customer.code)) == ("han.meimei", "OLD-7")
    saved = approve(kept, waiting.edit).customer
    assert saved.bank_accounts[0].number == "6217000010001234567"


def test_a_golden_store_is_sealed_where_it_says_so(tmp_path):
    path = Path(shutil.copy(GOLDEN / "schema4-sealed.db", tmp_path / "customers.db"))
    assert b"11010519491231002X" not in path.read_bytes()
    with CustomerRegistry.open(path, codes=CODES, migrate=True) as keyless:
        assert isinstance(keyless.get("HELD-1").identity_document.number, Masked)
