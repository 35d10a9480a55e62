from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.errors import InvalidValue
from customer_registry.domain.values.terms import ANCHORS, STAGES, PaymentTerms


def structure(typed):
    mapping = PaymentTerms.parse(typed).to_mapping()
    return {name: value for name, value in mapping.items() if name != "text"}


@pytest.mark.parametrize(
    ("terms", "anchor", "due"),
    [
        ({"days": 30}, date(2026, 3, 10), date(2026, 4, 9)),
        ({"eom": True, "days": 30}, date(2026, 3, 10), date(2026, 4, 30)),
        ({"eom": True, "months": 1}, date(2026, 3, 10), date(2026, 4, 30)),
        ({"eom": True, "due_day": 25}, date(2026, 3, 10), date(2026, 4, 25)),
        ({"months": 1}, date(2026, 1, 31), date(2026, 2, 28)),
        ({"eom": True, "due_day": 31}, date(2026, 2, 10), date(2026, 3, 31)),
        ({"eom": True, "due_day": 31}, date(2026, 3, 31), date(2026, 4, 30)),
        ({"due_day": 25}, date(2026, 3, 25), date(2026, 3, 25)),
        ({"due_day": 25}, date(2026, 12, 26), date(2027, 1, 25)),
        ({"months": 14}, date(2026, 12, 31), date(2028, 2, 29)),
    ],
)
def test_a_due_date_follows_from_the_structure(terms, anchor, due):
    assert PaymentTerms.from_mapping(terms).due_date(anchor) == due


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("款到发货", {"anchor": "order", "prepaid_percent": 100}),
        ("先款后货", {"anchor": "order", "prepaid_percent": 100}),
        ("货到付款", {"anchor": "delivery"}),
        ("货到30天", {"anchor": "delivery", "days": 30}),
        ("票到30天", {"anchor": "invoice", "days": 30}),
        ("票到付款", {"anchor": "invoice"}),
        ("开票后 45 天内付清。", {"anchor": "invoice", "days": 45}),
        ("发货后1个月", {"anchor": "shipment", "months": 1}),
        ("对账后15天", {"anchor": "statement", "days": 15}),
        ("次月25日", {"anchor": "invoice", "eom": True, "due_day": 25}),
        ("月结，次月25日付款", {"anchor": "invoice", "eom": True, "due_day": 25}),
        ("次月底", {"anchor": "invoice", "eom": True, "months": 1}),
        ("月底后15天", {"anchor": "invoice", "eom": True, "days": 15}),
        ("每月10号", {"anchor": "invoice", "due_day": 10}),
        ("现结", {"anchor": "delivery"}),
        ("周结", {"anchor": "statement"}),
        ("30", {"anchor": "invoice", "days": 30}),
        ("两天", {"anchor": "invoice", "days": 2}),
        ("两十天", {"anchor": "invoice", "days": 20}),
        ("二十五天", {"anchor": "invoice", "days": 25}),
        ("账期60天", {"anchor": "invoice", "days": 60}),
        ("Net 30", {"anchor": "invoice", "days": 30}),
        ("net 30 EOM", {"anchor": "invoice", "eom": True, "days": 30}),
        ("COD", {"anchor": "delivery"}),
        (
            "2/10, n/30",
            {"anchor": "invoice", "days": 30, "discounts": [{"percent": 2, "days": 10}]},
        ),
        (
            "5/10,2/20,n/30",
            {
                "anchor": "invoice",
                "days": 30,
                "discounts": [{"percent": 5, "days": 10}, {"percent": 2, "days": 20}],
            },
        ),
        (
            "预付30%，发货前付70%",
            {
                "anchor": "invoice",
                "installments": [
                    {"percent": 30, "anchor": "order", "days": 0},
                    {"percent": 70, "anchor": "before_shipment", "days": 0},
                ],
            },
        ),
        (
            "预付30%余款发货前",
            {
                "anchor": "invoice",
                "installments": [
                    {"percent": 30, "anchor": "order", "days": 0},
                    {"percent": 70, "anchor": "before_shipment", "days": 0},
                ],
            },
        ),
        (
            "定金30%，验收后30天付65%，质保金5%",
            {
                "anchor": "invoice",
                "installments": [
                    {"percent": 30, "anchor": "order", "days": 0},
                    {"percent": 65, "anchor": "delivery", "days": 30},
                    {"percent": 5, "anchor": "warranty", "days": 0},
                ],
            },
        ),
        ("预付30%，票到30天", {"anchor": "invoice", "days": 30, "prepaid_percent": 30}),
    ],
)
def test_the_usual_phrases_are_understood(typed, meant):
    assert structure(typed) == meant
    assert not PaymentTerms.parse(typed).is_ambiguous


