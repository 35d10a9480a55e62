"""Codes worked out by others: given these parts and this number, that code."""

from datetime import date

import pytest
from counters import on

from customer_registry import (
    CodePattern,
    CodesExhausted,
    CompanyPolicy,
    CustomerCode,
    CustomerRegistry,
    InvalidValue,
    LevelCodes,
    ReservationRules,
)

PERSON = {"kind": "person", "name": "王芳"}
CONTEXT = on(date(2026, 11, 24), category="01", region="44")


@pytest.mark.parametrize(
    ("template", "number", "code"),
    [
        ("KH{number:6}", 123, "KH000123"),
        ("C{category:2}{region:2}{number:4}", 7, "C01440007"),
        ("KH-{date:%y%m}-{number:4,reset=month}", 1, "KH-2611-0001"),
        ("{number:6}{check:damm}", 123456, "1234566"),
        ("{number:6}{check:verhoeff}", 123456, "1234568"),
        ("{number:6}{check:mod11-10}", 123456, "1234568"),
        ("{number:6}{check:mod11-2}", 100045, "100045X"),
        ("KH{number:6}{check:luhn}", 123, "KH0001230"),
        ("KH{number:6}{check:mod37-36}", 123, "KH0001238"),
    ],
)
def test_parts_and_a_number_make_a_code_that_reads_back(template, number, code):
    pattern = CodePattern(template)
    assert str(pattern.preview(CONTEXT, number)) == code
    assert pattern.accepts(CustomerCode(code))
    assert pattern.parse(code).number == number


def test_a_number_beyond_the_width_neither_wraps_nor_widens():
    with pytest.raises(CodesExhausted) as exhausted:
        CodePattern("KH{number:3}").preview(CONTEXT, 1000)
    assert [issue.code for issue in exhausted.value.report.errors] == ["code.sequence_overflow"]


@pytest.mark.parametrize(("refill", "code"), [(True, "3"), (False, "6")])
def test_the_smallest_number_given_back_comes_first_or_none_comes_again(refill, code):
    policy = CompanyPolicy(reservations=ReservationRules(refill=refill))
    registry = CustomerRegistry(codes=CodePattern("{number}"), policy=policy)
    kept = [registry.reserve_code(PERSON) for _ in range(5)]
    for number in (1, 2, 4, 5):
        registry.register(PERSON, code=str(kept[number - 1]))
    assert kept[2].release()
    assert str(registry.register(PERSON).customer.code) == code


def test_where_nothing_was_given_back_the_start_comes_first():
    registry = CustomerRegistry(codes=CodePattern("{number:start=1}"))
    assert str(registry.register(PERSON).customer.code) == "1"


@pytest.mark.parametrize(
    ("plan", "code", "level", "parent"),
    [("2-3-4", "01001", 2, "01"), ("1-2-2", "10101", 3, "101")],
)
def test_a_level_code_tells_its_level_and_its_parent(plan, code, level, parent):
    codes = LevelCodes(plan)
    assert codes.level_of(CustomerCode(code)) == level
    assert codes.parent_of(CustomerCode(code)) == CustomerCode(parent)


def test_a_length_that_no_level_has_is_refused():
    with pytest.raises(InvalidValue, match=r"code\.level_length"):
        LevelCodes("2-3-4").level_of(CustomerCode("0100"))
