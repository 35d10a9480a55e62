"""The audit finds what is wrong with a numbering, and nothing where nothing is."""

import sqlite3
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from number_stores import Clock, bend, lose, opened, registered

from customer_registry import CodePattern, CustomerRegistry, LevelCodes, ManualCodes, NotPermitted
from customer_registry.operations import (
    audit_numbering,
    number_ledger,
    raise_numbers,
    recode,
    verify,
)
from customer_registry.storage.memory import InMemoryRepository
from customer_registry.storage.sqlite import SQLiteRepository

MONTHLY = "{date:%y%m}-{number:02,reset=month}"


def audited(registry, **options):
    (found,) = audit_numbering(registry, **options).ranges
    return found


def test_a_store_that_was_only_used_is_sound(repository):
    clock = Clock()
    registry = opened(repository, clock=clock)
    for _ in range(3):
        registered(registry)
    kept = [registry.reserve_code() for _ in range(3)]
    kept[0].release()
    audit = audit_numbering(registry)
    found = audited(registry)
    assert audit.sound
    assert (found.name, found.last, found.used, found.highest) == ("customer", 6, 3, 3)
    assert (found.reserved, found.released, found.expired) == (2, 1, 0)
    assert (found.gaps, found.behind, found.ahead, audit.periods_ahead) == ((), 0, 0, ())
    clock.tick(hours=1)
    assert audited(registry).expired == 2
    assert audit_numbering(registry).sound


def test_gaps_are_told_as_spans(repository):
    registry = opened(repository)
    lose(registry)
    registered(registry)
    lose(registry, 3)
    registered(registry)
    lose(registry, 2)
    assert audited(registry).gaps == ((1, 1), (3, 5), (7, 8))
    assert not audit_numbering(registry).sound


def test_a_counter_that_ran_away_is_audited_at_once():
    registry = opened(InMemoryRepository(), "KH{number}")
    registered(registry)
    with registry.unit("bend", writing=True) as work:
        work.numbers.raise_to("customer", 10**15)
    assert audited(registry).gaps == ((2, 10**15),)


def test_what_was_raised_for_a_reason_is_no_gap():
    registry = opened(InMemoryRepository())
    registered(registry)
    raise_numbers(registry, "KH500", reason="编号与旧系统衔接")
    registered(registry)
    assert audit_numbering(registry).sound


def test_gaps_of_a_unique_rule_are_counted_and_no_fault():
    pattern = CodePattern("KH{number:03}", guarantee="unique", block=5)
    registry = opened(InMemoryRepository(), pattern)
    registered(registry)
    another = CustomerRegistry(repository=registry._office.repository, codes=pattern)
    registered(another)
    found = audited(registry)
    assert found.used == 2
    assert found.gaps
    assert audit_numbering(registry).sound
    assert "as the rule allows" in "".join(audit_numbering(registry).lines("en"))


def test_a_counter_behind_the_codes_it_gave_is_a_fault(repository):
    registry = opened(repository)
    for _ in range(5):
        registered(registry)
    bend(repository, 2)
    found = audited(registry)
    assert (found.last, found.highest, found.behind, found.ahead) == (2, 5, 3, 0)
    assert not audit_numbering(registry).sound


def test_a_counter_behind_is_a_fault_though_a_number_between_is_only_kept():
    repository = InMemoryRepository()
    registry = opened(repository)
    registered(registry)
    registry.reserve_code()
    registered(registry)
    bend(repository, 0)
    assert audited(registry).behind == 2


def test_codes_that_people_put_ahead_are_no_fault():
    registry = opened(InMemoryRepository(), mode="editable")
    registered(registry)
    for code in ("KH003", "KH900"):
        registered(registry, code=code)
    registered(registry)
    found = audited(registry)
    assert (found.last, found.behind, found.ahead) == (2, 0, 2)
    assert audit_numbering(registry).sound


def test_a_range_that_only_typed_codes_belong_to_has_passed_nothing_of_its_own():
    registry = opened(InMemoryRepository(), "KH{number:03,start=100}", "editable")
    registered(registry, code="KH150")
    found = audited(registry)
    assert (found.last, found.highest, found.used) == (99, 150, 1)
    assert (found.gaps, found.behind, found.ahead) == ((), 0, 1)
    assert audit_numbering(registry).sound


