"""Scenarios of open forms: the code that is shown is the code that is saved, or it comes back."""

from datetime import UTC, datetime, timedelta

import pytest

from customer_registry import (
    Actor,
    CodePattern,
    CodeRule,
    CodeRules,
    CodesExhausted,
    CompanyPolicy,
    CustomerCode,
    CustomerNotFound,
    CustomerRegistry,
    Guarantee,
    LevelCodes,
    ManualCodes,
    NotPermitted,
    ReservationRules,
    StorageBusy,
    ValidationFailed,
)
from customer_registry.domain.codes.policy import CodeMode
from customer_registry.operations import preview_code, verify
from customer_registry.storage.memory import InMemoryRepository
from customer_registry.testing import uscc

LI, HAN = Actor("li.lei"), Actor("han.meimei")
HALF_AN_HOUR = timedelta(minutes=30)
ORG = {"kind": "organization", "name": "上海浦江贸易有限公司"}


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 24, 8, tzinfo=UTC)

    def __call__(self):
        return self.now

    def passes(self, time):
        self.now += time


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def opened(repository, clock):
    def opened(template="KH{number:03}", mode="automatic", *, codes=None, **rules):
        return CustomerRegistry(
            repository=repository,
            codes=codes or CodePattern(template, mode=mode),
            policy=CompanyPolicy(reservations=ReservationRules(**rules)),
            actor=LI,
            clock=clock,
        )

    return opened


def registered(registry, **fields):
    return str(registry.register({"kind": "person", "name": "王芳", **fields}).customer.code)


def refused(act):
    with pytest.raises(ValidationFailed) as failed:
        act()
    return [(issue.code, issue.path) for issue in failed.value.report.errors]


def kept(registry):
    with registry._office.unit("look") as work:
        return work.numbers.reservations()


@pytest.mark.parametrize("mode", ["automatic", "editable"])
def test_the_code_that_is_shown_is_the_code_that_is_saved(opened, mode):
    registry = opened(mode=mode)
    with registry.reserve_code() as code:
        assert registered(registry, name="李娜") == "KH002"
        assert registered(registry, code=str(code)) == "KH001"
    assert kept(registry) == ()
    assert registered(registry) == "KH003"


def test_a_code_is_shown_with_its_time_and_may_be_typed_in_any_case(opened, clock):
    registry = opened()
    reserved = registry.reserve_code()
    assert (str(reserved), reserved.code) == ("KH001", CustomerCode("KH001"))
    assert reserved.until == clock.now + HALF_AN_HOUR
    assert registered(registry, code="ｋｈ001 ") == "KH001"
    assert reserved.release() is False


def test_two_forms_open_at_once_show_different_codes(opened):
    registry = opened()
    with registry.reserve_code() as one, registry.acting_as(HAN).reserve_code() as other:
        assert (str(one), str(other)) == ("KH001", "KH002")


@pytest.mark.parametrize(("refill", "code"), [(True, "KH001"), (False, "KH002")])
def test_a_form_that_is_left_gives_its_number_back_to_the_next_customer(opened, refill, code):
    registry = opened(refill=refill)
    with registry.reserve_code():
        pass
    assert registered(registry) == code
    assert registered(registry) == f"KH00{int(code[-1]) + 1}"


def test_a_form_that_fails_while_it_is_open_gives_its_number_back(opened):
    registry = opened()
    with pytest.raises(ZeroDivisionError), registry.reserve_code():
        _ = 1 / 0
    assert registered(registry) == "KH001"


def test_the_smallest_of_the_numbers_given_back_comes_first(opened):
    registry = opened()
    reserved = [registry.reserve_code() for _ in range(3)]
    assert [each.release() for each in reserved] == [True, True, True]
    assert reserved[0].release() is False
    assert [registered(registry) for _ in range(4)] == ["KH001", "KH002", "KH003", "KH004"]


