"""The head of a journal kept elsewhere."""

import json
import os
import stat
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from customer_registry import CustomerRegistry, NotPermitted
from customer_registry.domain.errors import UnreadableFile
from customer_registry.domain.journal import GENESIS, Head
from customer_registry.operations import verify
from customer_registry.operations.head import HeadFile, head
from customer_registry.testing import make_raw

AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


@pytest.fixture
def file(tmp_path):
    return HeadFile(tmp_path / "heads.jsonl")


def made(number, digest=bytes(32)):
    return Head(number=number, digest=digest, at=AT)


def test_the_head_is_that_of_the_last_entry():
    registry = CustomerRegistry(clock=lambda: AT)
    assert head(registry) == Head(number=0, digest=GENESIS, at=AT)
    registry.register(make_raw(seed=1))
    registry.register(make_raw(seed=2))
    with registry._office.repository.read() as work:
        last = list(work.journal.links())[-1]
    assert head(registry) == Head(number=2, digest=last.digest, at=AT)


def test_a_file_gives_back_the_heads_that_it_was_told(file):
    assert file.last() is None
    heads = [made(1), made(2, bytes(range(32)))]
    for each in heads:
        file(each)
    assert list(file) == heads
    assert file.last() == heads[-1]


def test_a_file_that_is_not_there_vouches_for_nothing(file):
    with pytest.raises(UnreadableFile) as refused:
        verify(CustomerRegistry(), head=file)
    assert refused.value.issue.line("zh") == "找不到末条文件“heads.jsonl”，无从比对"


@pytest.mark.parametrize("content", [b"", b'{"number": 1, "dig'])
def test_a_file_that_holds_no_head_vouches_for_nothing(file, content):
    file.path.write_bytes(content)
    assert file.last() is None
    for language, sentence in (("en", "holds no head"), ("zh", "没有任何末条")):
        with pytest.raises(UnreadableFile) as refused:
            verify(CustomerRegistry(), head=file)
        assert refused.value.issue.code == "heads.empty"
        assert sentence in refused.value.issue.line(language)


def test_a_file_is_for_its_owner_alone(file):
    file(made(1))
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600


def test_each_head_is_on_the_disk_before_it_counts_as_kept_and_a_new_file_in_its_folder(tmp_path):
    synced = []

    def sync(handle):
        status = os.fstat(handle)
        synced.append("folder" if stat.S_ISDIR(status.st_mode) else status.st_size > 0)

    file = HeadFile(tmp_path / "heads.jsonl", sync=sync)
    file(made(1))
    assert synced == [True, "folder"]
    file(made(2))
    assert synced == [True, "folder", True]


def test_a_file_holds_a_line_for_each_head_and_no_more(file):
    for number in range(3):
        file(made(number))
    assert file.path.read_bytes().count(b"\n") == 3
    assert [each.number for each in file] == [0, 1, 2]


def test_a_file_leaves_nothing_open(file):
    file(made(1))
    before = len(list(Path("/proc/self/fd").iterdir()))
    HeadFile(file.path.with_name("new.jsonl"))(made(1))
    for number in range(2, 20):
        file(made(number))
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_line_that_was_cut_off_is_left_out_and_ended_by_the_next(file):
    file(made(1))
    with file.path.open("ab") as raw:
        raw.write(b'{"number": 2, "dig')
    assert [each.number for each in file] == [1]
    assert file.last() == made(1)
    file(made(3))
    assert [each.number for each in file] == [1, 3]


@pytest.mark.parametrize(
    "line",
    [
        "{no JSON}",
        "{}",
        '{"number": "1", "digest": "00", "at": "2026-11-24T08:30:00+00:00"}',
        '{"number": -1, "digest": "00", "at": "2026-11-24T08:30:00+00:00"}',
        '{"number": 1, "digest": "x", "at": "2026-11-24T08:30:00+00:00"}',
        '{"number": 1, "digest": "00", "at": "yesterday"}',
    ],
)
def test_a_line_that_is_no_head_is_told(file, line):
    file(made(1))
    with file.path.open("a", encoding="utf-8") as raw:
        raw.write(f"{line}\n")
    for read in (list, HeadFile.last):
        with pytest.raises(UnreadableFile) as refused:
            read(file)
        assert (refused.value.issue.code, refused.value.issue.params["line"]) == (
            "heads.damaged",
            2,
        )


def test_the_highest_head_is_the_last_whatever_its_line(file):
    file.path.write_bytes(b"".join(line_of(made(number)) for number in range(1, 1500)))
    for number in (3000, 2999, 2998):
        file(made(number))
    assert file.last().number == 3000


def line_of(told):
    plain = {"number": told.number, "digest": told.digest.hex(), "at": told.at.isoformat()}
    return json.dumps(plain).encode() + b"\n"


def test_a_registry_is_verified_against_the_file_of_its_heads(tmp_path, file):
    with CustomerRegistry.open(tmp_path / "customers.db", on_head=file) as registry:
        for seed in range(3):
            registry.register(make_raw(seed=seed))
        assert [each.number for each in file] == [1, 2, 3]
        assert verify(registry, head=file).ok
        assert verify(registry, head=file.last()).ok
        file(made(5))
        told = {each.code: each.where for each in verify(registry, head=file).disagreements}
    assert told.keys() == {"journal.rolled_back"}
    assert told["journal.rolled_back"].startswith("after entry 3: 2 missing")


def test_of_very_many_heads_the_highest_is_compared_always():
    registry = CustomerRegistry()
    registry.register(make_raw(seed=1))
    sound = head(registry)
    assert verify(registry, head=[sound] * 5000).ok
    assert not verify(registry, head=[*[sound] * 4999, made(2)]).ok
    assert not verify(registry, head=[sound, made(2), *[sound] * 4998]).ok
    assert verify(registry, head=[]).ok


def test_very_many_heads_are_not_all_held_at_a_time():
    def most(many):
        tracemalloc.start()
        try:
            verify(registry, head=(made(number) for number in range(1, many + 1)))
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    registry = CustomerRegistry()
    most(1000)  # what is loaded once
    assert most(20_000) < 2 * most(1000)


def test_a_head_of_before_the_first_entry_agrees_with_every_journal():
    registry = CustomerRegistry()
    empty = head(registry)
    registry.register(make_raw(seed=1))
    assert verify(registry, head=empty).ok


class NoHeads:
    def permits(self, actor, action, customer):
        return action != "head"


def test_who_may_not_know_the_head_is_refused():
    with pytest.raises(NotPermitted):
        head(CustomerRegistry(access=NoHeads()))
