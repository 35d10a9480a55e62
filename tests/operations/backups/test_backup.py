"""A backup holds the registry of one moment, and is one only once it was read back."""

import os
import stat
import sys
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import attrs
import pytest
from filled import filled, new_folder

from customer_registry import (
    BackupDamaged,
    CustomerRegistry,
    NotPermitted,
    StorageCorrupt,
    StorageForeign,
    StorageUnavailable,
    WrongBackupKey,
)
from customer_registry.operations import backup, progress, restore, verify_backup
from customer_registry.operations.backups import files
from customer_registry.operations.backups.manifest import facts_of
from customer_registry.operations.backups.reading import begun
from customer_registry.repository import KINDS
from customer_registry.sealing.stream import write_stream
from customer_registry.storage.memory import InMemoryRepository
from customer_registry.storage.portable import packed
from customer_registry.storage.sqlite import SQLiteRepository
from customer_registry.testing import make_raw

REFUSED = (BackupDamaged, WrongBackupKey)


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


def named(folder):
    return sorted(each.name for each in folder.iterdir())


def test_a_manifest_tells_which_registry_it_is_of_and_how_far_it_goes(registry, folder, key):
    made = backup(registry, folder, key=key)
    with registry.unit("verify") as work:
        *_, last, told = work.journal.links()
    assert (made.head.number, made.head.digest) == (last.number, last.digest) == (3, last.digest)
    assert told.number == 4
    assert made.identity == registry._office.repository.identity
    assert (made.customers, made.counts["receipt"], made.counts["reservation"]) == (3, 3, 1)
    assert made.size == made.path.stat().st_size
    assert verify_backup(made.path, key=key) == made


def test_a_backup_says_what_it_is_by_its_name_and_in_its_beginning(registry, folder, key):
    made = backup(registry, folder, key=key)
    assert made.path.name.startswith(f"customers-{made.identity.hex[:8]}-")
    assert made.path.suffix == ".backup"
    assert b'"kind": "customer_registry backup 1"' in made.path.read_bytes()[:1000]


def test_a_backup_is_for_its_owner_alone_and_lies_there_alone(registry, folder, key):
    made = backup(registry, folder, key=key)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert named(folder) == [made.path.name]


def test_a_backup_may_have_a_name_of_its_own_and_takes_the_place_of_an_older_one(
    registry, folder, key
):
    first = backup(registry, folder / "customers.backup", key=key)
    second = backup(registry, folder / "customers.backup", key=key)
    assert first.path == second.path
    assert named(folder) == ["customers.backup"]
    assert verify_backup(second.path, key=key).head.number == first.head.number + 1


def test_a_backup_takes_the_place_of_no_other_file(registry, folder, store, key):
    (folder / "letter.txt").write_text("dear customer")
    for target in (folder / "letter.txt", store):
        before = target.read_bytes()
        with pytest.raises(StorageUnavailable, match="no backup"):
            backup(registry, target, key=key)
        assert target.read_bytes() == before


def test_a_backup_takes_the_place_of_no_other_registrys_backup(registry, folder, key):
    made = backup(CustomerRegistry(), folder / "a.backup", key=key)
    before = made.path.read_bytes()
    with pytest.raises(StorageForeign, match="another registry"):
        backup(registry, made.path, key=key)
    assert made.path.read_bytes() == before


def test_a_backup_takes_the_place_of_none_that_another_key_opens(registry, folder, key):
    made = backup(registry, folder / "a.backup", key=key)
    before = made.path.read_bytes()
    for asked in ({"key": os.urandom(32)}, {"plain": True}):
        with pytest.raises(WrongBackupKey):
            backup(registry, made.path, **asked)
    assert made.path.read_bytes() == before


def test_a_file_that_only_begins_like_a_backup_stays(registry, folder, key):
    made = backup(registry, folder / "a.backup", key=key)
    forged = made.path.read_bytes().replace(made.created.isoformat()[:4].encode(), b"1999", 1)
    made.path.write_bytes(forged)
    with pytest.raises(StorageUnavailable, match="no backup"):
        backup(registry, made.path, key=key)
    assert made.path.read_bytes() == forged


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with a name here")
def test_a_backup_takes_the_place_of_no_pipe_and_does_not_wait_for_it(registry, folder, key):
    os.mkfifo(folder / "a.backup")
    with pytest.raises(StorageUnavailable, match="no backup"):
        backup(registry, folder / "a.backup", key=key)


def test_an_error_about_a_backup_names_its_file(registry, folder, key):
    target = folder / "no folder" / "a.backup"
    with pytest.raises(StorageUnavailable) as told:
        backup(registry, target, key=key)
    assert told.value.path == str(target)


