"""Scenarios of codes to come: previewed, proposed, given back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import (
    Actor,
    CodePattern,
    CodesExhausted,
    CompanyPolicy,
    CustomerCode,
    CustomerRegistry,
    Guarantee,
    LevelCodes,
    ManualCodes,
    NotPermitted,
    ReservationRules,
    ValidationFailed,
)
from customer_registry.domain.codes.policy import CodeMode
from customer_registry.operations import preview_code, propose_codes, recode, release_code

HAN = Actor("han.meimei")
HALF_AN_HOUR = timedelta(minutes=30)


class Clock:
    def __init__(self):
        self.now = datetime(2026, 11, 24, 8, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def opened(repository, clock):
    def opened(codes="KH{number:03}", mode="automatic", access=None, **rules):
        return CustomerRegistry(
            repository=repository,
            codes=CodePattern(codes, mode=mode) if isinstance(codes, str) else codes,
            policy=CompanyPolicy(reservations=ReservationRules(**rules)),
            clock=clock,
            **({"access": access} if access else {}),
        )

    return opened


def registered(registry, **fields):
    return registry.register({"kind": "person", "name": "王芳", **fields}).customer.code


def manual(*codes):
    registry = CustomerRegistry(codes=ManualCodes())
    for code in codes:
        registered(registry, code=code)
    return registry


def proposed(registry, prefix, **limit):
    return [str(code) for code in propose_codes(registry, prefix, **limit)]


def refused(act):
    with pytest.raises(ValidationFailed) as failed:
        act()
    return [(issue.code, issue.path) for issue in failed.value.report.errors]


def test_a_preview_twice_is_the_code_of_the_registration_that_follows(opened):
    registry = opened()
    for _ in range(3):
        shown = preview_code(registry)
        assert preview_code(registry) == shown
        assert registered(registry) == shown


@pytest.mark.parametrize(
    "codes",
    [
        CodePattern("KH{number:03}", guarantee="unique", block=3),
        CodePattern("{number:04,start=5,step=7}"),
        CodePattern("{number:03,skip=4+13}"),
        CodePattern("{date:%y%m}-{number:03,reset=month}"),
        CodePattern("KH{number:03}{check:mod11-10}"),
        LevelCodes("2-3"),
    ],
    ids=str,
)
def test_a_preview_is_the_next_code_of_every_counting_rule(opened, codes):
    registry = opened(codes)
    for _ in range(8):
        shown = preview_code(registry)
        assert registered(registry) == shown


def test_a_preview_knows_numbers_that_came_back_and_those_that_are_kept(opened, clock):
    registry = opened()
    one, _, three, lapsing = (registry.reserve_code() for _ in range(4))
    three.release()
    assert str(preview_code(registry)) == "KH003"
    one.release()
    assert str(preview_code(registry)) == "KH001"
    assert [registered(registry) for _ in range(2)] == [one.code, three.code]
    clock.now += HALF_AN_HOUR
    assert str(preview_code(registry)) == "KH002"
    assert registered(registry, kind="person") == CustomerCode("KH002")
    assert preview_code(registry) == lapsing.code


def test_a_preview_without_refilling_passes_over_numbers_that_came_back(opened):
    registry = opened(refill=False)
    registry.reserve_code().release()
    assert preview_code(registry) == registered(registry) == CustomerCode("KH002")


def test_a_preview_passes_over_typed_codes(opened):
    registry = opened(mode="editable")
    for code in ("KH002", "KH003"):
        registered(registry, code=code)
    registered(registry)
    assert preview_code(registry) == registered(registry) == CustomerCode("KH004")


def test_a_given_back_number_whose_code_was_taken_is_passed_over_by_preview_and_save(opened):
    registry = opened("{kind:person=P,organization=E}{number:03}", mode="editable")
    registry.reserve_code(kind="organization").release()
    registered(registry, code="P001")
    assert preview_code(registry, kind="person") == registered(registry) == CustomerCode("P002")


def test_a_preview_consumes_nothing_and_keeps_nothing(opened):
    registry = opened()
    preview_code(registry)
    with registry.unit("look") as work:
        assert (work.numbers.ranges(), work.numbers.reservations()) == ({}, ())


def test_a_preview_is_for_a_customer_as_far_as_he_is_typed(opened):
    registry = opened("{kind:person=P,organization=E}{number:03,by=kind}")
    assert str(preview_code(registry, kind="企业")) == "E001"
    assert str(preview_code(registry, {"kind": "person", "website": "nowhere"})) == "P001"
    assert str(preview_code(registry, {"kind": "person"}, kind="organization")) == "P001"


def test_a_copied_customer_gets_the_code_that_was_previewed_and_a_typed_one_is_kept(opened):
    registry = opened(mode="editable")
    registered(registry, code="KH007")
    copy = registry.get("KH007").raw(as_new=True)
    shown = preview_code(registry, copy)
    assert registry.register(copy).customer.code == shown == CustomerCode("KH001")


def test_a_preview_names_the_field_that_the_code_lacks(opened):
    lacking = [("code.field_missing", ("grade",))]
    assert refused(lambda: preview_code(opened("{grade}{number:03}"), kind="person")) == lacking


def test_a_preview_says_when_the_numbers_are_used_up(opened):
    registry = opened("K{number:1,end=1}")
    registered(registry)
    with pytest.raises(CodesExhausted):
        preview_code(registry)


def test_where_people_give_the_codes_there_is_no_preview(opened):
    assert refused(lambda: preview_code(opened(ManualCodes()))) == [("code.required", ("code",))]


def test_a_preview_of_chance_is_a_free_example(opened):
    registry = opened(CodePattern("R{random:4}"))
    assert registry.codes.accepts(preview_code(registry))


def test_a_preview_of_a_hosts_own_policy_draws_nothing_either(opened):
    class HostCodes:
        guarantee = Guarantee.GAPLESS
        mode = CodeMode.AUTOMATIC
        pattern = "H9"

        def assign(self, context, numbers):
            return CustomerCode(f"H{numbers.next('host')}")

        def accepts(self, code):
            return True

    registry = opened(HostCodes())
    assert preview_code(registry) == preview_code(registry) == registered(registry)


def test_a_prefix_is_continued_from_the_highest_number():
    assert proposed(manual("KH001"), "KH") == ["KH002"]
    assert proposed(manual("KH001", "KH007", "KH003"), "KH") == ["KH008"]


def test_all_heads_that_begin_with_the_prefix_are_offered_in_their_order():
    registry = manual("GB007", "GA001", "HA001", "G-9-003")
    assert proposed(registry, "G") == ["G-9-004", "GA002", "GB008"]
    assert proposed(registry, "GB") == ["GB008"]


@pytest.mark.parametrize("prefix", ["kh", "ＫＨ", " Kh "])
def test_case_and_width_of_a_prefix_do_not_matter(prefix):
    assert proposed(manual("KH001"), prefix) == ["KH002"]


def test_without_a_prefix_every_head_continues_up_to_the_limit():
    registry = manual("GA001", "GB007", "KH1", "9")
    assert proposed(registry, "") == ["10", "GA002", "GB008", "KH2"]
    assert proposed(registry, " ", limit=2) == ["10", "GA002"]
    assert proposed(registry, "", limit=0) == proposed(registry, "", limit=-1) == []


@pytest.mark.parametrize("prefix", ["X", "KH002", "K H", "，", "K" * 41, "K\ud800", "\0", "%"])
def test_what_no_stored_code_begins_with_has_no_continuation(prefix):
    assert proposed(manual("KH001"), prefix) == []


def test_codes_without_a_number_at_their_end_are_not_continued():
    assert proposed(manual("KH", "KH-A", "甲"), "") == []


def test_the_width_grows_after_the_last_number_of_a_width():
    assert proposed(manual("KH9"), "KH") == ["KH10"]
    assert proposed(manual("KH999"), "KH") == ["KH1000"]
    assert proposed(manual("KH999", "KH1000"), "KH") == ["KH1001"]
    assert proposed(manual("K" * 39 + "9"), "K") == []


def test_of_equal_numbers_the_longer_writing_continues():
    assert proposed(manual("KH7", "KH007"), "KH") == ["KH008"]


def test_a_prefix_that_ends_among_digits_stays_within_them():
    registry = manual("KH098", "KH150", "KH200", "6001001")
    assert proposed(registry, "KH1") == ["KH151"]
    assert proposed(registry, "6001") == ["6001002"]
    assert proposed(manual("KH199"), "KH1") == []


def test_a_proposal_is_never_taken_or_kept_for_a_form(opened):
    registry = opened(mode="editable")
    registered(registry)
    with registry.reserve_code() as code, registry.acting_as(HAN).reserve_code():
        assert str(code) == "KH002"
        assert proposed(registry, "KH") == ["KH004"]
    assert proposed(registry, "KH") == ["KH002"]


def test_a_former_code_counts_as_stored():
    registry = manual("KH001")
    recode(registry, registry.get("KH001"), "KH008", "调整")
    recode(registry, registry.get("KH001"), "X1", "调整")
    assert proposed(registry, "KH") == ["KH009"]


def test_a_proposal_has_a_check_digit_that_fits(opened):
    registry = opened("KH{number:03}{check:luhn}", mode="editable")
    registered(registry)
    following = preview_code(registry)
    assert proposed(registry, "KH") == [str(following)]
    assert registered(registry, code=str(following)) == following


def test_a_level_code_continues_below_its_parent(opened):
    registry = opened(LevelCodes("2-3", mode="editable"))
    for code in ("01", "01001", "01002", "02"):
        registered(registry, code=code)
    assert proposed(registry, "01") == ["01003"]


@given(
    st.lists(st.from_regex(r"[A-C]{0,2}[0-9]{1,3}", fullmatch=True), max_size=8, unique=True),
    st.sampled_from(["", "A", "AB", "C", "A1", "9"]),
)
def test_proposals_are_free_begin_with_the_prefix_and_stand_in_order(codes, prefix):
    registry = manual(*codes)
    found = proposed(registry, prefix)
    assert all(code.startswith(prefix) and code not in codes for code in found)
    assert len(set(found)) == len(found)
    for code in found:
        registered(registry, code=code)


def test_a_host_gives_back_a_code_by_its_text(opened):
    registry = opened()
    code = str(registry.reserve_code())
    assert release_code(registry, code.lower()) is True
    assert release_code(registry, code) is False
    assert str(registered(registry)) == code


def test_only_the_owner_gives_back_and_only_in_time(opened, clock):
    registry = opened()
    code = registry.reserve_code().code
    assert release_code(registry.acting_as(HAN), code) is False
    clock.now += HALF_AN_HOUR
    assert release_code(registry, code) is False


@pytest.mark.parametrize("text", ["", "KH001", "K H", "K\ud800", "K" * 50])
def test_what_nobody_keeps_is_not_given_back(opened, text):
    assert release_code(opened(), text) is False


@pytest.mark.parametrize("action", ["preview_code", "propose_codes", "release_code"])
def test_each_look_at_codes_to_come_is_asked_of_the_access_policy(opened, action):
    class Denying:
        def permits(self, actor, asked, customer):
            return asked != action

    registry = opened(access=Denying())
    acts = {
        "preview_code": lambda: preview_code(registry),
        "propose_codes": lambda: propose_codes(registry, "KH"),
        "release_code": lambda: release_code(registry, "KH001"),
    }
    for name, act in acts.items():
        if name == action:
            with pytest.raises(NotPermitted):
                act()
        else:
            act()