@pytest.mark.parametrize(("refill", "code"), [(True, "KH001"), (False, "KH002")])
def test_a_code_that_nobody_fetched_in_time_comes_back(opened, clock, refill, code):
    registry = opened(refill=refill)
    registry.reserve_code()
    clock.passes(HALF_AN_HOUR - timedelta(microseconds=1))
    assert str(registry.reserve_code()) == "KH002"
    clock.passes(timedelta(microseconds=1))
    assert registered(registry) == (code if refill else "KH003")


def test_saving_with_a_code_whose_time_is_over_is_refused(opened, clock):
    registry = opened()
    reserved = registry.reserve_code()
    clock.passes(HALF_AN_HOUR)
    expired = [("code.reservation_expired", ("code",))]
    assert refused(lambda: registered(registry, code=str(reserved))) == expired
    assert reserved.release() is False


def test_where_people_may_write_codes_one_whose_time_is_over_is_a_warning(opened, clock):
    registry = opened(mode="editable")
    reserved = registry.reserve_code()
    clock.passes(HALF_AN_HOUR)
    receipt = registry.register(kind="person", name="王芳", code=str(reserved))
    assert [issue.code for issue in receipt.report.warnings] == ["code.reservation_expired"]


def test_where_people_may_write_codes_one_that_was_given_back_is_like_any_other(opened):
    registry = opened(mode="editable")
    reserved = registry.reserve_code()
    assert reserved.release()
    assert registry.check(kind="person", name="王芳", code=str(reserved)).issues == ()


def test_a_form_left_late_gives_back_its_own_reservation_only(opened, clock):
    registry = opened()
    with registry.reserve_code() as code:
        clock.passes(HALF_AN_HOUR)
        later = registry.reserve_code()
        assert later.code == code
    assert registered(registry.acting_as(HAN)) == "KH002"
    assert registered(registry, code=str(later)) == "KH001"


def test_a_code_that_lapsed_and_became_somebody_elses_is_a_duplicate(opened, clock):
    registry = opened()
    reserved = registry.reserve_code()
    clock.passes(HALF_AN_HOUR)
    assert registered(registry.acting_as(HAN)) == "KH001"
    duplicate = [("code.duplicate", ("code",))]
    assert refused(lambda: registered(registry, code=str(reserved))) == duplicate


@pytest.mark.parametrize("mode", ["automatic", "editable"])
def test_a_code_that_another_actor_keeps_is_reserved(opened, mode):
    registry = opened(mode=mode)
    reserved = registry.acting_as(HAN).reserve_code()
    wanted = {"code": str(reserved)}
    assert refused(lambda: registered(registry, **wanted)) == [("code.reserved", ("code",))]
    found = registry.check(kind="person", name="王芳", **wanted)
    assert [issue.code for issue in found.errors] == ["code.reserved"]
    assert registered(registry.acting_as(HAN), **wanted) == "KH001"


def test_a_code_that_may_not_be_saved_is_told_by_its_name(opened, clock):
    registry = opened()
    code = str(registry.reserve_code())
    others = registry.acting_as(HAN).check(kind="person", name="王芳", code=code)
    assert [(each.code, each.params) for each in others.errors] == [
        ("code.reserved", {"value": "KH001"})
    ]
    clock.passes(HALF_AN_HOUR)
    own = registry.check(kind="person", name="王芳", code=code)
    assert [(each.code, each.params) for each in own.errors] == [
        ("code.reservation_expired", {"value": "KH001"})
    ]


def test_nobody_gives_back_what_another_actor_keeps(opened):
    registry = opened()
    reserved = registry.acting_as(HAN).reserve_code()
    release = registry.reserve_code()._release
    assert release(reserved.code) is False
    assert registered(registry.acting_as(HAN), code=str(reserved)) == "KH001"


def test_in_automatic_mode_a_code_that_nobody_keeps_may_not_be_typed(opened):
    registry = opened()
    refusal = [("code.manual_not_allowed", ("code",))]
    assert refused(lambda: registered(registry, code="KH001")) == refusal


