"""A counter is raised on purpose, and what an audit finds is mended: that, and nothing else."""

import pytest
from number_stores import HAN, LI, Clock, bend, lose, opened, registered

from customer_registry import (
    CodePattern,
    CodesExhausted,
    CustomerCode,
    CustomerRegistry,
    NotPermitted,
    ValidationFailed,
)
from customer_registry.domain.codes.reservation import Reservation
from customer_registry.operations import (
    Repair,
    audit_numbering,
    number_ledger,
    raise_numbers,
    recode,
    repair_numbering,
    verify,
)
from customer_registry.storage.memory import InMemoryRepository


def acts(registry):
    with registry.unit("look") as work:
        return work.journal.of(None)


def refused(act):
    with pytest.raises(ValidationFailed) as failed:
        act()
    return [(issue.code, issue.path) for issue in failed.value.report.errors]


def stored(registry):
    with registry.unit("look") as work:
        customers = [customer for _, customer in work.customers.iterate()]
        return customers, work.numbers.ranges(), work.numbers.reservations()


def keep(registry, code, **facts):
    with registry.unit("keep", writing=True) as work:
        now = registry._office.clock()
        facts = {"owner": "li.lei", "at": now, "until": now, **facts}
        work.numbers.reserve(Reservation(code=CustomerCode(code), **facts))


def test_a_counter_goes_on_behind_a_number_or_a_code(repository):
    registry = opened(repository)
    assert raise_numbers(registry, "customer", 20, reason="预留前二十号") == 20
    assert str(registered(registry).code) == "KH021"
    assert raise_numbers(registry, "kh-040".replace("-", ""), reason="与旧系统衔接") == 40
    assert str(registered(registry).code) == "KH041"


def test_a_raise_is_journalled_with_its_reason(repository):
    clock = Clock()
    registry = opened(repository, clock=clock)
    registered(registry)
    raise_numbers(registry, "customer", 9, reason="  预留 ")
    (act,) = acts(registry)
    (change,) = act.changes
    assert (act.action, act.actor, act.at, act.reason) == (
        "numbers_raised",
        HAN.id,
        clock.now,
        "预留",
    )
    assert (change.path, change.before, change.after) == ("numbers.customer", 1, 9)
    assert verify(registry).ok


def test_a_counter_is_never_lowered_and_nothing_written(repository):
    registry = opened(repository)
    for _ in range(5):
        registered(registry)
    assert raise_numbers(registry, "customer", 3, reason="预留") == 5
    assert raise_numbers(registry, "KH005", reason="预留") == 5
    assert acts(registry) == ()
    assert str(registered(registry).code) == "KH006"


def test_numbers_are_meant_as_codes_show_them():
    registry = opened(InMemoryRepository(), "KH{number:03,start=0}")
    assert raise_numbers(registry, "customer", 4, reason="预留") == 4
    assert str(registered(registry).code) == "KH005"
    assert raise_numbers(registry, "KH007", reason="预留") == 7


def test_the_range_of_an_earlier_rule_is_raised_as_it_is():
    repository = InMemoryRepository()
    registered(opened(repository, "KH{number:03,range=old}"))
    registry = opened(repository)
    assert raise_numbers(registry, "old", 7, reason="留给旧系统") == 7
    assert str(registered(opened(repository, "KH{number:03,range=old}")).code) == "KH008"


def test_a_block_that_this_process_holds_is_let_go():
    registry = opened(
        InMemoryRepository(), CodePattern("KH{number:03}", guarantee="unique", block=10)
    )
    registered(registry)
    registered(registry)
    raise_numbers(registry, "customer", 6, reason="预留")
    assert str(registered(registry).code) == "KH007"


@pytest.mark.parametrize("reason", ["", " \n", None])
def test_a_raise_needs_a_reason(reason):
    registry = opened(InMemoryRepository())
    missing = [("reason.required", ("reason",))]
    assert refused(lambda: raise_numbers(registry, "customer", 5, reason=reason)) == missing
    assert refused(lambda: repair_numbering(registry, reason=reason)) == missing
    assert acts(registry) == ()


def test_all_that_is_wrong_with_a_raise_is_told_at_once():
    registry = opened(InMemoryRepository())
    assert refused(lambda: raise_numbers(registry, "VIP-1", reason="")) == [
        ("code.off_pattern", ("code",)),
        ("reason.required", ("reason",)),
    ]
    assert refused(lambda: raise_numbers(registry, "", reason="预留")) == [
        ("code.required", ("code",))
    ]


def test_a_raise_needs_a_range_that_there_is():
    registry = opened(InMemoryRepository(), "{date:%y%m}-{number:02,reset=month}", clock=Clock())
    registered(registry)
    for name in ("custmer", "customer", "customer@month"):
        with pytest.raises(ValueError, match=r"there are customer\|2026-11"):
            raise_numbers(registry, name, 5, reason="预留")


def test_a_raise_goes_no_further_than_the_last_number():
    registry = opened(InMemoryRepository())
    with pytest.raises(CodesExhausted):
        raise_numbers(registry, "customer", 1000, reason="预留")
    assert raise_numbers(registry, "customer", 999, reason="停用号段") == 999


