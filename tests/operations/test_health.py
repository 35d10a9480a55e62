"""Scenarios of a registry's health: what it guarantees, and how it stands."""

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
)
from customer_registry.domain.codes.policy import CodeMode
from customer_registry.operations import health
from customer_registry.repository import Durability
from customer_registry.storage.sqlite import SQLiteRepository


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
