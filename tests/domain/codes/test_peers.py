"""What other systems' numbering does, rebuilt in our patterns; a name says where we differ."""

from datetime import date

import pytest
from counters import Counters, on

from customer_registry import (
    CodeContext,
    CodePattern,
    CodesExhausted,
    CustomerCode,
    Guarantee,
    InvalidValue,
    ManualCodes,
    PolicyError,
)


def month(year: int, number: int = 1) -> date:
    return date(year, number, 15)


def codes(template: str, *days: date, fiscal_year_start: int = 1) -> list[str]:
    """The codes of one counter, given on these days."""
    pattern, counters = CodePattern(template), Counters()
    contexts = (CodeContext({}, day, fiscal_year_start) for day in days)
    return [str(pattern.assign(context, counters)) for context in contexts]


def last(pattern: CodePattern, counters: Counters, day: date) -> str:
    """The last code of the day's period, nothing where there is none."""
    context = on(day)
    number = counters.peek(pattern.range_of(context)) - 1
    return str(pattern.preview(context, number)) if number else ""


def test_the_week_of_the_calendar_year_stands_before_the_number():
    assert codes("TODO-{week:calendar}-{number:2}", date(2026, 11, 24)) == ["TODO-48-01"]


def test_a_week_between_two_texts_needs_a_number_with_us_or_two_customers_had_one_code():
    with pytest.raises(PolicyError, match=r"exactly one \{number\}"):
        CodePattern("PREFIX-{week:calendar}-SUFFIX")
    assert codes("PREFIX-{week:calendar}-SUFFIX{number}", date(2026, 11, 24)) == [
        "PREFIX-48-SUFFIX1"
    ]


def test_a_week_between_two_texts_is_a_pattern_for_codes_that_people_write():
    pattern = CodePattern("PREFIX-{week:calendar}-SUFFIX", mode="manual")
    context = CodeContext({}, date(2026, 11, 24))
    assert str(pattern.preview(context)) == "PREFIX-48-SUFFIX"
    assert pattern.accepts(CustomerCode("PREFIX-48-SUFFIX"))
    assert not pattern.accepts(CustomerCode("PREFIX-54-SUFFIX"))
    assert (pattern.guarantee, pattern.capacity) == (Guarantee.GIVEN, 1)


@pytest.mark.parametrize(
    ("day", "calendar", "iso"),
    [
        (date(2019, 12, 31), "53", "202001"),
        (date(2020, 1, 1), "01", "202001"),
        (date(2020, 1, 15), "03", "202003"),
        (date(2021, 1, 1), "00", "202053"),
        (date(2021, 12, 31), "52", "202152"),
    ],
)
def test_weeks_are_those_of_the_calendar_year_if_asked_and_else_of_iso_8601(day, calendar, iso):
    assert codes("{week:calendar}-{number:1}", day) == [f"{calendar}-1"]
    assert codes("{date:%G}{week}-{number:1}", day) == [f"{iso}-1"]


def test_a_counter_that_nobody_has_drawn_from_begins_with_a_padded_one():
    assert codes("TEST-{number:5}", month(2026)) == ["TEST-00001"]


@pytest.mark.parametrize("template", ["TEST-", "TEST-#####", "TEST#####", "#####"])
def test_a_pattern_without_a_number_is_refused_where_it_is_written(template):
    with pytest.raises(PolicyError, match=r"exactly one \{number\}"):
        CodePattern(template)


def test_a_changed_step_and_width_go_on_from_where_the_counter_stands():
    counters = Counters()
    assert str(CodePattern("{number}").assign(on(), counters)) == "1"
    tens = CodePattern("{number:step=10}")
    assert counters.peek("customer") == 2
    assert [str(tens.assign(on(), counters)) for _ in range(2)] == ["2", "12"]
    assert counters.peek("customer") == 22
    padded = CodePattern("{number:3,step=10}")
    assert str(padded.preview(on(), counters.peek("customer"))) == "022"
    assert str(padded.assign(on(), counters)) == "022"


def test_a_preview_gives_the_same_code_until_it_is_drawn():
    pattern, counters = CodePattern("{number:3}"), Counters()
    counters.raise_to("customer", 21)
    previews = [pattern.preview(on(), counters.peek("customer")) for _ in range(2)]
    assert [str(code) for code in [*previews, pattern.assign(on(), counters)]] == ["022"] * 3


def test_in_the_place_of_a_time_stamp_comes_chance_which_has_no_next_number():
    pattern, counters = CodePattern("{random:12}"), Counters()
    assert pattern.range_of(on()) is None
    assert pattern.guarantee is Guarantee.RANDOM
    assert pattern.assign(on(), counters) != pattern.assign(on(), counters)
    assert counters.passed == {}


def test_a_clock_that_was_ahead_is_no_error_with_us_numbers_go_on_in_the_newest_period():
    days = (month(2026), month(2126), month(2026), month(2027))
    assert codes("{date:%Y}-{number:2,reset=year}", *days) == [
        "2026-01",
        "2126-01",
        "2126-02",
        "2126-03",
    ]


