"""Scenarios of a registry's health: what it guarantees, and how it stands."""

import sqlite3
from datetime import UTC, datetime, timedelta

import attrs
import pytest

from customer_registry import (
    Actor,
    CodePattern,
    CustomerCode,
    CustomerRegistry,
    Guarantee,
    LevelCodes,
    ManualCodes,
    NotPermitted,
    StorageCorrupt,
)
from customer_registry.domain.codes.policy import CodeMode
from customer_registry.operations import backup, health, verify
from customer_registry.repository import Condition, Durability
from customer_registry.storage.sqlite import SQLiteRepository
from customer_registry.storage.sqlite.condition import flaws


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 24, 8, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.mark.parametrize(
    ("codes", "guarantee", "mode", "pattern"),
    [
        (CodePattern("KH{number:03}"), "gapless", "automatic", "KH{number:03}"),
        (CodePattern("KH{number:03}", guarantee="unique"), "unique", "automatic", "KH{number:03}"),
        (CodePattern("R{random:8}", mode="editable"), "random", "editable", "R{random:8}"),
        (LevelCodes("2-3-4"), "gapless", "automatic", "2-3-4"),
        (ManualCodes(), "given", "manual", "*"),
    ],
    ids=str,
)
def test_a_registry_tells_what_its_codes_guarantee(codes, guarantee, mode, pattern):
    told = health(CustomerRegistry(codes=codes))
    assert (told.codes, told.mode, told.pattern) == (guarantee, mode, pattern)
    assert told.warnings == ()


def test_a_registry_in_memory_promises_nothing_and_a_file_a_lot(tmp_path):
    assert health(CustomerRegistry()).durability is Durability.NOTHING
    with CustomerRegistry(repository=SQLiteRepository(tmp_path / "customers.db")) as registry:
        told = health(registry)
    assert told.durability in {Durability.SYSTEM, Durability.POWER}
    assert told.repository == registry._office.repository.identity


def test_the_store_keeps_its_identity(tmp_path):
    with CustomerRegistry.open(tmp_path / "customers.db") as registry:
        before = health(registry)
    with CustomerRegistry.open(tmp_path / "customers.db") as registry:
        assert health(registry) == before


def test_the_codes_kept_now_are_counted_whoever_keeps_and_whoever_asks():
    clock = Clock()
    registry = CustomerRegistry(clock=clock)
    registry.reserve_code()
    registry.acting_as(Actor("han.meimei")).reserve_code()
    registry.reserve_code().release()
    assert health(registry).reserved == 2
    assert health(registry) == health(registry.acting_as(Actor("li.lei")))
    clock.now += timedelta(minutes=30)
    assert health(registry).reserved == 0


def test_what_a_pattern_leaves_open_is_told():
    codes = CodePattern("{number}{grade}")
    told = health(CustomerRegistry(codes=codes))
    assert told.warnings == codes.warnings != ()
    assert any(codes.warnings[0] in line for line in told.lines("en"))


def test_a_hosts_own_policy_is_told_as_far_as_it_goes():
    class HostCodes:
        guarantee = Guarantee.UNIQUE
        mode = CodeMode.AUTOMATIC
        pattern = "H9"

        def assign(self, context, numbers):
            return CustomerCode(f"H{numbers.next('host')}")

        def accepts(self, code):
            return True

    told = health(CustomerRegistry(codes=HostCodes()))
    assert (told.codes, told.pattern, told.warnings) == ("unique", "H9", ())


def test_a_registry_tells_people_how_it_stands():
    registry = CustomerRegistry()
    registry.reserve_code()
    told = health(registry)
    assert told.lines("zh") == told.lines() == (
        "编码规则：C{number:06}，由系统自动编号。",
        "流水号连续，不断号：取号与保存在同一事务中，保存失败则号码退回。",
        "未完成的表单占用编码：1个。",
        "访问：不受限制，人人都能做任何事、看到全部内容。",
        "数据只在内存中，程序结束即丢失。",
        f"数据库标识：{told.repository}",
    )  # fmt: skip
    assert told.lines("en")[2] == "Codes kept for open forms: 1."


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("part", "words"), [("codes", Guarantee), ("mode", CodeMode), ("durability", Durability)]
)
def test_every_promise_has_a_sentence_of_its_own(language, part, words):
    told = health(CustomerRegistry())
    said = {attrs.evolve(told, **{part: word}).lines(language) for word in words}
    assert len(said) == len(words)


def test_who_may_not_ask_is_not_told():
    class Denying:
        def permits(self, actor, action, customer):
            return action != "health"

    with pytest.raises(NotPermitted):
        health(CustomerRegistry(access=Denying()))


STANDING = Condition(
    engine="SQLite 3.40.1",
    flaws=("wal_reset",),
    journal_mode="wal",
    synchronous="full",
    schema=5,
    checked=datetime(2026, 11, 23, 20, 5, tzinfo=UTC),
    wal_bytes=4 * 2**20,
    free_bytes=80 * 2**30,
)


AGO = timedelta(hours=9, minutes=20)


def said(condition, language):
    at = datetime(2026, 11, 24, 2, tzinfo=UTC)
    told = attrs.evolve(health(CustomerRegistry()), store=condition, backed_up=at, backup_age=AGO)
    *lines, backed_up = told.lines(language)
    assert str(at)[:16] in backed_up
    return tuple(lines[6:])