@pytest.mark.parametrize(
    "typed", ["按合同执行", "预付30%，发货前付60%", "票到30天，货到60天", "见附件", "分期", "3/7"]
)
def test_what_is_not_understood_whole_is_kept_as_text(typed):
    terms = PaymentTerms.parse(typed)
    assert str(terms) == typed
    assert not terms.is_understood
    assert terms.readings == (terms,)


def test_monthly_terms_have_three_readings_each_of_which_stands_for_itself():
    terms = PaymentTerms.parse("月结30天")
    assert terms.is_ambiguous
    assert [
        {name: value for name, value in each.to_mapping().items() if name not in {"text", "anchor"}}
        for each in terms.readings
    ] == [{"days": 30}, {"eom": True, "days": 30}, {"eom": True, "months": 1}]
    for reading in terms.readings:
        assert not reading.is_ambiguous
        assert PaymentTerms.parse(str(reading)) == reading


def test_an_ambiguous_text_returned_unchanged_stays_as_it_is():
    terms = PaymentTerms.parse("月结30天")
    assert PaymentTerms.from_mapping(terms.to_mapping()) == terms


def test_a_chosen_reading_keeps_the_words_it_came_from():
    chosen = PaymentTerms.from_mapping({"eom": True, "months": 1, "text": "月结30天"})
    assert str(chosen) == "开票后月末加1个月（原文：月结30天）"
    assert PaymentTerms.from_mapping(chosen.to_mapping()) == chosen


@pytest.mark.parametrize(
    ("given_terms", "code"),
    [
        ({"days": -1}, "credit.days_range"),
        ({"days": 99999}, "credit.days_range"),
        ({"days": 1.5}, "field.type"),
        ({"days": True}, "field.type"),
        ({"days": "x"}, "field.type"),
        ({"days": 10**5000}, "field.type"),
        ({"due_day": 32}, "payment_term.range"),
        ({"months": 1000}, "payment_term.range"),
        ({"prepaid_percent": 101}, "payment_term.range"),
        ({"discounts": [{"percent": 200, "days": 1}]}, "payment_term.range"),
        ({"discounts": [1]}, "field.type"),
        ({"discounts": [{"percent": 1, "days": 1}] * 5}, "payment_term.range"),
        ({"installments": [{"percent": 50, "anchor": "order"}]}, "payment_term.range"),
        ({"installments": [{"percent": 100, "anchor": "someday"}]}, "not_in_list"),
        ({"anchor": "someday"}, "not_in_list"),
        ({"anchor": 5}, "field.type"),
        ({"eom": "yes"}, "field.type"),
        ({"dayz": 5}, "field.unknown"),
        ({}, "required"),
        ({"text": 5}, "field.type"),
    ],
)
def test_a_structure_that_cannot_be_is_refused(given_terms, code):
    with pytest.raises(InvalidValue) as refused:
        PaymentTerms.from_mapping(given_terms)
    assert refused.value.code == code


def test_a_stray_number_in_place_of_a_part_does_not_come_out_again():
    with pytest.raises(InvalidValue) as refused:
        PaymentTerms.from_mapping({"11010519491231002X": 1})
    assert not any(char.isdigit() for char in str(dict(refused.value.params)))


HALF = {"percent": 50, "anchor": "order"}


@pytest.mark.parametrize(
    "given_terms",
    [
        {"days": 3650},
        {"months": 120},
        {"due_day": 1},
        {"due_day": 31},
        {"prepaid_percent": 100},
        {"discounts": [{"percent": 1, "days": 1}] * 4},
        {"installments": [{"percent": 100, "anchor": "order", "days": 3650}]},
        {"installments": [{"percent": 8, "anchor": "order"}] * 11 + [{**HALF, "percent": 12}]},
    ],
)
def test_a_structure_at_its_limit_is_kept(given_terms):
    terms = PaymentTerms.from_mapping(given_terms)
    assert PaymentTerms.parse(str(terms)) == terms