def test_a_customer_who_was_given_a_code_ahead_is_no_fault():
    registry = opened(InMemoryRepository())
    recode(registry, registered(registry), "KH003", "并入集团编码")
    found = audited(registry)
    assert (found.last, found.behind, found.ahead) == (1, 0, 1)
    assert audit_numbering(registry).sound


def test_recoded_customers_hide_no_counter_that_is_behind():
    repository = InMemoryRepository()
    registry = opened(repository)
    customers = [registered(registry) for _ in range(4)]
    recode(registry, customers[0], "KH006", "并入集团编码")
    bend(repository, 2)
    found = audited(registry)
    assert (found.behind, found.ahead) == (2, 1)


@pytest.mark.parametrize(("warn_at", "warned"), [(0.3, True), (0.31, False)])
def test_a_range_nearly_used_up_is_told_from_the_share_on(warn_at, warned):
    registry = opened(InMemoryRepository(), "KH{number:02,end=10}")
    for _ in range(3):
        registered(registry)
    found = audited(registry, warn_at=warn_at)
    assert (found.share, found.maximum, found.nearly_exhausted) == (0.3, 10, warned)
    assert audit_numbering(registry, warn_at=warn_at).sound


def test_the_share_counts_from_the_first_number():
    registry = opened(InMemoryRepository(), "KH{number:02,start=0,end=4}")
    registered(registry)
    assert audited(registry).share == 0.2


def test_a_period_that_is_over_is_not_nearly_used_up():
    clock = Clock()
    registry = opened(InMemoryRepository(), "{date:%y%m}{number:01,reset=month}", clock=clock)
    for _ in range(8):
        registered(registry)
    assert audited(registry).nearly_exhausted
    clock.tick(days=30)
    registered(registry)
    over, running = audit_numbering(registry).ranges
    assert (over.name, over.nearly_exhausted) == ("customer|2026-11", False)
    assert (running.name, running.nearly_exhausted) == ("customer|2026-12", False)


def test_a_clock_that_ran_ahead_is_told_until_the_period_is_there(repository):
    clock = Clock()
    clock.tick(days=90)
    registry = opened(repository, MONTHLY, clock=clock)
    registered(registry)
    clock.tick(days=-90)
    registered(registry)
    audit = audit_numbering(registry)
    assert audit.periods_ahead == (("customer", date(2027, 2, 1)),)
    assert not audit.sound
    assert [entry.code for entry in number_ledger(registry)] == ["2702-01", "2702-02"]
    clock.tick(days=90)
    assert audit_numbering(registry).sound


def test_a_mark_that_somebody_bent_breaks_no_audit():
    repository = InMemoryRepository()
    registry = opened(repository, MONTHLY, clock=Clock())
    registered(registry)
    bend(repository, 10**12, "customer@month")
    assert audit_numbering(registry).periods_ahead == (("customer", date.max),)


def test_numbers_of_an_earlier_rule_are_no_gap(repository):
    for _ in range(3):
        registered(opened(repository, "C{number:06}"))
    registry = opened(repository)
    assert audit_numbering(registry).sound
    registered(registry)
    assert (audited(registry).gaps, audited(registry).used) == ((), 1)
    lose(registry)
    assert audited(registry).gaps == ((5, 5),)


def test_a_range_that_no_rule_draws_from_any_more_is_only_listed():
    repository = InMemoryRepository()
    clock = Clock()
    registered(opened(repository, MONTHLY, clock=clock))
    registry = opened(repository, "{date:%y%m}-{number:03,reset=year}", clock=clock)
    registered(registry)
    present, former = audit_numbering(registry).ranges
    assert (former.name, former.maximum, former.gaps) == ("customer|2026-11", None, ())
    assert (present.name, present.maximum, present.gaps) == ("customer|2026", 999, ())