def test_health_tells_when_a_backup_was_last_made_and_how_long_ago(tmp_path):
    clock = Clock()
    repository = SQLiteRepository(tmp_path / "customers.db")
    with CustomerRegistry(repository=repository, clock=clock) as registry:
        told = health(registry)
        assert (told.backed_up, told.backup_age) == (None, None)
        assert told.lines("en")[-1] == "No backup has been made yet; run backup."
        assert told.lines("zh")[-1] == "还没有备份过（backup）。"
        for _ in range(2):
            clock.now += timedelta(days=1)
            backup(registry, tmp_path / "a.backup", key=bytes(range(32)))
        clock.now += AGO
        registry.register(kind="person", name="王芳")
        told = health(registry)
    assert (told.backed_up, told.backup_age) == (datetime(2026, 11, 26, 8, tzinfo=UTC), AGO)
    assert told.lines("en")[-1] == "The last backup was made at 2026-11-26 08:00 UTC, 9 h ago."
    assert told.lines("zh")[-1] == "最近一次备份：2026-11-26 08:00 UTC，距今9小时。"


@pytest.mark.parametrize(
    ("age", "told"),
    [
        (timedelta(minutes=-5), "0 min"),
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=119), "119 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=47), "47 h"),
        (timedelta(hours=48), "2 d"),
    ],
    ids=str,
)
def test_an_age_is_told_by_the_unit_that_fits(age, told):
    backed_up = attrs.evolve(
        health(CustomerRegistry()),
        backed_up=datetime(2026, 11, 24, tzinfo=UTC),
        backup_age=age,
    )
    assert backed_up.lines("en")[-1].endswith(f", {told} ago.")


def test_a_file_tells_how_it_stands(tmp_path):
    path = tmp_path / "customers.db"
    with CustomerRegistry.open(path) as registry:
        registry.register(kind="person", name="王芳")
        store = health(registry).store
        assert store.wal_bytes == (tmp_path / "customers.db-wal").stat().st_size > 0
    assert store.engine == f"SQLite {sqlite3.sqlite_version}"
    assert (store.journal_mode, store.synchronous, store.schema) == ("wal", "full", 5)
    assert store.flaws == flaws(sqlite3.sqlite_version_info, "wal")
    assert store.checked is None
    assert store.free_bytes > 0


def test_a_file_that_others_write_has_no_log_and_another_flaw_less(tmp_path):
    repository = SQLiteRepository(tmp_path / "customers.db", journal="delete")
    with CustomerRegistry(repository=repository) as registry:
        store = health(registry).store
    assert (store.journal_mode, store.synchronous) == ("delete", "extra")
    assert (store.flaws, store.wal_bytes) == ((), None)


@pytest.mark.parametrize(
    ("version", "exposed"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 0), False),
    ],
    ids=str,
)
def test_the_flaw_of_the_log_is_known_by_the_version(version, exposed):
    assert flaws(version, "wal") == (("wal_reset",) if exposed else ())
    assert flaws(version, "delete") == ()


def test_what_a_store_tells_is_said_in_both_languages():
    assert said(STANDING, "en") == (
        "It is kept by SQLite 3.40.1, as schema 5.",
        "Journal mode wal, synchronous full.",
        (
            "This SQLite has a known flaw (wal_reset): two connections that checkpoint at the same"
            " instant may damage the database; it is mended from SQLite 3.51.3 on. Here every"
            " checkpoint happens under the writers' lock, so no two meet, as long as nothing but"
            " this package writes to the file."
        ),
        "The write-ahead log holds 4.0 MiB.",
        "Room left on the disk: 80.0 GiB.",
        "A verification last found nothing wrong at 2026-11-23 20:05 UTC.",
    )
    assert len(said(STANDING, "zh")) == 6
    assert said(STANDING, "zh")[-1] == "最近一次核对无误：2026-11-23 20:05 UTC。"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_log_that_grew_beyond_its_bound_is_warned_of(language):
    bound = said(attrs.evolve(STANDING, wal_bytes=32 * 2**20), language)
    beyond = said(attrs.evolve(STANDING, wal_bytes=32 * 2**20 + 1), language)
    (warning,) = set(beyond) - set(bound)
    assert "32 MiB" in warning


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_that_was_never_verified_says_so_and_an_empty_condition_nothing(language):
    assert len(said(attrs.evolve(STANDING, checked=None), language)) == 6
    assert said(attrs.evolve(STANDING, checked=None), language) != said(STANDING, language)
    assert said(Condition(), language) == ()


def test_memory_knows_when_it_was_verified():
    clock = Clock()
    registry = CustomerRegistry(clock=clock)
    verify(registry)
    assert health(registry).store == Condition(checked=clock.now)


def test_a_time_of_verification_that_is_none_is_damage(tmp_path):
    path = tmp_path / "customers.db"
    CustomerRegistry.open(path).close()
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("UPDATE customer_registry_meta SET checked = 'then'")
    raw.close()
    with CustomerRegistry.open(path) as registry, pytest.raises(StorageCorrupt):
        health(registry)


def test_it_is_told_whether_anybody_decides_who_may_do_what():
    class Acts:
        def permits(self, actor, action, customer):
            return True

    assert health(CustomerRegistry()).access == "unrestricted"
    told = health(CustomerRegistry(access=Acts()))
    assert told.access == "restricted"
    assert "Access is restricted by rules." in told.lines("en")
    assert "访问：按规则限制。" in told.lines("zh")
