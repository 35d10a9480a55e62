"""A backup is taken back whole, over nothing that is newer, or nothing happens at all."""

import os
import sqlite3
import stat
from contextlib import contextmanager

import attrs
import pytest
from filled import filled, new_folder

from customer_registry import (
    Actor,
    BackupDamaged,
    CustomerRegistry,
    KeyUnavailable,
    OlderBackup,
    StorageBusy,
    StorageCorrupt,
    StorageForeign,
    StorageUnavailable,
    TamperedRecord,
    UnreadableFile,
    WrongBackupKey,
)
from customer_registry.domain.journal import Head
from customer_registry.operations import HeadFile, backup, restore, verify
from customer_registry.operations.backups.reading import reading
from customer_registry.sealing.keyring import Keyring
from customer_registry.storage.memory import InMemoryRepository
from customer_registry.storage.sqlite import SQLiteRepository
from customer_registry.testing import make_raw


@pytest.fixture
def key():
    return os.urandom(32)


@pytest.fixture
def store(tmp_path):
    return new_folder(tmp_path / "store") / "customers.db"


@pytest.fixture
def folder(tmp_path):
    return new_folder(tmp_path / "backups")


@pytest.fixture
def registry(store):
    with filled(store) as registry:
        yield registry


@pytest.fixture
def made(registry, folder, key):
    return backup(registry, folder, key=key)


@pytest.fixture
def target(tmp_path):
    return new_folder(tmp_path / "new") / "customers.db"


def parts(repository):
    with repository.snapshot() as work:
        return list(work.parts())


def parts_before(made, key):
    with reading(made.path, key) as opened:
        yield from opened.parts()


def contents(folder):
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def head_of(registry):
    with registry.unit("verify") as work:
        number, digest = work.journal.head()
    return Head(number=number, digest=digest, at=registry._office.clock())


def test_everything_is_back_and_agrees(registry, made, target, key):
    restore(made.path, target, key=key)
    with CustomerRegistry.open(target) as restored:
        assert verify(restored).ok
        assert list(restored.search()) == list(registry.search())
        assert restored._office.repository.identity == made.identity
        again = restored.register(make_raw(seed=0), idempotency_key="form-0")
        assert again.replayed
        reserved = restored.reserve_code(kind="person")
        assert reserved.code.text == "C000005"


def test_a_backup_of_a_file_goes_into_memory_and_back(registry, made, target, folder, key):
    other = InMemoryRepository()
    restore(made.path, other, key=key)
    again = backup(CustomerRegistry(repository=other), folder, key=key)
    restore(again.path, target, key=key)
    with CustomerRegistry.open(target) as restored:
        assert verify(restored).ok
        assert list(restored.search()) == list(registry.search())


def test_the_journal_tells_of_it(made, target, key):
    restore(made.path, target, key=key, actor=Actor("韩梅梅"))
    with CustomerRegistry.open(target) as restored, restored.unit("verify") as work:
        *_, entry = work.journal.of(None)
    assert (entry.action, entry.actor, entry.number) == ("restored", "韩梅梅", made.head.number + 1)
    assert {change.path: change.after for change in entry.changes} == {
        "backup.created": made.created.isoformat(),
        "backup.head": made.head.number,
        "backup.digest": made.head.digest.hex(),
    }


def test_a_new_file_is_for_its_owner_and_an_old_one_stays_as_open_as_it_was(
    registry, made, target, store, key
):
    restore(made.path, target, key=key)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    registry.close()
    store.chmod(0o640)
    restore(made.path, store, key=key)
    assert stat.S_IMODE(store.stat().st_mode) == 0o640


def test_nothing_but_the_file_and_its_lock_is_left(made, target, key):
    restore(made.path, target, key=key)
    assert sorted(contents(target.parent)) == ["customers.db", "customers.db-lock"]


class Forgetful:
    """A repository, in all else as it is, that keeps no receipt."""

    def __init__(self):
        self.of = InMemoryRepository()

    def __getattr__(self, name):
        return getattr(self.of, name)

    @contextmanager
    def write(self):
        with self.of.write() as work:
            yield ForgetfulWork(work)


class ForgetfulWork:
    def __init__(self, of):
        self.of = of

    def __getattr__(self, name):
        return getattr(self.of, name)

    def parts(self):
        return (part for part in self.of.parts() if part.kind != "receipt")


def test_a_store_that_does_not_give_what_it_took_has_taken_nothing(made, key):
    store = Forgetful()
    with pytest.raises(StorageCorrupt):
        restore(made.path, store, key=key)
    assert list(CustomerRegistry(repository=store.of).search()) == []