def test_level_codes_are_audited_under_each_parent():
    registry = opened(InMemoryRepository(), LevelCodes("1-2"))
    head = registered(registry)
    registered(registry, parent=str(head.code))
    lose(registry, name="level|1")
    registered(registry, parent=str(head.code))
    top, below = audit_numbering(registry).ranges
    assert (top.name, top.maximum, top.gaps) == ("level|", 9, ())
    assert (below.name, below.maximum, below.gaps) == ("level|1", 99, ((2, 2),))


@pytest.mark.parametrize("codes", [ManualCodes(), CodePattern("KH{random:6}")])
def test_codes_without_numbers_have_nothing_to_audit(codes):
    registry = opened(InMemoryRepository(), codes)
    typed = {"code": "VIP"} if isinstance(codes, ManualCodes) else {}
    registered(registry, **typed)
    audit = audit_numbering(registry)
    assert (audit.sound, audit.ranges) == (True, ())
    assert audit.lines("en") == ("There are no ranges yet",)


def test_the_audit_speaks_both_languages():
    repository = InMemoryRepository()
    registry = opened(repository, "KH{number:02,end=9}", "editable")
    for _ in range(4):
        registered(registry)
    registered(registry, code="KH08")
    lose(registry, 3)
    assert audit_numbering(registry, warn_at=0.9).lines("zh") == (
        "号段 customer：已用到 7，在用编码 5 个，占 89%",
        "  断号：5-7，没有任何记录可以说明",
        "  有 1 个人工或导入的编码大于流水号，取号时自动跳过",
    )
    assert audit_numbering(registry, warn_at=0.7).lines("en") == (
        "Range customer: passed up to 7, 5 codes in use, 89% of it",
        "  Gaps that nothing explains: 5-7",
        "  Codes ahead of the counter, which steps over them: 1, typed or imported",
        "  Nearly used up: 9 is the last; extend the coding rule",
    )


def test_what_is_behind_and_what_is_ahead_of_time_is_said_in_both_languages():
    repository, clock = InMemoryRepository(), Clock()
    clock.tick(days=90)
    registry = opened(repository, MONTHLY, clock=clock)
    for _ in range(3):
        registered(registry)
    clock.tick(days=-90)
    bend(repository, 1, "customer|2027-02")
    audit = audit_numbering(registry)
    assert "  流水号落后：有 2 个已发出的编码在流水号之后，请修复编号" in audit.lines("zh")
    assert "  The counter is behind 2 of the codes it gave; repair the numbering" in audit.lines(
        "en"
    )
    assert "2027-02-01" in audit.lines("zh")[-1]
    assert "numbers go on in that period" in audit.lines("en")[-1]


def test_who_may_not_audit_is_refused():
    class Nobody:
        def permits(self, actor, action, customer):
            return action != "audit_numbering"

    with pytest.raises(NotPermitted):
        audit_numbering(CustomerRegistry(access=Nobody()))


def test_an_audit_needs_no_document_of_a_sound_store(tmp_path):
    repository = SQLiteRepository(tmp_path / "customers.db")
    for _ in range(3):
        registered(opened(repository))
    raw = sqlite3.connect(repository.path, isolation_level=None)
    raw.execute("UPDATE customer_registry_customers SET document = x'7b'")
    raw.close()
    assert audit_numbering(opened(repository)).sound
    repository.close()


def test_a_range_whose_last_numbers_are_all_forbidden_is_used_up():
    registry = opened(InMemoryRepository(), "KH{number:2,start=43,skip=5+6+7+8+9}")
    registered(registry)
    registered(registry)
    (only,) = audit_numbering(registry).ranges
    assert (only.last, only.share, only.nearly_exhausted) == (44, 1.0, True)


def test_codes_ahead_of_the_counter_use_the_range_up_too():
    registry = opened(InMemoryRepository(), "KH{number:1}", "editable")
    for number in range(2, 9):
        registered(registry, code=f"KH{number}")
    (only,) = audit_numbering(registry).ranges
    assert (round(only.share, 2), only.nearly_exhausted) == (0.78, False)
    registered(registry, code="KH9")
    (only,) = audit_numbering(registry).ranges
    assert only.nearly_exhausted


