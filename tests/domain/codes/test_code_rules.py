"""Several patterns of one company, by field and by day."""

from datetime import date

import pytest
from counters import Counters, on

from customer_registry import (
    CodePattern,
    CodeRule,
    CodeRules,
    CodesExhausted,
    CustomerCode,
    InvalidValue,
    PolicyError,
)
from customer_registry.domain.codes.policy import CodeMode, Guarantee

NEW_YEAR = date(2027, 1, 1)
PERSON = {"kind": "person"}


def rule(template: str, *, since: date | None = None, mode="automatic", **when: str) -> CodeRule:
    return CodeRule(CodePattern(template, mode=mode), when=when, since=since)


def rules(*given: CodeRule) -> CodeRules:
    return CodeRules(given)


def mistakes(*given: CodeRule) -> tuple[str, ...]:
    with pytest.raises(PolicyError) as refused:
        CodeRules(given)
    return refused.value.mistakes


@pytest.fixture
def by_kind_and_day() -> CodeRules:
    return rules(
        rule("P{number:3,range=person}", kind="person"),
        rule("E{number:3,range=firm}"),
        rule("E{number:4,range=firm}", since=NEW_YEAR),
        rule("VIP-{number:3,range=vip}", since=NEW_YEAR, kind="person", grade="A"),
    )


@pytest.mark.parametrize(
    ("day", "fields", "code"),
    [
        (date(2026, 12, 31), PERSON, "P001"),
        (date(2026, 12, 31), {"kind": "organization"}, "E001"),
        (date(2026, 12, 31), {}, "E001"),
        (NEW_YEAR, {"kind": "organization"}, "E0001"),
        (NEW_YEAR, PERSON, "E0001"),
        (NEW_YEAR, {"kind": "person", "grade": "A"}, "E0001"),
    ],
)
def test_of_the_rules_that_apply_the_newest_counts_and_of_equals_the_first(
    by_kind_and_day, day, fields, code
):
    assert str(by_kind_and_day.assign(on(day, **fields), Counters())) == code
    assert str(by_kind_and_day.preview(on(day, **fields))) == code


def test_a_rule_for_few_stands_before_one_for_all():
    given = rules(rule("V{number:3}", grade="A"), rule("N{number:3}"))
    assert str(given.preview(on(grade="A"))) == "V001"
    assert str(given.preview(on(grade="B"))) == "N001"


def test_codes_of_earlier_rules_stay_valid_and_tell_their_range(by_kind_and_day):
    for code, drawn in [("P007", ("person", 7)), ("E007", ("firm", 7)), ("E0007", ("firm", 7))]:
        assert by_kind_and_day.accepts(CustomerCode(code))
        assert by_kind_and_day.drawn_from(code) == drawn
        assert by_kind_and_day.parse(code).number == 7
    assert not by_kind_and_day.accepts(CustomerCode("X007"))
    assert by_kind_and_day.drawn_from("X007") is None


def test_a_rule_of_the_same_range_goes_on_counting(by_kind_and_day):
    ranges = Counters()
    assert str(by_kind_and_day.assign(on(date(2026, 12, 31)), ranges)) == "E001"
    assert str(by_kind_and_day.assign(on(NEW_YEAR), ranges)) == "E0002"


def test_a_wrong_check_character_of_one_rule_is_told_before_the_other_forms():
    given = rules(rule("A{number:3}{check:damm}", kind="person"), rule("B{number:3}"))
    with pytest.raises(InvalidValue, match=r"code\.check_digit"):
        given.refuse(CustomerCode("A5725"))
    with pytest.raises(InvalidValue, match=r"code\.off_pattern") as refused:
        given.refuse(CustomerCode("C572"))
    assert refused.value.params == {"pattern": "A{number:3}{check:damm} / B{number:3}"}


@pytest.mark.parametrize(
    ("fields", "code", "params"),
    [
        ({}, "code.field_missing", {"field": "kind"}),
        ({"kind": "robot"}, "code.field_unmapped", {"field": "kind", "value": "robot"}),
        (
            {"kind": "person", "grade": "C"},
            "code.field_unmapped",
            {"field": "grade", "value": "C"},
        ),
    ],
)
def test_a_customer_whom_no_rule_codes_is_told_the_field(fields, code, params):
    given = rules(
        rule("A{number:3}", kind="person", grade="A"),
        rule("B{number:3}", kind="person", grade="B"),
    )
    with pytest.raises(InvalidValue) as refused:
        given.assign(on(**fields), Counters())
    assert (refused.value.code, refused.value.params) == (code, params)