def test_the_journal_tells_of_no_backup_that_did_not_get_its_name(
    registry, folder, key, monkeypatch
):
    def refused(self, target):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files.Path, "replace", refused)
    with pytest.raises(StorageUnavailable):
        backup(registry, folder, key=key)
    assert named(folder) == []
    with registry.unit("verify") as work:
        assert work.journal.of(None) == ()


def test_the_journal_says_who_took_a_backup(registry, folder, key):
    made = backup(registry, folder, key=key)
    with registry.unit("verify") as work:
        (entry,) = work.journal.of(None)
    assert (entry.action, entry.number, entry.actor) == ("backed_up", 4, "system")
    assert {change.path: change.after for change in entry.changes} == {
        "backup.file": made.path.name,
        "backup.head": 3,
        "backup.key": made.key_id,
    }


def test_who_may_not_back_up_gets_nothing(folder, key):
    class Nobody:
        def permits(self, actor, action, customer):
            return False

    with pytest.raises(NotPermitted):
        backup(CustomerRegistry(access=Nobody()), folder, key=key)
    assert named(folder) == []


def test_a_registry_in_memory_is_backed_up_as_well(folder, key):
    registry = CustomerRegistry()
    registry.register(make_raw(seed=1))
    made = backup(registry, folder, key=key)
    other = InMemoryRepository()
    restore(made.path, other, key=key)
    assert other.identity == registry._office.repository.identity


def test_progress_rises_to_the_end(registry, folder, key):
    told = []
    backup(registry, folder, key=key, on_progress=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1] > 0
    assert len({total for _, total in told}) == 1


def test_progress_is_told_on_the_way(registry, folder, key, monkeypatch):
    monkeypatch.setattr(progress, "_STEP", 7)
    told = []
    made = backup(registry, folder, key=key, on_progress=lambda done, total: told.append(done))
    assert len(set(told)) > made.rows // 7


def test_progress_of_a_reading_is_told_every_so_many_rows(registry, folder, key, monkeypatch):
    monkeypatch.setattr(progress, "_STEP", 7)
    made, told = backup(registry, folder, key=key), []
    verify_backup(made.path, key=key, on_progress=lambda done, total: told.append(done))
    assert {done for done in told if done % 7} <= {made.rows}
    assert set(range(0, made.rows, 7)) <= {*told}


@pytest.mark.skipif(sys.platform != "linux", reason="counts files by /proc")
def test_a_backup_leaves_no_file_open(registry, folder, key):
    backup(registry, folder, key=key)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        backup(registry, folder, key=key)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_progress_tells_of_the_writing_before_the_reading(registry, folder, key):
    told = []
    backup(registry, folder, key=key, on_progress=lambda done, total: told.append(done / total))
    assert 0.5 in told
    assert min(told) < 0.5


@pytest.mark.skipif(sys.platform != "linux", reason="tells files by /proc")
def test_a_backup_is_on_the_disk_before_it_has_its_name_and_the_name_afterwards(
    registry, folder, key, monkeypatch
):
    synced, sizes, sync = [], [], os.fsync

    def spying(file):
        synced.append((str(Path("/proc/self/fd", str(file)).readlink()), named(folder)))
        sizes.append(os.fstat(file).st_size)
        sync(file)

    monkeypatch.setattr(files.os, "fsync", spying)
    made = backup(registry, folder, key=key)
    (first, unfinished), (last, placed) = [each for each in synced if str(folder) in each[0]]
    assert [Path(first).name] == unfinished != [made.path.name]
    assert (last, placed) == (str(folder), [made.path.name])
    assert made.size in sizes, "all of it was handed over before"


@pytest.mark.parametrize("wrong", [b"", b"secret", "a pass phrase", bytes(31), bytearray(32)])
def test_a_key_is_thirty_two_bytes_and_no_pass_phrase(registry, folder, wrong):
    with pytest.raises(ValueError, match="32 bytes"):
        backup(registry, folder, key=wrong)
    assert named(folder) == []


def test_a_backup_without_a_key_has_to_be_asked_for(registry, folder, key):
    for asked in ({}, {"key": key, "plain": True}):
        with pytest.raises(ValueError, match="plain=True"):
            backup(registry, folder, **asked)
    made = backup(registry, folder, plain=True)
    assert made.key_id is None
    assert verify_backup(made.path, plain=True) == made
    with pytest.raises(WrongBackupKey):
        verify_backup(made.path, key=key)
    with pytest.raises(ValueError, match="plain=True"):
        verify_backup(made.path)