def test_codes_that_can_be_read_in_two_ways_accuse_nobody():
    registry = opened(InMemoryRepository(), "{category}{number}")
    for at in range(12):
        registered(registry, category=("A", "A1", "1")[at % 3])
    audit = audit_numbering(registry)
    assert (audit.is_legible, audit.sound) == (False, True)
    assert any("two ways" in line for line in audit.lines("en"))
    assert verify(registry).ok


def test_a_range_that_no_rule_of_today_draws_from_is_told():
    repository = InMemoryRepository()
    registered(opened(repository, "KH{number:3,range=old}"))
    told = audit_numbering(opened(repository, "N{number:3}")).lines("en")
    assert "  No rule of today draws from this range" in told


RULES = (
    "KH{number:03}",
    "K{number:06}",
    "KH-{number:04}",
    "{number:08}",
    "{date:%y%m}-{number:04}",
    "{date:%Y%m%d}{number:05}",
    "KH{number:05}{check:luhn}",
    "KH{number:04}{check:mod11-2}",
)


@pytest.mark.parametrize("between", RULES[1:])
def test_a_rule_that_was_in_use_for_a_while_leaves_no_gap(repository, between):
    clock = Clock()
    for pattern in (RULES[0], between, RULES[0]):
        registry = opened(repository, pattern, clock=clock)
        for _ in range(3):
            registered(registry)
    assert audit_numbering(registry).sound
    assert verify(registry).ok
    assert [entry.number for entry in number_ledger(registry)] == list(range(1, 10))
    assert {str(entry.state) for entry in number_ledger(registry)} == {"used"}


def test_numbers_of_an_earlier_rule_are_told_with_their_codes_and_who_gave_them():
    store = InMemoryRepository()
    for pattern in ("KH{number:03}", "K-{number:05}", "KH{number:03}"):
        registry = opened(store, pattern)
        registered(registry)
    (ledger,) = [each for each in number_ledger(registry) if each.number == 2]
    assert (ledger.code, ledger.by, str(ledger.state)) == ("K-00002", "han.meimei", "used")
    assert audited(registry).used == 3


@pytest.mark.parametrize("lost_in", [0, 1, 2])
def test_a_number_that_was_lost_stays_a_gap_whatever_rules_came_and_went(lost_in):
    store = InMemoryRepository()
    for at, pattern in enumerate(("KH{number:03}", "K{number:05}", "KH{number:03}")):
        registry = opened(store, pattern)
        registered(registry)
        if at == lost_in:
            lose(registry)
        registered(registry)
    missing = lost_in * 2 + 2
    assert audited(registry).gaps == ((missing, missing),)
    assert [each.where for each in verify(registry).disagreements] == [f"customer: {missing}"]


def test_a_rule_with_a_counter_of_its_own_explains_no_gap():
    store = InMemoryRepository()
    registry = opened(store, "KH{number:03}")
    registered(registry)
    lose(registry, 2)
    registered(registry)
    other = opened(store, "K{number:03,range=other}")
    for _ in range(4):
        registered(other)
    assert audited_of(opened(store, "KH{number:03}"), "customer").gaps == ((2, 3),)


def audited_of(registry, name):
    return next(each for each in audit_numbering(registry).ranges if each.name == name)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(RULES), st.integers(1, 7)), min_size=1, max_size=6))
def test_no_history_of_rules_over_one_counter_leaves_a_gap(history):
    store, clock = InMemoryRepository(), Clock()
    for pattern, many in history:
        registry = opened(store, pattern, clock=clock)
        for _ in range(many):
            registered(registry)
    gaps = audited_of(registry, "customer").gaps
    assert gaps == ()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(RULES[:4]), st.integers(2, 7), st.integers(0, 2)),
        min_size=1,
        max_size=5,
    )
)
def test_in_any_history_of_rules_as_many_numbers_are_missing_as_were_lost(history):
    store, lost, is_known = InMemoryRepository(), 0, False
    for pattern, many, losing in history:
        registry = opened(store, pattern)
        registered(registry)
        lose(registry, losing)
        for _ in range(many):
            registered(registry)
        is_known = is_known or pattern == history[-1][0]
        lost += losing if is_known else 0
    missing = sum(last - first + 1 for first, last in audited_of(registry, "customer").gaps)
    assert missing == lost