def test_a_head_that_agrees_gives_nothing_up(made, target, key):
    restore(made.path, target, key=key, head=made.head)
    with CustomerRegistry.open(target) as restored, restored.unit("verify") as work:
        *_, entry = work.journal.of(None)
    assert "head" not in {change.path for change in entry.changes}


def test_a_store_that_is_open_is_not_replaced(registry, made, store, key):
    with pytest.raises(StorageBusy, match="open"):
        restore(made.path, store, key=key, accept_older=True)
    assert verify(registry).ok


def test_a_store_that_another_program_reads_is_not_replaced(registry, made, store, key):
    registry.close()
    raw = sqlite3.connect(store, isolation_level=None)
    raw.execute("BEGIN")
    raw.execute("SELECT * FROM customer_registry_customers").fetchone()
    with pytest.raises(StorageBusy):
        restore(made.path, store, key=key)
    raw.close()


def test_a_backup_is_taken_over_a_store_that_has_not_gone_further(registry, made, store, key):
    registry.close()
    restore(made.path, store, key=key)
    with CustomerRegistry.open(store) as restored:
        assert verify(restored).ok


def test_the_entry_that_tells_of_a_backup_makes_it_no_older(registry, made, store, key):
    """Nor does one that tells of an earlier restore of the same backup."""
    registry.close()
    for _ in range(2):
        restore(made.path, store, key=key)
    with CustomerRegistry.open(store) as restored, restored.unit("verify") as work:
        (entry,) = work.journal.of(None)
    assert (entry.action, entry.number) == ("restored", made.head.number + 1)


def test_no_other_entry_beyond_the_backups_end_is_given_up_unasked(folder, store, key):
    """A copy of the store from before the backup's own entry, in which somebody went on."""
    with filled(store) as registry:
        made = backup(registry, folder, key=key)
    copy = store.with_name("copy.db")
    with CustomerRegistry.open(copy) as went_on:
        with went_on._office.repository.write() as work:
            work.put(parts_before(made, key))
        went_on.register(make_raw(seed=7))
        assert head_of(went_on).number == made.head.number + 1
    with pytest.raises(OlderBackup):
        restore(made.path, copy, key=key)
    restore(made.path, copy, key=key, accept_older=True)


@pytest.mark.parametrize(
    "spoiling",
    [
        "DELETE FROM customer_registry_meta",
        "UPDATE customer_registry_meta SET identity = x'00'",
        "UPDATE customer_registry_meta SET identity = 'sixteen letters.'",
    ],
)
def test_a_store_that_does_not_say_whose_it_is_is_to_be_moved_away(
    registry, made, store, key, spoiling
):
    registry.close()
    raw = sqlite3.connect(store)
    raw.execute("PRAGMA ignore_check_constraints = ON")
    raw.execute(spoiling)
    raw.commit()
    raw.close()
    with pytest.raises(StorageCorrupt, match="move it away"):
        restore(made.path, store, key=key, accept_older=True)


def test_memory_is_no_file_to_restore_to(made, tmp_path, monkeypatch, key):
    monkeypatch.chdir(new_folder(tmp_path / "here"))
    with pytest.raises(StorageUnavailable, match="memory"):
        restore(made.path, "memory:", key=key)
    assert contents(tmp_path / "here") == {}


def test_a_file_of_heads_that_holds_none_vouches_for_nothing(made, target, tmp_path, key):
    (tmp_path / "heads").touch()
    with pytest.raises(UnreadableFile):
        restore(made.path, target, key=key, head=HeadFile(tmp_path / "heads"))
    assert contents(target.parent) == {}


def test_a_newer_store_is_replaced_only_at_a_word(registry, made, store, key):
    registry.register(make_raw(seed=7))
    known = head_of(registry)
    registry.close()
    with pytest.raises(OlderBackup) as told:
        restore(made.path, store, key=key)
    assert (told.value.number, told.value.known) == (made.head.number, known.number)
    with CustomerRegistry.open(store) as untouched:
        assert len(list(untouched.search())) == 4
    restore(made.path, store, key=key, accept_older=True)
    with CustomerRegistry.open(store) as restored, restored.unit("verify") as work:
        assert len(list(restored.search())) == 3
        *_, entry = work.journal.of(None)
    given_up = next(change for change in entry.changes if change.path == "head")
    assert (given_up.before, given_up.after) == (known.number, made.head.number)