def test_an_actor_keeps_only_so_many_codes_and_another_as_many(opened):
    registry = opened(per_actor=2)
    first, _ = registry.reserve_code(), registry.reserve_code()
    too_many = [("code.too_many_reserved", ("code",))]
    assert refused(registry.reserve_code) == too_many
    assert str(registry.acting_as(HAN).reserve_code()) == "KH003"
    first.release()
    assert str(registry.reserve_code()) == "KH001"


def test_codes_whose_time_is_over_and_saved_ones_do_not_count_against_an_actor(opened, clock):
    registry = opened(per_actor=1)
    registry.reserve_code()
    clock.passes(HALF_AN_HOUR)
    again = registry.reserve_code()
    registered(registry, code=str(again))
    assert str(registry.reserve_code()) == "KH002"


def test_a_reservation_that_is_refused_takes_no_number(opened):
    registry = opened(per_actor=1)
    registry.reserve_code()
    refused(registry.reserve_code)
    assert registered(registry) == "KH002"


def test_a_save_that_fails_leaves_the_code_with_the_form_until_it_is_closed(opened):
    registry = opened()
    with registry.reserve_code() as code:
        with pytest.raises(ValidationFailed):
            registry.register(kind="person", name="", code=code)
        assert registered(registry) == "KH002"
        assert registered(registry, code=str(code)) == "KH001"
    with registry.reserve_code() as code, pytest.raises(ValidationFailed):
        registry.register(kind="person", name="", code=code)
    assert registered(registry) == str(code) == "KH003"


def test_a_save_that_only_the_store_refuses_leaves_the_code_with_the_form(repository, clock):
    registry = CustomerRegistry(repository=repository, rules=[], clock=clock)
    registry.register(ORG, tax_identifiers=[uscc(1)])
    with registry.reserve_code() as code:
        with pytest.raises(ValidationFailed):
            registry.register(ORG, tax_identifiers=[uscc(1)], code=code)
        assert [each.code for each in kept(registry)] == [code]
        assert registered(registry, code=str(code)) == "C000002"


@pytest.mark.parametrize("act", ["reserve_code", "preview_code", "release_code"])
def test_who_may_not_keep_codes_is_refused_and_no_number_is_taken(repository, clock, act):
    class Permitted:
        def permits(self, actor, action, customer):
            return action != act

    registry = CustomerRegistry(repository=repository, access=Permitted(), clock=clock)
    acts = {
        "reserve_code": registry.reserve_code,
        "preview_code": lambda: preview_code(registry, {}),
        "release_code": lambda: registry.reserve_code().release(),
    }
    with pytest.raises(NotPermitted):
        acts[act]()
    assert len(kept(registry)) == (act == "release_code")


def test_what_was_saved_does_not_seem_to_fail_when_the_code_cannot_be_given_back(opened, clock):
    class NoGivingBack:
        def permits(self, actor, action, customer):
            return action != "release_code"

    class BusyAtLast(InMemoryRepository):
        busy = False

        def write(self):
            if self.busy:
                raise StorageBusy("busy")
            return super().write()

    registry = CustomerRegistry(access=NoGivingBack(), clock=clock)
    with registry.reserve_code() as code:
        registered(registry, code=str(code))
    with pytest.raises(NotPermitted):
        registry.reserve_code().release()
    repository = BusyAtLast()
    with CustomerRegistry(repository=repository).reserve_code():
        repository.busy = True


def test_a_code_typed_by_hand_that_the_actor_keeps_is_taken_from_his_form(opened):
    registry = opened(mode="editable")
    with registry.reserve_code():
        assert registered(registry, code="KH001") == "KH001"
    assert kept(registry) == ()


