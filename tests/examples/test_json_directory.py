import json
import os
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import json_directory
import pytest
from hypothesis import settings
from json_directory import JsonDirectory, open_address

from customer_registry import (
    CommitOutcomeUnknown,
    CustomerRegistry,
    StorageBusy,
    StorageCorrupt,
    StorageMissing,
    StorageUnavailable,
)
from customer_registry.operations import verify
from customer_registry.testing import (
    RepositoryContract,
    RepositoryKills,
    RepositoryMachine,
    RepositoryRaces,
)


class TestJsonDirectory(RepositoryContract):
    @pytest.fixture
    def repository(self, tmp_path):
        return JsonDirectory(tmp_path / "customers")

    @pytest.fixture
    def stored_bytes(self, tmp_path):
        return lambda: b"\n".join(each.read_bytes() for each in tmp_path.glob("customers/*"))


class TestJsonDirectoryRaces(RepositoryRaces):
    @pytest.fixture
    def open_store(self, tmp_path):
        return partial(JsonDirectory, tmp_path / "customers")


class TestJsonDirectoryKills(RepositoryKills):
    kills = 2

    @pytest.fixture
    def open_store(self, tmp_path):
        return partial(JsonDirectory, tmp_path / "customers")


class JsonMachine(RepositoryMachine):
    def make_repository(self):
        self.folder = TemporaryDirectory()
        return JsonDirectory(self.folder.name)

    def teardown(self):
        super().teardown()
        self.folder.cleanup()


TestJsonDirectoryAgainstAModel = JsonMachine.TestCase
TestJsonDirectoryAgainstAModel.settings = settings(
    max_examples=15, stateful_step_count=20, deadline=None
)


@pytest.fixture
def folder(tmp_path):
    """A directory with two customers, one of whom was edited."""
    registry = CustomerRegistry(repository=JsonDirectory(tmp_path))
    registry.register(kind="person", name="王芳")
    registry.update(registry.get("C000001"), grade="A")
    registry.register(kind="person", name="李雷")
    return tmp_path


def files(folder):
    return sorted(path.name for path in folder.glob("*.json"))


def test_the_example_has_less_than_two_hundred_lines():
    assert len(Path(json_directory.__file__).read_text("utf-8").splitlines()) < 200


def test_every_transaction_is_one_more_file(folder):
    assert files(folder) == [f"{number:08}.json" for number in range(1, 5)]


def test_a_scrub_leaves_one_file_without_what_was_edited_away(folder):
    store = JsonDirectory(folder)
    registry = CustomerRegistry(repository=store)
    registry.update(registry.get("C000001"), name="赵丽颖")
    with store.write() as work:
        work.journal.erase(registry.get("C000001").id)
    store.scrub(whole=True)
    assert len(files(folder)) == 1
    assert "王芳" not in (folder / files(folder)[0]).read_text("utf-8")


def test_now_and_then_one_file_tells_everything(folder):
    registry = CustomerRegistry(repository=JsonDirectory(folder))
    for number in range(json_directory.WHOLE_EVERY):
        registry.register(kind="person", name=f"王{chr(0x5000 + number)}")
    assert len(files(folder)) < 10
    again = CustomerRegistry(repository=JsonDirectory(folder))
    assert len(again.search(limit=100)) == json_directory.WHOLE_EVERY + 2
    assert verify(again).ok


def test_what_a_crash_left_of_a_file_that_was_being_written_counts_for_nothing(folder):
    (folder / "draft").write_text('{"whole": fal', "utf-8")
    registry = CustomerRegistry(repository=JsonDirectory(folder))
    assert registry.register(kind="person", name="韩梅梅").customer.code.text == "C000003"


def test_older_files_that_a_crash_left_behind_a_whole_one_change_nothing(folder):
    older = {name: (folder / name).read_text("utf-8") for name in files(folder)[:2]}
    JsonDirectory(folder).scrub()
    for name, text in older.items():
        (folder / name).write_text(text, "utf-8")
    assert verify(CustomerRegistry(repository=JsonDirectory(folder))).ok


def test_a_file_that_is_missing_or_damaged_is_told(folder):
    damaged = folder / files(folder)[2]
    whole = damaged.read_text("utf-8")
    for text in ("{", whole.replace('"customer"', '"costumer"'), "[]"):
        damaged.write_text(text, "utf-8")
        with pytest.raises(StorageCorrupt):
            CustomerRegistry(repository=JsonDirectory(folder)).get("C000001")
    damaged.unlink()
    with pytest.raises(StorageCorrupt, match="lacks"):
        CustomerRegistry(repository=JsonDirectory(folder)).get("C000001")


def test_a_directory_without_a_store_is_none(tmp_path):
    with pytest.raises(StorageMissing):
        JsonDirectory(tmp_path, create=False)
    with pytest.raises(StorageMissing):
        open_address(f"json://{tmp_path}/nowhere", create=False, migrate=False, keyring=None)


def test_a_directory_that_was_emptied_is_told(folder):
    registry = CustomerRegistry(repository=JsonDirectory(folder))
    for name in files(folder):
        (folder / name).unlink()
    with pytest.raises(StorageUnavailable, match="gone"):
        registry.get("C000001")


def test_an_address_opens_the_same_store(folder):
    store = open_address(f"json://{folder}", create=False, migrate=False, keyring=None)
    assert str(CustomerRegistry(repository=store).get("C000002").name) == "李雷"


def test_who_waits_too_long_is_told_that_the_store_is_busy(folder):
    store, other = JsonDirectory(folder), JsonDirectory(folder)
    other.patience = 0.05
    with store.write():
        with pytest.raises(StorageBusy, match="already"), store.write():
            pass
        with pytest.raises(StorageBusy, match="somebody else"), other.write():
            pass


def test_a_disk_that_takes_no_more_saves_nothing_and_says_so(folder, monkeypatch):
    registry = CustomerRegistry(repository=JsonDirectory(folder))
    (folder / "draft").mkdir()
    with pytest.raises(StorageUnavailable, match="nothing was saved"):
        registry.register(kind="person", name="韩梅梅")
    (folder / "draft").rmdir()
    assert registry.register(kind="person", name="韩梅梅").customer.code.text == "C000003"

    def failing(_):
        raise OSError

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(CommitOutcomeUnknown):
        registry.register(kind="person", name="魏华")


def test_a_file_is_plain_json(folder):
    told = json.loads((folder / files(folder)[1]).read_text("utf-8"))
    kinds = {row[0] for row in told["come"]}
    assert kinds == {"meta", "customer", "key", "claim", "link", "range"}
    assert "王芳" in (folder / files(folder)[1]).read_text("utf-8")