def test_a_sound_store_needs_no_repair(repository):
    registry = opened(repository)
    registered(registry)
    registry.reserve_code().release()
    registry.reserve_code()
    before = stored(registry)
    assert repair_numbering(registry, reason="季度检查") == ()
    assert (stored(registry), acts(registry)) == (before, ())


def test_a_counter_behind_is_raised_over_the_codes_it_gave(repository):
    registry = opened(repository)
    for _ in range(5):
        registered(registry)
    bend(repository, 2)
    assert repair_numbering(registry, reason="恢复备份") == (Repair("raised", "customer", 2, 5),)
    assert audit_numbering(registry).sound
    assert repair_numbering(registry, reason="恢复备份") == ()
    assert str(registered(registry).code) == "KH006"
    assert [act.reason for act in acts(registry)] == ["恢复备份"]
    assert verify(registry).ok


def test_numbers_lost_before_a_counter_that_was_behind_are_told_as_raised():
    repository = InMemoryRepository()
    registry = opened(repository)
    registered(registry)
    kept = registry.reserve_code()
    registered(registry)
    bend(repository, 0)
    with registry.unit("forget", writing=True) as work:
        work.numbers.forget(kept.code)
    repair_numbering(registry, reason="恢复备份")
    states = [(entry.number, entry.state, entry.reason) for entry in number_ledger(registry)]
    assert states == [(1, "used", None), (2, "raised", "恢复备份"), (3, "used", None)]


def test_a_code_far_ahead_exhausts_nothing():
    repository = InMemoryRepository()
    typing = opened(repository, "KH{number:06}", "editable")
    for code in ("KH000002", "KH999999"):
        registered(typing, code=code)
    registry = opened(repository, "KH{number:06}")
    found = audit_numbering(registry).ranges[0]
    assert (found.behind, found.ahead) == (1, 1)
    assert repair_numbering(registry, reason="检查") == (Repair("raised", "customer", 0, 2),)
    assert repair_numbering(registry, reason="检查") == ()
    assert audit_numbering(registry).ranges[0].ahead == 1


def test_codes_that_people_put_ahead_raise_no_counter():
    registry = opened(InMemoryRepository(), mode="editable")
    registered(registry, code="KH003")
    assert repair_numbering(registry, reason="检查") == ()
    recoded = opened(InMemoryRepository())
    recode(recoded, registered(recoded), "KH003", "换号")
    assert repair_numbering(recoded, reason="检查") == ()


def test_a_hole_stays_a_gap(repository):
    registry = opened(repository)
    registered(registry)
    lose(registry)
    registered(registry)
    assert repair_numbering(registry, reason="检查") == ()
    assert audit_numbering(registry).ranges[0].gaps == ((2, 2),)


def test_a_reservation_whose_code_a_customer_has_is_dropped(repository):
    registry = opened(repository)
    registered(registry)
    keep(registry, "KH001", range="customer", number=1)
    assert repair_numbering(registry, reason="检查") == (Repair("dropped", "KH001"),)
    assert stored(registry)[2] == ()
    (act,) = acts(registry)
    assert (act.action, act.reason) == ("reservation_dropped", "检查")
    assert act.changes[0].path == "reservations.KH001"
    assert repair_numbering(registry, reason="检查") == ()


def test_reservations_that_are_over_are_kept_as_long_as_they_explain_a_number(repository):
    clock = Clock()
    registry = opened(repository, clock=clock)
    registry.reserve_code()
    keep(registry, "VIP-1")
    clock.tick(hours=1)
    assert repair_numbering(registry, reason="检查") == (Repair("dropped", "VIP-1"),)
    assert [str(kept.code) for kept in stored(registry)[2]] == ["KH001"]
    assert audit_numbering(registry).sound


def test_reservations_by_chance_are_dropped_when_they_are_over():
    clock = Clock()
    registry = opened(InMemoryRepository(), "KH{random:6}", clock=clock)
    over = registry.reserve_code()
    clock.tick(hours=1)
    registry.acting_as(LI).reserve_code()
    assert repair_numbering(registry, reason="检查") == (Repair("dropped", str(over.code)),)


def test_a_repair_touches_no_customer_and_no_other_counter(repository):
    pattern = "{kind:person=P,organization=E}{number:03,by=kind}"
    registry = opened(repository, pattern)
    for _ in range(2):
        registered(registry)
    lose(registry, 3, "customer|kind=organization")
    before = stored(registry)
    bend(repository, 1, "customer|kind=person")
    repair_numbering(registry, reason="检查")
    assert stored(registry) == before


def test_a_refused_repair_changes_nothing():
    class Nobody:
        def permits(self, actor, action, customer):
            return action not in {"raise_numbers", "repair_numbering"}

    registry = CustomerRegistry(access=Nobody())
    with pytest.raises(NotPermitted):
        raise_numbers(registry, "customer", 5, reason="预留")
    with pytest.raises(NotPermitted):
        repair_numbering(registry, reason="检查")


@pytest.mark.parametrize("to", [7.5, True, "7", 10**30, -(10**30)])
def test_a_counter_goes_on_behind_a_whole_number_only(to):
    registry = CustomerRegistry()
    registry.register(kind="person", name="王芳")
    with pytest.raises(ValueError, match="whole"):
        raise_numbers(registry, "customer", to, reason="衔接")
    assert str(registry.register(kind="person", name="李娜").customer.code) == "C000002"