def test_sealed_backups_show_no_name_and_no_phone(registry, folder, key):
    (customer, *_) = registry.search()
    phone = str(customer.phones[0]).encode()
    sealed, plain = backup(registry, folder, key=key), backup(registry, folder, plain=True)
    assert phone in plain.path.read_bytes(), "the control: unsealed it is there"
    for word in (phone, customer.name.text.encode(), customer.code.text.encode()):
        assert word not in sealed.path.read_bytes()


def test_a_damaged_store_makes_no_backup(registry, store, folder, key):
    import sqlite3  # noqa: PLC0415  by hand

    good = backup(registry, folder, key=key)
    raw = sqlite3.connect(store)
    raw.execute("UPDATE customer_registry_customers SET document = document || ' '")
    raw.commit()
    raw.close()
    with pytest.raises(StorageCorrupt):
        backup(registry, folder, key=key, keep=1)
    assert named(folder) == [good.path.name]
    assert verify_backup(good.path, key=key) == good


def test_what_cannot_be_read_back_is_no_backup(registry, folder, key, monkeypatch):
    good = backup(registry, folder, key=key)
    written = files._forget

    def spoiled(file):
        os.pwrite(file, b"\x00", os.fstat(file).st_size - 1)
        written(file)

    monkeypatch.setattr(files, "_forget", spoiled)
    with pytest.raises(BackupDamaged):
        backup(registry, folder, key=key, keep=1)
    assert named(folder) == [good.path.name]


def test_any_byte_that_is_flipped_is_seen(folder, key):
    registry = CustomerRegistry()
    registry.register(kind="person", name="王芳")
    for name, asked in (("sealed", {"key": key}), ("plain", {"plain": True})):
        made = backup(registry, folder / f"{name}.backup", **asked)
        content, bent = made.path.read_bytes(), folder / "bent.backup"
        accepted = []
        for at in range(len(content)):
            bent.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            try:
                verify_backup(bent, **asked)
            except REFUSED:
                continue
            accepted.append(at)
        assert accepted == []


def _another_store(facts, parts):
    return {**facts, "identity": str(UUID(int=5))}, parts


def _another_head(facts, parts):
    return {**facts, "head": [facts["head"][0], "00" * 32]}, parts


def _fewer_entries(facts, parts):
    return {**facts, "head": [facts["head"][0] - 1, facts["head"][1]]}, parts


def _another_count(facts, parts):
    return {**facts, "counts": {**facts["counts"], "range": 0}}, parts


def _another_kind_of_file(facts, parts):
    return {**facts, "kind": "customer_registry letter 1"}, parts


def _too_few_kinds(facts, parts):
    return {**facts, "counts": {"link": facts["counts"]["link"]}}, parts


def _an_unreadable_document(facts, parts):
    return facts, [
        attrs.evolve(part, content=(part.content[0], b"{}")) if part.kind == "customer" else part
        for part in parts
    ]


def _an_entry_twice(facts, parts):
    links = [part for part in parts if part.kind == "link"]
    return facts, [links[0] if part is links[1] else part for part in parts]


def _one_row_too_few(facts, parts):
    return facts, parts[:-1]


def _a_bent_entry(facts, parts):
    def bent(part):
        return attrs.evolve(part, content=(*part.content[:4], b"{}", *part.content[5:]))

    return facts, [bent(part) if part.kind == "link" else part for part in parts]


@pytest.mark.parametrize(
    "bend",
    [
        _another_store,
        _another_head,
        _fewer_entries,
        _another_count,
        _another_kind_of_file,
        _too_few_kinds,
        _an_unreadable_document,
        _an_entry_twice,
        _one_row_too_few,
        _a_bent_entry,
    ],
)
def test_what_the_right_key_sealed_is_judged_by_what_it_holds(registry, folder, key, bend):
    def written(bend):
        with registry._office.repository.snapshot() as work:
            parts, head = list(work.parts()), work.journal.head()
        facts, parts = bend(facts_of(parts[: 1 + len(KINDS)], head, datetime.now(UTC)), parts)
        with (folder / "made.backup").open("wb") as file:
            write_stream(file, facts, map(packed, parts), key=key)
        return verify_backup(folder / "made.backup", key=key)

    assert written(lambda *sound: sound).customers == 3
    with pytest.raises(BackupDamaged):
        written(bend)