def test_four_numbers_end_at_four_and_a_counter_set_back_to_one_goes_on_with_us():
    pattern, counters = CodePattern("{number:4}"), Counters()
    assert [str(pattern.assign(on(), counters)) for _ in range(4)][-1] == "0004"
    counters.raise_to("customer", 0)
    assert str(pattern.assign(on(), counters)) == "0005"


def test_a_year_that_is_only_shown_does_not_begin_anew():
    pattern, counters = CodePattern("{date:%Y}-{number:4}"), Counters()
    assert str(pattern.assign(on(date(1915, 1, 1)), counters)) == "1915-0001"
    assert last(pattern, counters, date(1915, 1, 1)) == "1915-0001"
    assert str(pattern.assign(on(date(1916, 1, 1)), counters)) == "1916-0002"


def test_counting_begins_anew_each_year():
    days = (month(1910), month(1910), month(1911))
    assert codes("{date:%Y}-{number:4,reset=year}", *days) == [
        "1910-0001",
        "1910-0002",
        "1911-0001",
    ]


def test_a_fiscal_year_from_june_shows_the_month_and_begins_anew_in_june():
    days = (month(1930, 1), month(1930, 12), month(1931, 1), month(1931, 12))
    assert codes("{date:%Y%m}-{number:4,reset=fiscal_year,starts=6}", *days) == [
        "193001-0001",
        "193012-0001",
        "193101-0002",
        "193112-0001",
    ]


def test_the_last_code_of_a_fiscal_year_is_that_of_its_own_period():
    pattern = CodePattern("{date:%Y%m}-{number:4,reset=fiscal_year,starts=6}")
    counters = Counters()
    assert last(pattern, counters, month(1930, 1)) == ""
    pattern.assign(on(month(1930, 1)), counters)
    assert last(pattern, counters, month(1930, 1)) == "193001-0001"
    assert last(pattern, counters, month(1930, 12)) == ""


def test_the_company_says_when_its_fiscal_year_starts():
    days = (month(1940, 1), month(1940, 12), month(1941, 1), month(1941, 12))
    given = codes("{date:%Y%m}-{number:4,reset=fiscal_year}", *days, fiscal_year_start=6)
    assert given == ["194001-0001", "194012-0001", "194101-0002", "194112-0001"]


def test_the_calendar_year_is_shown_beside_a_fiscal_counter_without_a_mask_of_its_own():
    days = (month(1950, 1), month(1950, 12), month(1951, 1), month(1951, 12))
    given = codes("{date:%Y%m}-{number:4,reset=fiscal_year}", *days, fiscal_year_start=6)
    assert given == ["195001-0001", "195012-0001", "195101-0002", "195112-0001"]


def test_the_year_in_which_the_fiscal_year_starts_is_a_part_of_its_own_with_us():
    days = (month(1960, 1), month(1960, 12), month(1961, 1), month(1961, 12))
    template = "{fiscal_year:%Y,shown=start,starts=6}{date:%m}-{number:4,reset=fiscal_year}"
    assert codes(template, *days) == ["195901-0001", "196012-0001", "196001-0002", "196112-0001"]


def test_counting_begins_anew_each_month_and_in_the_same_month_of_the_next_year():
    days = (month(1980, 1), month(1980, 1), month(1980, 2), month(1981, 1))
    assert codes("{date:%Y%m}-{number:4,reset=month}", *days) == [
        "198001-0001",
        "198001-0002",
        "198002-0001",
        "198101-0001",
    ]


def test_a_letter_for_the_type_of_a_customer_stands_in_front():
    pattern = CodePattern("{category:TE_ABC=A,TE_XYZ=X}{date:%Y%m}-{number:4}")
    context = on(month(1982), category="TE_ABC")
    assert str(pattern.assign(context, Counters())) == "A198201-0001"


def test_a_typed_code_is_trimmed_and_in_capitals():
    assert str(CustomerCode.parse("  ab0001-00123 ")) == "AB0001-00123"


@pytest.mark.parametrize("typed", ["X", "任意", "2026/001", "a-b"])
def test_where_people_decide_any_code_is_accepted_and_none_proposed(typed):
    assert ManualCodes().accepts(CustomerCode.parse(typed))
    with pytest.raises(InvalidValue, match=r"code\.required"):
        ManualCodes().assign(on(), Counters())


@pytest.mark.parametrize("typed", ["a.b-c_d", "A1", "a"])
def test_letters_digits_and_the_signs_between_them_make_a_code(typed):
    assert str(CustomerCode.parse(typed)) == typed.upper()


@pytest.mark.parametrize("typed", ["a b", "a=b", "a,b", "a~b", "a;b"])
def test_other_signs_make_none(typed):
    with pytest.raises(InvalidValue, match=r"code\.format"):
        CustomerCode.parse(typed)


def test_four_digits_go_on_with_five_where_the_company_says_so():
    pattern, counters = CodePattern("{number:4,overflow=widen}"), Counters()
    counters.raise_to("customer", 9998)
    given = [str(pattern.assign(on(), counters)) for _ in range(3)]
    assert given == ["9999", "10000", "10001"]


def test_four_digits_end_at_9999_where_it_says_nothing():
    counters = Counters()
    counters.raise_to("customer", 9999)
    with pytest.raises(CodesExhausted):
        CodePattern("{number:4}").assign(on(), counters)