def test_what_stands_in_the_wal_counts_as_well(registry, made, store, target, key):
    """A killed process leaves its last saves in the WAL, and they are newer than the backup."""
    registry.register(make_raw(seed=7))
    for ending in ("", "-wal"):
        content = store.with_name(f"{store.name}{ending}").read_bytes()
        target.with_name(f"{target.name}{ending}").write_bytes(content)
    with pytest.raises(OlderBackup):
        restore(made.path, target, key=key)
    with CustomerRegistry.open(target) as untouched:
        assert len(list(untouched.search())) == 4


def test_a_head_kept_elsewhere_holds_back_an_older_backup(registry, made, target, key):
    restore(made.path, target, key=key, head=[made.head, head_of(registry)])
    registry.register(make_raw(seed=7))
    other = target.with_name("other.db")
    with pytest.raises(OlderBackup):
        restore(made.path, other, key=key, head=[made.head, head_of(registry)])
    assert not other.exists()


def test_a_head_of_another_journal_holds_back_a_backup(made, target, key):
    other = attrs.evolve(made.head, digest=bytes(32))
    with pytest.raises(TamperedRecord):
        restore(made.path, target, key=key, head=other)
    assert contents(target.parent) == {}


def test_a_store_that_went_another_way_is_not_replaced(registry, made, store, folder, key):
    """After an older backup was taken back, one of the time given up is none of this store."""
    registry.register(make_raw(seed=7))
    later = backup(registry, folder, key=key)
    registry.close()
    restore(made.path, store, key=key, accept_older=True)
    with pytest.raises(TamperedRecord):
        restore(later.path, store, key=key)
    restore(later.path, store, key=key, accept_older=True)


def test_another_registry_is_never_replaced(made, target, key):
    with CustomerRegistry.open(target) as other:
        other.register(make_raw(seed=1))
    with pytest.raises(StorageForeign):
        restore(made.path, target, key=key, accept_older=True)
    with CustomerRegistry.open(target) as other:
        assert len(list(other.search())) == 1


def test_a_database_of_others_is_never_replaced(made, target, key):
    raw = sqlite3.connect(target)
    raw.execute("CREATE TABLE orders (id)")
    raw.close()
    before = target.read_bytes()
    with pytest.raises(StorageForeign):
        restore(made.path, target, key=key, accept_older=True)
    assert target.read_bytes() == before


@pytest.mark.parametrize("there", [b"no database at all" * 99, b"SQLite format 3\x00" + b"x" * 999])
def test_a_damaged_file_is_to_be_moved_away_first(made, target, key, there):
    target.write_bytes(there)
    with pytest.raises(StorageCorrupt):
        restore(made.path, target, key=key, accept_older=True)
    assert target.read_bytes() == there
    target.rename(target.with_name("damaged.db"))
    restore(made.path, target, key=key)


@pytest.mark.parametrize("ending", ["-wal", "-journal"])
def test_a_wal_without_its_file_is_not_taken_for_the_new_ones(made, target, key, ending):
    left = target.with_name(f"{target.name}{ending}")
    left.write_bytes(b"pages of another file")
    with pytest.raises(StorageUnavailable, match=ending):
        restore(made.path, target, key=key)
    assert contents(target.parent) == {left.name: b"pages of another file"}


def test_an_empty_file_is_nothing(made, target, key):
    target.touch()
    restore(made.path, target, key=key)
    with CustomerRegistry.open(target) as restored:
        assert verify(restored).ok


def test_a_repository_that_holds_something_takes_nothing(made, key):
    registry = CustomerRegistry()
    registry.register(make_raw(seed=1))
    before = parts(registry._office.repository)
    with pytest.raises(StorageUnavailable, match="empty"):
        restore(made.path, registry._office.repository, key=key)
    assert parts(registry._office.repository) == before


def test_a_backup_is_not_taken_for_one_without_a_key(made, target):
    with pytest.raises(ValueError, match="plain=True"):
        restore(made.path, target)
    assert contents(target.parent) == {}


def test_a_wrong_key_is_told_apart(made, target, key):
    with pytest.raises(WrongBackupKey) as told:
        restore(made.path, target, key=os.urandom(32))
    assert told.value.key_id == made.key_id
    with pytest.raises(WrongBackupKey):
        restore(made.path, target, plain=True)
    assert contents(target.parent) == {}


@pytest.mark.parametrize("path", ["missing.backup", "."])
def test_no_file_is_no_backup(target, tmp_path, key, path):
    with pytest.raises(StorageUnavailable):
        restore(tmp_path / path, target, key=key)
    assert contents(target.parent) == {}


