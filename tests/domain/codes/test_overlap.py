"""Whether two patterns share a code, against lists of all their codes."""

from datetime import date, timedelta
from functools import cache

import pytest
from counters import on
from hypothesis import given
from hypothesis import strategies as st

from customer_registry import CodePattern
from customer_registry.domain.codes.overlap import Overlap, overlap
from customer_registry.domain.codes.segments import Day

LEAP_YEAR = [date(2024, 1, 1) + timedelta(days=day) for day in range(366)]

NUMBERS = [
    "{number:1}",
    "{number:2,end=12}",
    "{number:2,start=5,end=23}",
    "{number:2,start=0,end=32,skip=1}",
    "{number:2,alphabet=01,start=0}",
    "{number:2,alphabet=01X}",
    "{number:1,alphabet=AB,start=0}",
]
OTHERS = [
    "",
    "A",
    "1",
    "10",
    "{kind:person=P,organization=1}",
    "{kind:person=A,organization=10}",
    "{date:%m}",
    "{date:%d}",
    "{date:%m%d}",
    "{date:%q}",
    "{week}",
]


@cache
def codes_of(template: str) -> frozenset[str]:
    """All codes of a small pattern in a leap year."""
    pattern = CodePattern(template)
    counter = pattern.counter
    numbers = {counter.fit(number) for number in range(counter.start, counter.maximum + 1)}
    dated = any(isinstance(each, Day) for each in pattern.segments)
    return frozenset(
        str(pattern.preview(on(day, kind=kind), number))
        for day in (LEAP_YEAR if dated else LEAP_YEAR[:1])
        for kind in ("person", "organization")[: 1 + ("{kind" in template)]
        for number in numbers
        if number <= counter.maximum
    )


TEMPLATES = st.tuples(
    st.sampled_from(OTHERS), st.sampled_from(NUMBERS), st.sampled_from(OTHERS[:7])
).map("".join)


@given(
    TEMPLATES.filter(lambda text: text.count("{kind") < 2),
    TEMPLATES.filter(lambda text: text.count("{kind") < 2),
)
def test_a_verdict_is_what_the_lists_of_all_codes_say(one, other):
    common = codes_of(one) & codes_of(other)
    verdict = overlap(CodePattern(one), CodePattern(other))
    assert verdict is not (Overlap.NO if common else Overlap.YES)
    assert verdict is overlap(CodePattern(other), CodePattern(one))


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [
        ("P{number:5}", "E{number:5}", "no"),
        ("P{number:5}", "P{number:4}", "no"),
        ("P{number:5}", "p{number:5}", "yes"),
        ("P{number:5,end=999}", "P{number:5,start=1000}", "no"),
        ("P{number:5,end=1000}", "P{number:5,start=1000}", "yes"),
        ("{number:2,alphabet=01}", "{number:2,start=12}", "no"),
        ("P{number:3}", "{kind:person=P,organization=E}{number:3}", "yes"),
        ("K{date:%m}{number:2}", "K13{number:2}", "no"),
        ("K{date:%m}{number:2}", "K12{number:2}", "yes"),
        ("{date:%d}-{date:%m}-{number:2}", "31-02-{number:2}", "undecided"),
        ("{number:3,skip=7}", "77{number:1}", "undecided"),
        ("{number:3}{check:damm}", "{number:3}4", "undecided"),
        ("{number:3}{check:damm}", "{number:2}44", "undecided"),
        ("{random:3}", "{number:3,alphabet=safe}", "yes"),
        ("{random:3}", "{random:3}", "yes"),
        ("P{number}", "P{number:3}", "undecided"),
        ("{grade}{number:3}", "P{number:3}", "undecided"),
        ("{number:3,overflow=widen}", "{number:3}", "undecided"),
    ],
)
def test_whether_two_patterns_may_give_the_same_code(one, other, verdict):
    assert overlap(CodePattern(one), CodePattern(other)) == verdict


@pytest.mark.parametrize(
    ("part", "first", "last"),
    [
        ("{date:%Y}", "0001", "9999"),
        ("{date:%y}", "00", "99"),
        ("{date:%m}", "01", "12"),
        ("{date:%d}", "01", "31"),
        ("{date:%j}", "001", "366"),
        ("{date:%q}", "1", "4"),
        ("{date:%G}", "0001", "9999"),
        ("{date:%V}", "01", "53"),
        ("{week}", "01", "53"),
        ("{week:calendar}", "00", "53"),
        ("{fiscal_year}", "0001", "9999"),
        ("{fiscal_year:%y}", "00", "99"),
        ("{fiscal_year:%Y,shown=end}", "0001", "9999"),
        ("{fiscal_year:%y,shown=end}", "00", "99"),
    ],
)
def test_a_part_of_the_day_is_told_from_every_other_number(part, first, last):
    width, bounds = len(first), range(int(first), int(last) + 1)

    def verdict(number):
        return overlap(
            CodePattern(f"K{part}-{{number:2}}"), CodePattern(f"K{number:0{width}}-{{number:2}}")
        )

    outside = {int(first) - 1, int(last) + 1, 0, 10**width - 1} - set(bounds)
    for number in (each for each in outside if 0 <= each < 10**width):
        assert verdict(number) is Overlap.NO
    for number in (bounds[0], bounds[-1]):
        assert verdict(number) is not Overlap.NO


def test_tables_too_long_to_compare_are_left_undecided():
    words = ",".join(f"w{number}={number:05}" for number in range(4000))
    one, other = (CodePattern(f"{sign}{{category:{words}}}{{number:3}}") for sign in "AB")
    assert overlap(one, other) is Overlap.UNDECIDED