def test_a_code_typed_beside_an_open_form_is_stepped_over_by_the_next_form(opened):
    registry = opened(mode="editable")
    with registry.reserve_code() as code:
        assert registered(registry, code="KH002") == "KH002"
        assert str(registry.reserve_code()) == "KH003"
        assert str(code) == "KH001"


def test_a_code_that_was_given_back_and_typed_is_not_refilled(opened):
    registry = opened(mode="editable")
    registry.acting_as(HAN).reserve_code().release()
    assert registered(registry, code="KH001") == "KH001"
    assert registered(registry) == "KH002"
    assert kept(registry) == ()


def test_a_reservation_is_for_a_form_as_far_as_it_is_typed(opened):
    registry = opened("{kind:person=P,organization=E}{number:03,by=kind}")
    with registry.reserve_code(kind="organization") as code:
        assert str(code) == "E001"
        assert registered(registry) == "P001"
        assert str(registry.register(ORG, code=code).customer.code) == "E001"


def test_a_reservation_names_the_field_that_the_code_lacks_and_nothing_else(opened):
    registry = opened("{grade:A=VIP,B=STD}{number:03}")
    lacking = [("code.field_missing", ("grade",))]
    assert refused(lambda: registry.reserve_code(website="nowhere")) == lacking
    assert str(registry.reserve_code(grade="A")) == "VIP001"


def test_numbers_that_are_used_up_are_told_with_the_form(opened):
    registry = opened("K{number:1,end=1}")
    registry.reserve_code()
    with pytest.raises(CodesExhausted) as exhausted:
        registry.acting_as(HAN).reserve_code(name="王芳")
    assert exhausted.value.report.echo == {"name": "王芳"}
    assert [issue.code for issue in exhausted.value.report] == ["code.sequence_overflow"]


def test_a_number_of_an_earlier_month_is_not_refilled_in_a_later_one(opened, clock):
    registry = opened("{date:%y%m}-{number:03,reset=month}")
    with registry.reserve_code() as code:
        assert str(code) == "2611-001"
    clock.passes(timedelta(days=10))
    assert registered(registry) == "2612-001"


def test_a_form_that_is_open_over_midnight_keeps_its_code(opened, clock):
    registry = opened("{date:%Y%m%d}-{number:2,reset=day}")
    clock.now = datetime(2026, 11, 24, 23, 55, tzinfo=UTC)
    with registry.reserve_code() as code:
        clock.passes(timedelta(minutes=10))
        assert registered(registry, code=str(code)) == "20261124-01"
    assert registered(registry) == "20261125-01"


@pytest.mark.parametrize("block", [1, 3])
def test_a_unique_pattern_keeps_codes_and_never_gives_one_twice(opened, block):
    registry = opened(codes=CodePattern("KH{number:03}", guarantee="unique", block=block))
    with registry.reserve_code():
        pass
    reserved = [registry.reserve_code() for _ in range(4)]
    codes = [registered(registry, code=str(each)) for each in reserved]
    codes += [registered(registry) for _ in range(4)]
    assert len(set(codes)) == 8
    assert "KH001" not in codes
    assert kept(registry) == ()


def test_a_pattern_by_chance_shows_its_code_and_passes_over_those_that_are_kept(opened):
    chances = iter([7, 7, 8, 7])
    pattern = CodePattern("R{random:2}", chance=lambda limit: next(chances))
    registry = opened(codes=pattern)
    first, second = registry.reserve_code(), registry.reserve_code()
    assert (str(first), str(second)) == ("R29", "R2A")
    second.release()
    first.release()
    assert kept(registry) == ()
    assert registered(registry) == "R29"


def test_chance_that_meets_only_kept_codes_is_exhausted(opened):
    registry = opened(codes=CodePattern("R{random:2}", chance=lambda limit: 7))
    registry.reserve_code()
    with pytest.raises(CodesExhausted):
        registry.reserve_code()