def test_all_mistakes_of_rules_are_told_at_once():
    assert mistakes(
        rule("A{number:3,range=a}", since=NEW_YEAR, colour="red"),
        rule("A{number:3,range=b}", since=NEW_YEAR, mode="editable"),
    ) == (
        "the patterns have one mode, all of them",
        "one rule at least has no since, or there are no codes before the first day",
        "rule 1: when colour is no field that codes are made of",
        "rules 1 and 2 may give the same code",
    )
    assert mistakes() == ("a company has at least one rule for its codes",)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A{number:3,range=a}", "A{number:3,range=b}"),
        ("A{number:3}", "A{number:3,alphabet=01}"),
        ("A{number:3}", "A{number:3,start=0}"),
        ("A{number:3,range=a}", "a{number:3,range=b}"),
        ("{date:%y}{number:3,reset=year}", "2{number:4}"),
        ("{random:3}", "{number:3,alphabet=base36}"),
    ],
)
def test_rules_that_may_give_the_same_code_are_refused(one, other):
    assert "rules 1 and 2 may give the same code" in mistakes(rule(one), rule(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A{number:3}", "{grade:x=A,y=B}{number:3}"),
        ("A{number:3}", "{date:%q}{number:3}"),
        ("{number:3}{check:damm}", "{number:3}{check:luhn}"),
        ("{date:%y%m}{number:3,reset=month}", "{date:%y%m}{number:3,reset=month}"),
    ],
)
def test_one_range_gives_each_code_once_where_its_number_stands_in_the_same_place(one, other):
    assert rules(rule(one, kind="person"), rule(other)).warnings == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C{number}", "C1{number}"),
        ("C{number:3}", "C1{number:2}"),
        ("{number:4}", "{date:%y}{number:2}"),
        ("P{number:3,range=a}", "{grade}{number:3,range=b}"),
    ],
)
def test_what_nobody_can_decide_is_a_warning(one, other):
    assert rules(rule(one), rule(other)).warnings == (
        "not decided: whether rules 1 and 2 may give the same code",
    )


def test_an_end_and_a_start_keep_two_rules_apart():
    given = rules(rule("{number:4,end=4999,range=a}", kind="person"), rule("{number:4,start=5000}"))
    assert given.warnings == ()
    assert given.drawn_from("4999") == ("a", 4999)
    assert given.drawn_from("5000") == ("customer", 5000)
    ranges = Counters()
    ranges.raise_to("a", 4999)
    with pytest.raises(CodesExhausted):
        given.assign(on(kind="person"), ranges)


def test_rules_promise_what_the_weakest_of_them_does():
    strict, loose = CodePattern("A{number:3}"), CodePattern("B{number:3}", guarantee="unique")
    assert CodeRules([CodeRule(strict)]).guarantee is Guarantee.GAPLESS
    assert CodeRules([CodeRule(strict), CodeRule(loose)]).guarantee is Guarantee.UNIQUE
    by_chance = CodeRule(CodePattern("-{random:4}"))
    assert CodeRules([CodeRule(loose), by_chance]).guarantee is Guarantee.RANDOM


def test_rules_name_all_fields_that_codes_are_made_of_or_chosen_by(by_kind_and_day):
    assert by_kind_and_day.fields == ("kind", "grade")
    assert by_kind_and_day.mode is CodeMode.AUTOMATIC
    assert by_kind_and_day.capacity == 999


def test_rules_are_explained_one_after_the_other_with_whom_and_since_when(by_kind_and_day):
    chinese, english = by_kind_and_day.explain("zh"), by_kind_and_day.explain("en")
    assert "P{number:3,range=person}  [kind = person]" in english
    assert "E{number:3,range=firm}  [*]" in english
    assert "VIP-{number:3,range=vip}  [kind = person, grade = A, since 2027-01-01]" in english
    assert "E{number:4,range=firm}  [自2027-01-01起]" in chinese
    assert len(chinese.split("\n\n")) == len(english.split("\n\n")) == 4


def test_rules_and_what_codes_tell_are_values():
    rules = CodeRules([CodeRule(CodePattern("P{number:3}"), when={"kind": "person"})])
    assert hash(rules) == hash(CodeRules(rules.rules))
    assert hash(CodePattern("P{number:3}").parse("P001"))


def test_a_kind_that_there_is_not_is_a_mistake():
    with pytest.raises(PolicyError, match="rule 1: when kind is person or organization"):
        CodeRules([CodeRule(CodePattern("P{number:3}"), when={"kind": "persn"})])


def test_two_intervals_of_one_range_are_refused():
    with pytest.raises(PolicyError, match="give each a range= of its own"):
        CodeRules(
            [
                CodeRule(CodePattern("{number:6,end=499999}"), when={"kind": "person"}),
                CodeRule(CodePattern("{number:6,start=500000}")),
            ]
        )
