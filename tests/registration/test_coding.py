"""Which code a new customer gets, as other systems' users know it and as we do."""

from datetime import UTC, datetime, timedelta

import pytest

from customer_registry import (
    CodePattern,
    CodeRule,
    CodeRules,
    CodesExhausted,
    CompanyPolicy,
    CustomerCode,
    CustomerRegistry,
    Guarantee,
    InvalidValue,
    LevelCodes,
    ManualCodes,
    NotPermitted,
    ReservationRules,
    ValidationFailed,
)
from customer_registry.operations import (
    audit_numbering,
    preview_code,
    propose_codes,
    raise_numbers,
)

PERSON = {"kind": "person", "name": "王芳"}


class Clock:
    def __init__(self, *day: int):
        self.now = datetime(*(day or (2026, 11, 24)), 8, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def opened(repository):
    def opened(codes, *, mode="automatic", guarantee="gapless", clock=None, **policy):
        if isinstance(codes, str):
            codes = CodePattern(codes, mode=mode, guarantee=guarantee)
        return CustomerRegistry(
            repository=repository,
            codes=codes,
            policy=CompanyPolicy(**policy),
            clock=clock or Clock(),
        )

    return opened


def registered(registry, **fields):
    return str(registry.register({**PERSON, **fields}).customer.code)


def refused(act):
    with pytest.raises(ValidationFailed) as failed:
        act()
    return [issue.code for issue in failed.value.report.errors]


def warned(registry, **fields):
    report = registry.check({**PERSON, **fields})
    return [(issue.code, issue.path, dict(issue.params)) for issue in report.warnings]


def test_a_name_that_is_taken_gets_no_number_behind_it_the_codes_differ(opened):
    registry = opened("C{number:3}")
    customers = [registry.register(PERSON).customer for _ in range(2)]
    assert {str(customer.name) for customer in customers} == {"王芳"}
    assert [str(customer.code) for customer in customers] == ["C001", "C002"]


def test_a_changed_step_and_width_go_on_counting_and_a_preview_takes_nothing(opened):
    templates = ("{number}", "{number:step=10}", "{number:3,step=10}")
    plain, tens, padded = map(opened, templates)
    assert registered(plain) == "1"
    shown = [str(preview_code(tens, PERSON)) for _ in range(2)]
    assert [*shown, registered(tens)] == ["2", "2", "2"]
    assert [str(preview_code(tens, PERSON)), registered(tens)] == ["12", "12"]
    assert [str(preview_code(padded, PERSON)), registered(padded)] == ["022", "022"]


@pytest.mark.parametrize("guarantee", ["gapless", "unique"])
@pytest.mark.parametrize("template", ["K{number:3}", "K{number:3,step=10}", "K{number:3,skip=2}"])
def test_a_preview_twice_is_the_code_that_is_saved_whatever_is_promised(
    opened, guarantee, template
):
    registry = opened(template, guarantee=guarantee)
    for _ in range(3):
        shown = [str(preview_code(registry, PERSON)) for _ in range(2)]
        assert [registered(registry)] * 2 == shown


def test_numbers_without_gaps_go_on_above_those_that_had_some(opened):
    loose = opened("K{number:3}", guarantee="unique")
    first = [registered(loose) for _ in range(3)]
    then = [registered(opened("K{number:3}")) for _ in range(3)]
    assert len({*first, *then}) == 6
    assert sorted([*first, *then]) == [*first, *then]


@pytest.mark.parametrize("block", [1, 5])
def test_a_process_that_is_alone_leaves_no_gap_between_its_blocks(opened, block):
    registry = opened(CodePattern("K{number:2}", guarantee="unique", block=block))
    assert [registered(registry) for _ in range(12)] == [f"K{number:02}" for number in range(1, 13)]


def test_the_last_number_that_was_given_back_before_it_was_saved_is_the_next(opened):
    registry = opened("TEST-{date:%Y}-{number:5,reset=year}")
    kept = registry.reserve_code(PERSON)
    assert str(kept) == "TEST-2026-00001"
    assert kept.release()
    assert registered(registry) == "TEST-2026-00001"


@pytest.mark.parametrize(("refill", "code"), [(True, "TEST-00003"), (False, "TEST-00004")])
def test_a_company_decides_whether_the_last_of_three_comes_again(opened, refill, code):
    registry = opened("TEST-{number:5}", reservations=ReservationRules(refill=refill))
    assert [registered(registry) for _ in range(2)] == ["TEST-00001", "TEST-00002"]
    assert registry.reserve_code(PERSON).release()
    assert registered(registry) == code


def test_a_number_of_a_saved_customer_never_comes_again(opened):
    registry = opened("TEST-{number:5}")
    customer = registry.register(PERSON).customer
    registry.change_status(customer, "disabled", reason="重复录入")
    assert registered(registry) == "TEST-00002"


def test_a_typed_code_is_tidied_and_an_empty_one_is_asked_for(opened):
    registry = opened(ManualCodes())
    assert registered(registry, code="  ab0001-00123 ") == "AB0001-00123"
    assert refused(lambda: registry.register(PERSON, code="  ")) == ["code.required"]


def test_a_code_shorter_than_the_rule_has_it_is_off_the_pattern(opened):
    registry = opened("{random:11}", mode="editable", severities={"code.off_pattern": "error"})
    assert refused(lambda: registry.register(PERSON, code="ABC")) == ["code.off_pattern"]


def test_a_code_of_another_customer_is_refused_and_ones_own_is_not(opened):
    registry = opened(ManualCodes())
    customer = registry.register(PERSON, code="A-1").customer
    assert refused(lambda: registry.register(PERSON, code="a-1")) == ["code.duplicate"]
    assert registry.update(customer, code="a-1", name="李雷").customer.code == CustomerCode("A-1")


def test_where_people_decide_nothing_is_proposed_and_nobody_stays_without_a_code(opened):
    registry = opened(ManualCodes())
    assert refused(lambda: registry.reserve_code(PERSON)) == ["code.required"]
    assert refused(lambda: registry.register(PERSON)) == ["code.required"]
    assert registered(registry, code="任意") == "任意"


@pytest.mark.parametrize(
    ("template", "near", "far", "current"),
    [
        ("K{number:6}", "K001000", "K001001", 0),
        ("K{number:3}", "K099", "K100", 0),
        ("K{number:1}", "K1", "K2", 0),
        ("K{number:3,start=100}", "K189", "K190", 99),
        ("K{number:3,start=0}", "K099", "K100", 0),
    ],
)
def test_a_code_far_ahead_is_warned_of_from_a_tenth_of_the_range_or_a_thousand_on(
    opened, template, near, far, current
):
    registry = opened(template, mode="editable")
    assert warned(registry, code=near) == []
    params = {"value": far, "current": current}
    assert warned(registry, code=far) == [("code.far_ahead", ("code",), params)]


def test_how_far_ahead_a_code_is_counts_from_the_last_number_that_was_drawn(opened):
    registry = opened("K{number:3}", mode="editable")
    for _ in range(3):
        registered(registry)
    assert warned(registry, code="K102") == []
    params = {"value": "K103", "current": 3}
    assert warned(registry, code="K103") == [("code.far_ahead", ("code",), params)]


def test_a_typed_code_that_shows_other_fields_than_the_customers_is_warned_of(opened):
    registry = opened("{kind:person=P,organization=E}{custom.shop:2}-{number:3}", mode="editable")
    shop = {"custom": {"shop": "7"}}
    assert warned(registry, code="P07-001", **shop) == []
    params = {"value": "E08-001"}
    assert warned(registry, code="E08-001", **shop) == [
        ("code.field_differs", ("kind",), params),
        ("code.field_differs", ("custom", "shop"), params),
    ]


def test_a_code_of_a_lower_level_needs_the_one_above_it(opened):
    registry = opened(LevelCodes("1-2", mode="editable"))
    assert refused(lambda: registered(registry, code="101")) == ["code.parent_missing"]
    assert registered(registry, code="1") == "1"
    assert registered(registry, code="101") == "101"


def test_a_code_made_of_the_region_goes_by_the_first_address(opened):
    registry = opened("{region}-{number:2}")
    addresses = [{"region": each, "street_address": "1 High St"} for each in ("NSW", "VIC")]
    assert registered(registry, addresses=addresses) == "NSW-01"
    with pytest.raises(ValidationFailed) as failed:
        registry.register(PERSON)
    issues = [(issue.code, issue.path) for issue in failed.value.report.errors]
    assert issues == [("code.field_missing", ("region",))]


def test_a_typed_code_is_kept_where_people_may_and_refused_where_a_rule_alone_gives_codes(opened):
    assert registered(opened("C{number:3}", mode="editable"), code="C050") == "C050"
    automatic = opened("C{number:3}")
    assert refused(lambda: automatic.register(PERSON, code="C060")) == ["code.manual_not_allowed"]


def test_a_saved_code_stays(opened):
    registry = opened("C{number:3}", mode="editable")
    customer = registry.register(PERSON).customer
    assert refused(lambda: registry.update(customer, code="C777")) == ["code.immutable"]


def test_a_prefix_continues_and_several_prefixes_are_offered(opened):
    registry = opened(ManualCodes())
    for code in ("KH001", "GA001", "GB007"):
        registered(registry, code=code)
    assert [str(code) for code in propose_codes(registry, "KH")] == ["KH002"]
    assert [str(code) for code in propose_codes(registry, "g")] == ["GA002", "GB008"]


def test_a_used_up_counter_tells_the_form_and_takes_nothing(opened):
    registry = opened("C{number:1,start=9}")
    assert registered(registry) == "C9"
    with pytest.raises(CodesExhausted) as exhausted:
        registry.register(PERSON)
    assert [issue.code for issue in exhausted.value.report.errors] == ["code.sequence_overflow"]
    assert registered(opened("C{number:1,overflow=widen}")) == "C10"


def test_a_clock_that_goes_backwards_reopens_no_period_in_any_store(opened):
    clock = Clock(2027, 1, 1)
    registry = opened("{date:%Y}-{number:2,reset=year}", clock=clock)
    assert registered(registry) == "2027-01"
    clock.now -= timedelta(days=30)
    assert registered(registry) == "2027-02"
    clock.now += timedelta(days=400)
    assert registered(registry) == "2028-01"


@pytest.mark.parametrize("template", ["K{number:18,alphabet=base36}", "K{number}"])
@pytest.mark.parametrize("typed", ["K" + "Z" * 18, "K" + "9" * 30, "K" + "9" * 18])
def test_a_typed_number_beyond_all_counters_breaks_no_store(opened, template, typed):
    registry = opened(template, mode="editable")
    assert registered(registry, code=typed) == typed
    assert registered(registry).endswith("1")


def test_words_with_signs_count_apart_and_are_told_apart_from_the_marks_of_periods(opened):
    registry = opened("{category}-{number:2,by=category}")
    codes = [registered(registry, category=word) for word in ("A@B", "A@B", "A", "a")]
    assert codes == ["A@B-01", "A@B-02", "A-01", "A-02"]
    assert registry.codes.drawn_from("A@B-02") == ("customer|category=A%40B", 2)


def test_a_field_that_cannot_stand_in_a_code_is_told(opened):
    registry = opened("{category}-{number:2}")
    assert refused(lambda: registry.register(PERSON, category="a=b")) == ["code.format"]
    with pytest.raises(InvalidValue):
        CustomerCode.parse("a=b-01")


GRID = "C{number:4,start=10,step=10}"


def test_a_typed_code_keeps_the_steps_of_the_counter():
    registry = CustomerRegistry(codes=CodePattern(GRID, mode="editable"))
    codes = [registry.register(kind="person", name=name).customer.code for name in ("王芳", "李娜")]
    registry.register(kind="person", name="张伟", code="C0030")
    after = registry.register(kind="person", name="刘洋").customer.code
    assert [str(code) for code in (*codes, after)] == ["C0010", "C0020", "C0040"]


def test_codes_of_a_file_and_a_raise_keep_the_steps_too():
    registry = CustomerRegistry(codes=CodePattern(GRID, mode="editable"))
    registry.load([{"kind": "person", "name": "张伟", "code": "C0050"}], lift_numbers=True)
    assert str(registry.register(kind="person", name="刘洋").customer.code) == "C0060"
    raise_numbers(registry, "C0100", reason="衔接")
    assert str(registry.register(kind="person", name="王芳").customer.code) == "C0110"


def test_a_check_tells_why_there_would_be_no_code():
    registry = CustomerRegistry(codes=CodePattern("{category:a=01}{number:1,by=category}"))
    wang = {"kind": "person", "name": "王芳"}
    assert [issue.code for issue in registry.check(wang)] == ["code.field_missing"]
    assert [issue.code for issue in registry.check(wang, category="b")] == ["code.field_unmapped"]
    for number in range(9):
        registry.register(wang, category="a", notes=str(number))
    assert [issue.code for issue in registry.check(wang, category="a")] == [
        "code.sequence_overflow"
    ]
    with pytest.raises(ValidationFailed) as refused:
        registry.register(kind="person", name=" ")
    assert {issue.code for issue in refused.value.report} == {"name.required", "code.field_missing"}


def test_a_number_that_another_rule_gave_back_waits_for_it():
    rules = CodeRules(
        [
            CodeRule(CodePattern("P{number:3,skip=4}"), when={"kind": "person"}),
            CodeRule(CodePattern("E{number:3}")),
        ]
    )
    registry = CustomerRegistry(codes=rules)
    kept = [registry.reserve_code(kind="organization") for _ in range(4)]
    for each in kept:
        each.release()
    codes = [
        str(registry.register(kind="person", name="王芳", notes=str(at)).customer.code)
        for at in range(4)
    ]
    assert codes == ["P001", "P002", "P003", "P005"]
    left = registry.register(kind="organization", name="浦江贸易有限公司").customer.code
    assert str(left) == "E004"
    assert audit_numbering(registry).sound


class Lower:
    """A host's rule that gives codes as no store keeps them."""

    guarantee = Guarantee.GAPLESS
    mode = "automatic"
    pattern = "?"

    def __init__(self, given):
        self.given = given

    def assign(self, context, numbers):
        return CustomerCode(self.given)

    def accepts(self, code):
        return True


def test_a_hosts_code_is_kept_as_all_others_are():
    registry = CustomerRegistry(codes=Lower("ｋｈ-1"))
    assert str(registry.register(kind="person", name="王芳").customer.code) == "KH-1"
    assert registry.get("kh-1").name.text == "王芳"


@pytest.mark.parametrize("given", ["", "a b\0", "K" * 500, "\ud800"])
def test_what_no_code_can_be_is_refused_from_a_host_too(given):
    registry = CustomerRegistry(codes=Lower(given))
    with pytest.raises(ValidationFailed):
        registry.register(kind="person", name="王芳")


def test_a_host_may_say_its_mode_as_a_word():
    report = CustomerRegistry(codes=Lower("K1")).check(kind="person", name="王芳", code="ZZ")
    assert [issue.code for issue in report.errors] == ["code.manual_not_allowed"]


def test_a_level_code_and_its_parent_agree_or_are_warned_of():
    registry = CustomerRegistry(codes=LevelCodes("1-2", mode="editable"))
    for code in ("1", "2"):
        registry.register(kind="person", name="王芳", code=code)
    report = registry.check(kind="person", name="李娜", code="101", parent="2")
    assert [(issue.code, issue.path) for issue in report.warnings] == [
        ("code.field_differs", ("parent",))
    ]
    assert registry.check(kind="person", name="李娜", code="101", parent="1").issues == ()


def test_lifting_counters_in_a_load_is_an_act_of_its_own():
    class NoRaising:
        def permits(self, actor, action, customer):
            return action != "raise_numbers"

    registry = CustomerRegistry(codes=CodePattern(GRID, mode="editable"), access=NoRaising())
    assert len(registry.load([{"kind": "person", "name": "张伟", "code": "C0050"}])) == 1
    with pytest.raises(NotPermitted):
        registry.load([{"kind": "person", "name": "李娜", "code": "C0060"}], lift_numbers=True)