def test_a_level_code_is_kept_below_its_parent(opened):
    registry = opened(codes=LevelCodes("2-3"))
    assert registered(registry) == "01"
    with registry.reserve_code(parent="01") as code:
        assert registered(registry, parent="01") == "01002"
        assert registered(registry, parent="01", code=str(code)) == "01001"
    with registry.reserve_code(parent="01"):
        pass
    assert registered(registry, parent="01") == "01003"


def test_each_of_several_rules_keeps_codes_of_its_own(opened):
    rules = CodeRules([
        CodeRule(CodePattern("P{number:03,range=person}"), when={"kind": "person"}),
        CodeRule(CodePattern("E{number:03}")),
    ])  # fmt: skip
    registry = opened(codes=rules)
    with registry.reserve_code(kind="organization"), registry.reserve_code(kind="person") as code:
        assert registered(registry, code=str(code)) == "P001"
    assert str(registry.register(ORG).customer.code) == "E001"
    assert registered(registry) == "P002"


@pytest.mark.parametrize("codes", [ManualCodes(), CodePattern("KH{number:03}", mode="manual")])
def test_where_people_give_the_codes_none_is_kept(opened, codes):
    assert refused(opened(codes=codes).reserve_code) == [("code.required", ("code",))]


class HostCodes:
    """A host's own policy: the five members that the protocol asks for, and no more."""

    guarantee = Guarantee.GAPLESS
    mode = CodeMode.AUTOMATIC
    pattern = "H9"

    def assign(self, context, numbers):
        return CustomerCode(f"H{numbers.next('host')}")

    def accepts(self, code):
        return str(code).startswith("H")


@pytest.mark.parametrize(("refill", "code"), [(True, "H2"), (False, "H3")])
def test_a_hosts_own_policy_keeps_refills_and_steps_over_codes_too(opened, refill, code):
    registry = opened(codes=HostCodes(), refill=refill)
    with registry.reserve_code() as first:
        assert registered(registry, code=str(first)) == "H1"
    with registry.reserve_code():
        pass
    assert registered(registry) == code


def test_a_hosts_policy_that_knows_one_code_only_comes_to_an_end(opened):
    class OneCode(HostCodes):
        def assign(self, context, numbers):
            return CustomerCode("H")

    registry = opened(codes=OneCode())
    assert registered(registry) == "H"
    with pytest.raises(CodesExhausted):
        registered(registry)


def test_a_reservation_outlives_the_process_that_made_it(tmp_path):
    where = tmp_path / "customers.db"
    codes = CodePattern("KH{number:03}")
    with CustomerRegistry.open(where, codes=codes, actor=LI) as registry:
        code = str(registry.reserve_code())
        registry.acting_as(HAN).reserve_code().release()
    with CustomerRegistry.open(where, codes=codes, actor=HAN) as registry:
        assert refused(lambda: registered(registry, code=code)) == [("code.reserved", ("code",))]
        assert registered(registry) == "KH002"
        assert registered(registry.acting_as(LI), code=code) == "KH001"


def test_a_row_that_brings_a_kept_code_is_loaded_for_its_owner_only(opened):
    registry = opened()
    mine, theirs = registry.reserve_code(), registry.acting_as(HAN).reserve_code()
    rows = [{"kind": "person", "name": "王芳", "code": str(code)} for code in (mine, theirs)]
    report = registry.load([*rows, {"kind": "person", "name": "李娜"}])
    assert [str(row.code) for row in report.registered] == ["KH001", "KH003"]
    assert [issue.code for row in report.refused for issue in row.report] == ["code.reserved"]


def test_a_code_is_not_found_before_it_is_saved(opened):
    registry = opened()
    with registry.reserve_code() as code, pytest.raises(CustomerNotFound):
        registry.get(code)


def test_a_registry_agrees_with_its_journal_when_all_forms_are_closed(opened):
    registry = opened()
    with registry.reserve_code() as code:
        registered(registry)
        registered(registry, code=str(code))
    assert verify(registry).ok