@pytest.fixture
def bent(made, folder):
    """Backups that differ from the one that was made by one byte each."""

    def bending():
        content, path = made.path.read_bytes(), folder / "bent.backup"
        for at in range(0, len(content), len(content) // 12):
            path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            yield path

    return bending


REFUSED = (BackupDamaged, WrongBackupKey)


def test_of_a_bent_backup_no_file_is_made(bent, target, key):
    for path in bent():
        with pytest.raises(REFUSED):
            restore(path, target, key=key)
    assert contents(target.parent) == {}


def test_a_bent_backup_replaces_nothing(registry, bent, store, key):
    registry.close()
    for path in bent():
        with pytest.raises(REFUSED):
            restore(path, store, key=key, accept_older=True)
    with CustomerRegistry.open(store) as untouched:
        assert len(list(untouched.search())) == 3
        assert verify(untouched).ok


def test_of_a_bent_backup_memory_takes_nothing(bent, key):
    empty = InMemoryRepository()
    before = parts(empty)
    for path in bent():
        with pytest.raises(REFUSED):
            restore(path, empty, key=key)
    assert parts(empty) == before


class TestWithAKeyring:
    @pytest.fixture
    def keyring(self):
        return Keyring.generate()

    @pytest.fixture
    def sealed(self, store, keyring):
        with CustomerRegistry(repository=SQLiteRepository(store, keyring=keyring)) as registry:
            registry.register(
                kind="person",
                name="王芳",
                identity_document={"type": "resident_id", "number": "11010519491231002X"},
            )
            yield registry

    def test_sealed_fields_stay_sealed_and_open_with_their_keys(
        self, sealed, folder, key, keyring, target
    ):
        made = backup(sealed, folder, plain=True)
        assert b"11010519491231002X" not in made.path.read_bytes()
        restore(made.path, target, plain=True, keyring=keyring)
        with CustomerRegistry(repository=SQLiteRepository(target, keyring=keyring)) as restored:
            assert verify(restored).ok
            (customer,) = restored.search()
            assert customer.identity_document.number == "11010519491231002X"
            assert list(restored.search()) == list(sealed.search())

    def test_a_journal_with_a_key_does_not_go_on_without(self, sealed, folder, key, target):
        made = backup(sealed, folder, key=key)
        with pytest.raises(KeyUnavailable):
            restore(made.path, target, key=key)
        assert contents(target.parent) == {}

    def test_one_entry_with_a_key_is_enough(self, folder, key, keyring, store, target):
        with CustomerRegistry(repository=SQLiteRepository(store)) as plain:
            plain.register(make_raw(seed=1))
        with CustomerRegistry(repository=SQLiteRepository(store, keyring=keyring)) as registry:
            registry.register(make_raw(seed=2))
            with registry.unit("verify") as work:
                assert [bool(link.key_id) for link in work.journal.links()] == [False, True]
            made = backup(registry, folder, key=key)
        with pytest.raises(KeyUnavailable, match="journal"):
            restore(made.path, target, key=key)

    def test_a_sealed_store_does_not_go_on_with_keys_that_are_not_its_own(
        self, sealed, folder, key, keyring, target
    ):
        made = backup(sealed, folder, key=key)
        for other in (
            Keyring.generate(),
            attrs.evolve(Keyring.generate(), journal=keyring.journal),
            attrs.evolve(keyring, index=Keyring.generate().index),
        ):
            with pytest.raises(KeyUnavailable):
                restore(made.path, target, key=key, keyring=other)
            with pytest.raises(KeyUnavailable):
                restore(made.path, InMemoryRepository(keyring=other), key=key)
        assert contents(target.parent) == {}

    def test_a_store_that_held_nothing_is_sealed_where_it_is_restored_with_keys(
        self, store, folder, key, keyring, target
    ):
        with CustomerRegistry(repository=SQLiteRepository(store)) as empty:
            made = backup(empty, folder, key=key)
        restore(made.path, target, key=key, keyring=keyring)
        with CustomerRegistry(repository=SQLiteRepository(target, keyring=keyring)) as restored:
            restored.register(kind="person", name="王芳", identity_document="11010519491231002X")
            assert verify(restored).ok
        content = b"".join(each.read_bytes() for each in target.parent.iterdir())
        assert b"11010519491231002X" not in content

    def test_memory_takes_a_sealed_store(self, sealed, folder, key, keyring):
        made = backup(sealed, folder, key=key)
        other = InMemoryRepository(keyring=keyring)
        restore(made.path, other, key=key)
        restored = CustomerRegistry(repository=other)
        assert verify(restored).ok
        assert list(restored.search()) == list(sealed.search())
