"""Custom fields are read by what the company declared of them."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import CompanyPolicy, CustomerRegistry
from customer_registry.domain.policy import CustomField

PERSON = {"kind": "person", "name": "王芳"}


def registry(**declared) -> CustomerRegistry:
    fields = {name: CustomField(name=name, **said) for name, said in declared.items()}
    return CustomerRegistry(policy=CompanyPolicy(custom_fields=fields))


def read(typed, **said):
    return registry(x=said).register({**PERSON, "custom": {"x": typed}}).customer.custom.get("x")


def told(typed, **said) -> list[tuple[str, str]]:
    report = registry(x=said).check({**PERSON, "custom": {"x": typed}})
    return [(issue.code, ".".join(map(str, issue.path))) for issue in report]


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("number", "1,234.5", Decimal("1234.5")),
        ("number", "１２３４", 1234),
        ("number", " -7 ", -7),
        ("number", "\u22123.10", Decimal("-3.10")),
        ("number", "1,234,567", 1234567),
        ("number", 3, 3),
        ("number", 0.1, Decimal("0.1")),
        ("number", Decimal("1E+3"), Decimal("1E+3")),
        ("number", {"decimal": "0.130"}, Decimal("0.130")),
        ("number", 12345678901234567890, 12345678901234567890),
        ("date", "2024-01-05", dt.date(2024, 1, 5)),
        ("date", "2024年1月5日", dt.date(2024, 1, 5)),
        ("date", "2024/1/5", dt.date(2024, 1, 5)),
        ("date", "２０２４．０１．０５", dt.date(2024, 1, 5)),
        ("date", "20240105", dt.date(2024, 1, 5)),
        ("date", 20240105, dt.date(2024, 1, 5)),
        ("date", "2024-01-05 00:00:00", dt.date(2024, 1, 5)),
        ("date", dt.date(2024, 1, 5), dt.date(2024, 1, 5)),
        ("date", dt.datetime(2024, 1, 5), dt.date(2024, 1, 5)),  # noqa: DTZ001  as a sheet has it
        ("date", {"date": "2024-01-05"}, dt.date(2024, 1, 5)),
        ("bool", "是", True),
        ("bool", "否", False),
        ("bool", "YES", True),
        ("bool", 0, False),
        ("bool", True, True),
        ("text", "  甲\t乙 ", "甲\t乙"),
        ("text", 5, "5"),
        ("text", "", None),
        ("number", " ", None),
        ("date", None, None),
    ],
)
def test_a_value_is_read_as_its_type_says(kind, typed, value):
    found = read(typed, type=kind)
    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("number", "1,23", "custom.number"),
        ("number", "约300", "custom.number"),
        ("number", "1e5", "custom.number"),
        ("number", Decimal("1E+999999999"), "custom.number"),
        ("number", {"decimal": "1E+999999999"}, "custom.number"),
        ("number", True, "custom.number"),
        ("number", 10**30, "custom.number"),
        ("number", ["1"], "custom.number"),
        ("date", "2024-02-30", "custom.date"),
        ("date", "01/05/2024", "custom.date"),
        ("date", "2024-1/5", "custom.date"),
        ("date", 45296, "custom.date"),
        ("date", True, "custom.date"),
        ("date", dt.datetime(2024, 1, 5, 9), "custom.date"),  # noqa: DTZ001  as a sheet has it
        ("bool", "也许", "custom.bool"),
        ("bool", 2, "custom.bool"),
        ("bool", {"a": 1}, "custom.bool"),
        ("text", 1e15, "import.precision_loss"),
        ("text", True, "field.type"),
        ("text", "a\x00", "text.forbidden"),
    ],
)
def test_what_its_type_cannot_hold_is_told_at_the_field(kind, typed, code):
    assert told(typed, type=kind) == [(code, "custom.x")]


@pytest.mark.parametrize(
    ("said", "typed", "code"),
    [
        ({"type": "number", "minimum": 1}, 0, "custom.minimum"),
        ({"type": "number", "maximum": Decimal("1.5")}, "1.6", "custom.maximum"),
        ({"type": "date", "minimum": dt.date(2024, 1, 1)}, "2023-12-31", "custom.minimum"),
        ({"type": "date", "maximum": dt.date(2024, 1, 1)}, "2024-01-02", "custom.maximum"),
        ({"type": "choice", "choices": ("甲", "乙")}, "丙", "not_in_list"),
        ({"pattern": r"\d{4}"}, "123", "format"),
        ({"max_length": 3}, "1234", "too_long"),
    ],
)
def test_what_a_declaration_does_not_allow_is_told(said, typed, code):
    assert told(typed, **said) == [(code, "custom.x")]


@pytest.mark.parametrize(
    ("said", "typed", "value"),
    [
        ({"type": "number", "minimum": 1, "maximum": 1}, "1", 1),
        ({"type": "choice", "choices": ("Ａ级", "B")}, "a级", "Ａ级"),
        ({"pattern": r"\d{4}"}, 1234, "1234"),
        ({"max_length": 4}, "1234", "1234"),
    ],
)
def test_what_a_declaration_allows_is_kept(said, typed, value):
    assert read(typed, **said) == value


def test_a_word_beyond_a_declared_list_is_told_with_the_list():
    report = registry(x={"type": "choice", "choices": ("甲", "乙")}).check(
        {**PERSON, "custom": {"x": "丙"}}
    )
    (issue,) = report.errors
    assert issue.params == {"value": "丙", "allowed": ("甲", "乙")}


def test_a_line_calls_a_field_by_the_label_of_its_language():
    policy = CompanyPolicy.loads(
        '[custom.tier]\nlabel = { zh = "客户等次", en = "Tier" }\ntype = "choice"\nchoices = ["甲"]'
    )
    report = CustomerRegistry(policy=policy).check({**PERSON, "custom": {"tier": "乙"}})
    assert report.lines("zh") == ("客户等次“乙”不在可选范围内",)
    assert report.lines("en") == ('Tier "乙" is not one of the allowed values',)


def test_a_field_nobody_declared_is_told_with_the_nearest_name_or_label():
    policy = CompanyPolicy.loads('[custom.shops]\nlabel = "门店数"')
    report = CustomerRegistry(policy=policy).check(
        {**PERSON, "custom": {"shop": "1", "门店数量": "1", "zzz": "1"}}
    )
    assert [(issue.code, issue.suggestion) for issue in report] == [
        ("custom.unknown", "shops"),
        ("custom.unknown", "shops"),
        ("custom.unknown", None),
    ]
    assert report.lines("zh")[0] == "自定义字段“shop”未定义，请核对字段名 (shops?)"


def test_a_company_may_let_undeclared_fields_pass():
    policy = CompanyPolicy.loads('[custom.a]\n[severity]\n"custom.unknown" = "off"')
    customer = CustomerRegistry(policy=policy).register({**PERSON, "custom": {"b": 3}}).customer
    assert customer.custom == {"b": 3}


def test_without_declarations_every_field_is_free():
    customer = CustomerRegistry().register({**PERSON, "custom": {"b": "1,000"}}).customer
    assert customer.custom == {"b": "1,000"}


REQUIRED = {"a": {"required": True}, "b": {"required": ("organization",)}, "c": {}}


@pytest.mark.parametrize(
    ("custom", "missing"),
    [({}, ["a"]), ({"a": " "}, ["a"]), ({"a": "1"}, []), ({"c": "1"}, ["a"]), ({"a": "\0"}, [])],
)
def test_a_required_custom_field_is_missed_where_it_is_empty(custom, missing):
    report = registry(**REQUIRED).check({**PERSON, "custom": custom})
    lacking = [issue.path for issue in report if issue.code == "required"]
    assert lacking == [("custom", name) for name in missing]


def test_a_required_field_is_missed_beside_another_that_is_wrong():
    report = registry(a={"required": True}, b={"type": "number"}).check(
        {**PERSON, "custom": {"b": "?"}}
    )
    assert {issue.code for issue in report} == {"required", "custom.number"}


def test_false_and_nought_fill_a_required_field():
    both = registry(a={"type": "bool", "required": True}, b={"type": "number", "required": True})
    assert both.check({**PERSON, "custom": {"a": "否", "b": 0}}).ok


def test_an_edit_is_asked_only_for_the_custom_fields_it_touches():
    open_registry = CustomerRegistry()
    customer = open_registry.register({**PERSON, "custom": {"c": "1"}}).customer
    strict = registry(**REQUIRED)
    assert strict.check({"custom": {"c": "2"}}, of=customer).ok
    assert not strict.check({"custom": {"a": ""}}, of=customer).ok
    assert not strict.check({"kind": "organization"}, of=customer).ok


def test_what_stands_in_a_customer_is_not_judged_again_when_it_comes_back():
    stored = {"old": 3, "rate": Decimal("0.130"), "since": dt.date(2024, 1, 5)}
    customer = CustomerRegistry().register({**PERSON, "custom": stored}).customer
    later = registry(rate={"type": "text"}, since={"type": "number"}, note={})
    shown = {**customer.raw()["custom"], "note": "neu"}
    assert later.check({"custom": shown}, of=customer).issues == ()
    report = later.check({"custom": {**shown, "old": 4}}, of=customer)
    assert [issue.code for issue in report] == ["custom.unknown"]


def test_a_default_fills_only_what_was_not_typed_at_all():
    filled = registry(a={"default": "1"}, b={"type": "number", "default": 2}, c={})
    custom = [
        filled.register({**PERSON, "custom": typed}).customer.custom
        for typed in ({}, {"a": ""}, {"a": "9", "c": "8"})
    ]
    assert custom == [{"a": "1", "b": 2}, {"b": 2}, {"a": "9", "b": 2, "c": "8"}]
    customer = filled.register({**PERSON}).customer
    assert filled.update(customer, custom={"a": None}).customer.custom == {"b": 2}


@pytest.mark.parametrize("declared", [{}, {"a": {}}])
def test_a_name_typed_in_two_ways_is_told_and_neither_value_is_dropped_in_silence(declared):
    report = registry(**declared).check({**PERSON, "custom": {"a": "1", " a\u200b": "2"}})
    assert [(issue.code, issue.path) for issue in report] == [("field.twice", ("custom", "a"))]
    assert report.lines("zh") == ("自定义字段“a”重复填写",)


@pytest.mark.parametrize("typed", [{"a": "x", "b": "y"}, {"b": "y", "a": "x", "c": "z"}])
def test_where_no_default_is_needed_the_typed_fields_stay(typed):
    filled = registry(a={"default": "1"}, b={"default": "2"}, c={})
    assert filled.register({**PERSON, "custom": typed}).customer.custom == typed


def test_the_kinds_and_categories_defaults_for_custom_fields_come_before_the_fields_own():
    policy = CompanyPolicy.loads(
        '[custom.a]\ndefault = "field"\n[custom.b]\ndefault = "field"\n[custom.c]\n'
        'default = "field"\n[defaults.person]\ncustom = { a = "kind", b = "kind" }\n'
        '[defaults.category.vip]\ncustom = { a = "category" }'
    )
    saved = CustomerRegistry(policy=policy)
    assert saved.register(PERSON).customer.custom == {"a": "kind", "b": "kind", "c": "field"}
    vip = saved.register(PERSON, category="vip").customer.custom
    assert vip == {"a": "category", "b": "kind", "c": "field"}


VALUES = st.one_of(
    st.text(),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.decimals(),
    st.dates(),
    st.datetimes(),
    st.dictionaries(st.sampled_from(["decimal", "date", "x"]), st.text(max_size=9), max_size=2),
    st.text("0123456789,.-+年月日/ ", max_size=14),
)
EVERY = CompanyPolicy(
    custom_fields={
        kind: CustomField(name=kind, type=kind, choices=("a",) if kind == "choice" else ())
        for kind in ("text", "number", "date", "choice", "bool")
    }
)


@given(st.sampled_from(list(EVERY.custom_fields)), VALUES)
def test_whatever_is_typed_is_kept_so_that_it_reads_the_same_again_or_is_told(name, typed):
    registry = CustomerRegistry(policy=EVERY)
    raw = {**PERSON, "custom": {name: typed}}
    if registry.check(raw).ok:
        customer = registry.register(raw).customer
        again = registry.register({**PERSON, "custom": customer.raw()["custom"]}).customer
        assert again.custom == customer.custom
        assert list(map(type, again.custom.values())) == list(map(type, customer.custom.values()))