def test_a_backup_that_is_cut_or_longer_is_refused(registry, folder, key):
    made = backup(registry, folder, key=key)
    content = made.path.read_bytes()
    for bent in (b"", content[:40], content[: len(content) // 2], content[:-1], content + b"\0"):
        made.path.write_bytes(bent)
        with pytest.raises(BackupDamaged):
            verify_backup(made.path, key=key)


class TestRetention:
    def made(self, registry, folder, key, many=3, **asked):
        return [backup(registry, folder, key=key, **asked) for _ in range(many)]

    def test_the_newest_stay(self, registry, folder, key):
        made = self.made(registry, folder, key, 5, keep=2)
        assert named(folder) == sorted(each.path.name for each in made[-2:])

    def test_without_a_number_all_stay(self, registry, folder, key):
        assert len(self.made(registry, folder, key, 4)) == len(named(folder)) == 4

    def test_without_a_number_old_ones_stay_too(self, registry, folder, key):
        first = backup(registry, folder, key=key)
        then = time.time() - 400 * 86_400
        os.utime(first.path, (then, then))
        made = backup(registry, folder, key=key)
        assert named(folder) == [first.path.name, made.path.name]

    def test_the_one_just_made_stays_whatever_the_clock_says(self, store, folder, key):
        times = iter(datetime(2026, 11, 24, tzinfo=UTC) - timedelta(days=n) for n in range(99))
        clock = [next(times)]
        with CustomerRegistry(
            repository=SQLiteRepository(store), clock=lambda: clock[0]
        ) as registry:
            for _ in range(3):
                made = backup(registry, folder, key=key, keep=1)
                assert named(folder) == [made.path.name]
                clock[0] = next(times)

    def test_backups_of_another_registry_or_key_are_left_alone(self, registry, folder, key):
        other = CustomerRegistry()
        kept = [
            backup(other, folder, key=key),
            backup(registry, folder, key=os.urandom(32)),
            backup(registry, folder, plain=True),
        ]
        made = self.made(registry, folder, key, 3, keep=1)
        assert named(folder) == sorted(each.path.name for each in [*kept, made[-1]])

    def test_a_forged_file_takes_no_backups_place(self, registry, folder, key):
        first = backup(registry, folder, key=key)
        newest = first.path.read_bytes()
        later = first.created + timedelta(days=400)
        forged = newest.replace(first.created.isoformat().encode(), later.isoformat().encode())
        assert forged != newest
        for number in range(3):
            (folder / f"z{number}.backup").write_bytes(forged)
            (folder / f"y{number}.backup").write_bytes(newest[:-1])
            (folder / f"x{number}.backup").write_bytes(b"")
        made = self.made(registry, folder, key, 2, keep=2)
        kept = {each.path.name for each in made}
        assert kept <= set(named(folder))

    def test_a_damaged_backup_displaces_no_older_sound_one(
        self, registry, folder, key, monkeypatch
    ):
        module = sys.modules["customer_registry.operations.backups.backup"]
        monkeypatch.setattr(module, "write_stream", partial(write_stream, chunk=1024))
        first, *later = self.made(registry, folder, key, 4)
        for each in later:
            os.truncate(each.path, each.size - 1)
            assert begun(each.path, key), "a cut that is seen at the beginning shows nothing here"
        made = backup(registry, folder, key=key, keep=2)
        assert {first.path.name, made.path.name} <= set(named(folder))
        backup(registry, folder, key=key, keep=2)
        assert first.path.name not in named(folder), "two that are newer are sound now"

    def test_what_is_no_file_is_passed_over(self, registry, folder, key):
        first = backup(registry, folder, key=key)
        for ending in ("backup", "backup.1.unfinished"):
            (folder / f"a folder.{ending}").mkdir()
            (folder / f"dangling.{ending}").symlink_to(folder / "nothing")
            if hasattr(os, "mkfifo"):
                os.mkfifo(folder / f"pipe.{ending}")
        then = time.time() - 200_000
        os.utime(folder / "a folder.backup.1.unfinished", (then, then))
        (folder / "z.backup").symlink_to(first.path)
        before = {*named(folder)}
        second = backup(registry, folder, key=key, keep=2)
        assert {*named(folder)} == before | {second.path.name}, "a link counts for none"

    @pytest.mark.parametrize("keep", [0, -1])
    def test_none_at_all_is_no_number(self, registry, folder, key, keep):
        with pytest.raises(ValueError, match="keep"):
            backup(registry, folder, key=key, keep=keep)

    def test_what_a_killed_process_left_goes_after_a_day(self, registry, folder, key):
        for days in (0, 2):
            left = folder / f"customers-1.backup.{days}.unfinished"
            left.write_bytes(b"half")
            then = time.time() - days * 86_400 - 60
            os.utime(left, (then, then))
        made = backup(registry, folder, key=key)
        assert named(folder) == sorted([made.path.name, "customers-1.backup.0.unfinished"])