@pytest.mark.parametrize(
    ("given_terms", "params"),
    [
        ({"months": 121}, {"name": "months", "min": 0, "max": 120}),
        ({"months": -1}, {"name": "months", "min": 0, "max": 120}),
        ({"due_day": 0}, {"name": "due_day", "min": 1, "max": 31}),
        ({"due_day": 32}, {"name": "due_day", "min": 1, "max": 31}),
        ({"prepaid_percent": 101}, {"name": "prepaid_percent", "min": 0, "max": 100}),
        ({"prepaid_percent": -1}, {"name": "prepaid_percent", "min": 0, "max": 100}),
        (
            {"discounts": [{"percent": 101, "days": 1}]},
            {"name": "discounts", "min": 0, "max": 100},
        ),
        (
            {"discounts": [{"percent": 1, "days": 1}] * 5},
            {"name": "discounts", "min": 0, "max": 4},
        ),
        (
            {"installments": [{**HALF, "percent": 101}]},
            {"name": "installments", "min": 0, "max": 100},
        ),
        ({"installments": [HALF]}, {"name": "installments", "min": 100, "max": 100}),
        (
            {"installments": [{**HALF, "percent": 4}] * 12 + [{**HALF, "percent": 52}]},
            {"name": "installments", "min": 0, "max": 12},
        ),
        ({"days": 3651}, {"max": 3650}),
        ({"discounts": [{"percent": 1, "days": 3651}]}, {"max": 3650}),
        ({"installments": [{"percent": 100, "anchor": "order", "days": -1}]}, {"max": 3650}),
        ({"days": "x"}, {"expected": "number"}),
        ({"days": 1.5}, {"expected": "number"}),
        ({"eom": "yes"}, {"expected": "true/false"}),
        ({"anchor": 5}, {"expected": "text"}),
        ({"discounts": 1}, {"expected": "list"}),
        ({"discounts": [1]}, {"expected": "mapping"}),
        ({"anchor": "someday"}, {"value": "someday"}),
        ({"dayz": 5}, {"name": "dayz", "hint": ""}),
    ],
)
def test_a_refusal_says_which_part_is_beyond_which_limit(given_terms, params):
    with pytest.raises(InvalidValue) as refused:
        PaymentTerms.from_mapping(given_terms)
    assert dict(refused.value.params) == params


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("net 99999", "credit.days_range"),
        ("次月32日", "payment_term.range"),
        ("预付130%", "payment_term.range"),
        ("x" * 301, "too_long"),
    ],
)
def test_a_text_that_cannot_be_is_refused(typed, code):
    with pytest.raises(InvalidValue) as refused:
        PaymentTerms.parse(typed)
    assert refused.value.code == code


percents = st.decimals(0, 100, places=2)
days = st.integers(0, 3650)


@st.composite
def structures(draw):
    given_terms = {
        "anchor": draw(st.sampled_from(ANCHORS)),
        "eom": draw(st.booleans()),
        "months": draw(st.integers(0, 120)),
        "days": draw(days),
        "due_day": draw(st.none() | st.integers(1, 31)),
        "prepaid_percent": draw(percents),
        "discounts": draw(
            st.lists(st.fixed_dictionaries({"percent": percents, "days": days}), max_size=4)
        ),
        "text": draw(st.text("月结30天（）()a﹙⑴原文：", max_size=10)),
    }
    if draw(st.booleans()):
        first = draw(percents)
        stage = st.sampled_from(STAGES)
        given_terms["installments"] = [
            {"percent": first, "anchor": draw(stage), "days": draw(days)},
            {"percent": Decimal(100) - first, "anchor": draw(stage), "days": draw(days)},
        ]
    return given_terms


@given(structures())
def test_the_words_for_a_structure_mean_that_structure(given_terms):
    terms = PaymentTerms.from_mapping(given_terms)
    assert terms.is_understood
    assert terms.eom is given_terms["eom"]
    assert terms.days == given_terms["days"]
    assert terms.prepaid_percent == given_terms["prepaid_percent"]
    assert len(terms.installments) == len(given_terms.get("installments", ()))
    assert PaymentTerms.parse(str(terms)) == terms
    assert PaymentTerms.from_mapping(terms.to_mapping()) == terms


@given(
    st.text(st.characters(), max_size=40)
    | st.lists(
        st.sampled_from(
            [
                "月结",
                "次月",
                "30",
                "天",
                "日",
                "预付",
                "%",
                "余款",
                "发货前",
                "票到",
                "后",
                "，",
                "/",
                "n",
                "net",
                "2",
                "底",
                "货到",
                "付",
            ]
        ),
        max_size=8,
    ).map("".join)
)
def test_any_text_is_terms_or_is_refused(typed):
    try:
        terms = PaymentTerms.parse(typed)
    except InvalidValue:
        return
    assert PaymentTerms.parse(str(terms)) == terms
    assert PaymentTerms.from_mapping(terms.to_mapping()) == terms
    assert attrs.evolve(terms) == terms
    for reading in terms.readings:
        assert PaymentTerms.parse(str(reading)) == reading
    assert terms.due_date(date(2026, 1, 31)) >= date(2026, 1, 31)
