"""What holds for every pattern: codes read back, ascend, and show that they were mistyped."""

from contextlib import suppress
from datetime import date
from itertools import pairwise

import attrs
import pytest
from counters import Counters, on
from hypothesis import assume, event, given
from hypothesis import strategies as st

from customer_registry import (
    CodeContext,
    CodePattern,
    CodesExhausted,
    CustomerCode,
    InvalidValue,
    PolicyError,
)
from customer_registry.domain.codes.alphabet import Alphabet
from customer_registry.domain.codes.check_digits import CHECK_DIGITS

SHOWN_BY = {
    "never": ["", "{date:%y/%j}", "{date:%m%d}", "{week}", "{week:calendar}", "{date:%q}"],
    "year": ["{date:%Y}", "{date:%y}", "{date:%Y}{fiscal_year:%y,shown=end}"],
    "fiscal_year": [
        "{fiscal_year}",
        "{fiscal_year:%y,shown=end}",
        "{fiscal_year:%y}{date:%q}",
        "{fiscal_year}{date:%Y}",
        "{date:%Y%m}",
        "{date:%y%j}",
    ],
    "quarter": ["{date:%Y%q}", "{date:%y-%m}", "{fiscal_year:%y}/{date:%m}"],
    "month": ["{date:%Y%m}", "{date:%m}{date:%y}", "{date:%j.%y}", "{fiscal_year}{date:%m}"],
    "week": ["{date:%G%V}", "{date:%G}W{week}", "{date:%Y}{week:calendar}", "{date:%y%m%d}"],
    "day": ["{date:%y%m%d}", "{date:%d}.{date:%m}.{date:%Y}", "{date:%Y%j}"],
}
FIELDS = [
    "{kind:person=P,organization=E}",
    "{kind:person=p,organization=o7}",
    "{grade:A=1,a=2,B=}",
    "{region:3}",
    "{category}",
    "{custom.shop:2}",
]
WORDS = {
    "kind": st.sampled_from(["person", "organization"]),
    "grade": st.sampled_from(["A", "a", "B"]),
    "region": st.text("aZ19-", min_size=1, max_size=3),
    "category": st.text("aZ1９/经", min_size=1, max_size=5),
    "custom.shop": st.text("b0", min_size=1, max_size=2),
}
CONTEXTS = st.builds(
    CodeContext,
    fields=st.fixed_dictionaries(WORDS),
    today=st.dates(date(1970, 2, 1), date(2067, 12, 31)),
    fiscal_year_start=st.integers(1, 12),
)
CONSTANTS = st.sampled_from(["", "KH", "-", "c7", "客", "{{", "ß", "x/"])


@st.composite
def counters(draw, reset: str, by: str) -> str:
    name = draw(st.sampled_from(["decimal", "safe", "base36", "letters", "01", "04X"]))
    largest = Alphabet.named(name).largest(width := draw(st.integers(2, 5)))
    start = draw(st.integers(0, min(largest, 40)))
    options = [
        str(width),
        f"alphabet={name}",
        f"start={start}",
        f"reset={reset}",
        f"step={draw(st.integers(1, 7))}",
        *([f"end={draw(st.integers(start, largest))}"] if draw(st.booleans()) else []),
        *(["skip=4+13"] if name in {"decimal", "base36"} and draw(st.booleans()) else []),
        *(["overflow=widen"] if draw(st.booleans()) else []),
        *([f"by={by}"] if by else []),
    ]
    return f"{{number:{','.join(options)}}}"


@st.composite
def templates(draw) -> str:
    reset = draw(st.sampled_from(sorted(SHOWN_BY)))
    fields = draw(st.lists(st.sampled_from(FIELDS), unique_by=lambda each: each[:4], max_size=2))
    names = [each.strip("{}").partition(":")[0] for each in fields]
    by = "+".join(name for name in names if draw(st.booleans()))
    number = draw(counters(reset, by))
    chance = draw(st.sampled_from(["", "", "", "{random:3}"]))
    parts = draw(st.permutations([number, chance, draw(st.sampled_from(SHOWN_BY[reset])), *fields]))
    constants = draw(st.lists(CONSTANTS, min_size=len(parts), max_size=len(parts)))
    check = draw(st.sampled_from(["", "{check:mod37-36}", "-{check:mod37-36,of=number}"]))
    return "".join(map("".join, zip(constants, parts, strict=True))) + check


@st.composite
def patterns(draw) -> CodePattern:
    """A pattern whose codes can be read in one way only."""
    pattern = CodePattern(draw(templates()))
    assume(not pattern.warnings)
    return pattern


@st.composite
def numbers(draw, pattern: CodePattern) -> int:
    """A number that the pattern's counter gives."""
    counter = pattern.counter
    number = counter.fit(draw(st.integers(counter.start, min(counter.maximum, 10**6))))
    assume(number <= counter.maximum)
    return number


def drawn(pattern: CodePattern, context: CodeContext, number: int) -> CustomerCode:
    """The code of a counter that has passed all numbers before this one."""
    ranges = Counters()
    ranges.raise_to(pattern.range_of(context), pattern.counter.kept(number) - 1)
    return pattern.assign(context, ranges)


@given(templates())
def test_what_the_strategy_writes_is_a_pattern(template):
    event(f"{len(CodePattern(template).warnings)} boundaries open")


@given(st.data(), patterns(), CONTEXTS)
def test_a_code_gives_back_what_it_was_made_of(data, pattern, context):
    number = data.draw(numbers(pattern))
    code = drawn(pattern, context, number)
    told = pattern.parse(code, fiscal_year_start=context.fiscal_year_start)
    assert told.number == number
    assert told.range == pattern.range_of(context)
    assert pattern.drawn_from(str(code), fiscal_year_start=context.fiscal_year_start) == (
        told.range,
        pattern.counter.kept(number),
    )
    for name, word in told.fields.items():
        if name in {"kind", "grade"}:
            assert word == context.fields[name]
        else:
            assert word.endswith(str(CustomerCode.parse(context.fields[name])))


@given(st.data(), patterns(), CONTEXTS)
def test_the_day_that_a_code_tells_has_the_same_code(data, pattern, context):
    number = data.draw(numbers(pattern))
    assume("{random" not in pattern.template)
    code = drawn(pattern, context, number)
    told = pattern.parse(code, fiscal_year_start=context.fiscal_year_start)
    if told.day is not None:
        assert pattern.preview(attrs.evolve(context, today=told.day), number) == code


@given(st.data(), patterns(), CONTEXTS)
def test_a_pattern_accepts_every_code_that_it_gives(data, pattern, context):
    code = drawn(pattern, context, data.draw(numbers(pattern)))
    assert pattern.accepts(code)
    assert CustomerCode.parse(str(code)) == code


@given(st.data(), patterns(), CONTEXTS)
def test_codes_of_one_range_ascend_as_texts_while_the_width_holds(data, pattern, context):
    assume("{random" not in pattern.template)
    fitting = st.tuples(numbers(pattern), numbers(pattern)).map(sorted)
    less, more = data.draw(fitting)
    widest = pattern.counter.alphabet.largest(pattern.counter.width)
    assume(less < more <= widest)
    one, other = (drawn(pattern, context, number) for number in (less, more))
    assert str(one) < str(other)


TURNS = st.sampled_from(
    [date(year, *day) for year in (2019, 2020, 2021) for day in [(1, 1), (1, 4), (5, 31), (6, 1)]]
    + [date(year, *day) for year in (2018, 2019, 2020) for day in [(12, 28), (12, 30), (12, 31)]]
)


@given(patterns(), st.lists(st.tuples(CONTEXTS, TURNS), min_size=2, max_size=12))
def test_no_code_comes_twice_whoever_asks_on_which_day(pattern, asked):
    ranges, codes = Counters(), []
    months = asked[0][0].fiscal_year_start
    with suppress(CodesExhausted):
        for context, today in asked:
            here = attrs.evolve(context, today=today, fiscal_year_start=months)
            codes.append(pattern.assign(here, ranges))
    assert len(set(codes)) == len(codes)


WORDS_OF_TEMPLATES = """
{ } : , = " + % %Y number date check damm kind by reset month alphabet skip start end step width
random 0 7 19 999999999999999999999999999999 A a 客 {number} {date:%Y%m} {grade} custom. of week iso
fiscal_year starts overflow=widen ²
"""
SYNTAX = st.lists(
    st.sampled_from([*WORDS_OF_TEMPLATES.split(), " ", "\0", "\ud800"]), max_size=30
).map("".join)


@given(st.one_of(st.text(), SYNTAX, SYNTAX.map(lambda text: f"{{number:{text}}}")))
def test_a_template_of_any_text_is_a_pattern_or_tells_its_mistakes(text):
    with suppress(PolicyError):
        pattern = CodePattern(text)
        assert pattern.explain("zh") != pattern.explain("en")


@given(patterns(), st.one_of(st.text(max_size=50), st.text("PE0129AZ-./Kİıſ\u212a{}", max_size=45)))
def test_any_text_is_a_code_of_the_pattern_or_refused_with_a_reason(pattern, text):
    drawn_from = pattern.drawn_from(text)
    try:
        pattern.parse(text)
    except InvalidValue:
        assert drawn_from is None
    assert pattern.accepts(CustomerCode(text)) in {True, False}


CHECKED = [
    ("KH{number:6}{check:luhn}", "luhn"),
    ("KH-{number:7}-{check:damm}", "damm"),
    ("{date:%y%m}{number:5,start=100}{check:verhoeff}", "verhoeff"),
    ("{number:6}/{check:mod11-2}", "mod11-2"),
    ("{grade:A=1,B=2}{number:5}{check:mod11-10}", "mod11-10"),
    ("KH{number:5,alphabet=safe}{check:mod37-36}", "mod37-36"),
    ("{random:6}{check:mod37-36}", "mod37-36"),
    ("{date:%m}{number:5}{check:damm,of=number}", "damm"),
]


@st.composite
def checked_codes(draw, template: str) -> str:
    pattern = CodePattern(template)
    context = on(draw(st.dates(date(2000, 1, 1), date(2060, 1, 1))), grade="A")
    number = draw(st.integers(100, 99_999)) if pattern.counter else None
    return str(pattern.preview(context, number))


def covered(template: str, code: str, covers: str) -> list[int]:
    """The places of a code that its check character covers, and of itself, the last one."""
    first = 2 if "of=number" in template else 0
    places = [at for at in range(first, len(code) - 1) if code[at] in covers]
    return [*places, len(code) - 1]


@pytest.mark.parametrize(("template", "name"), CHECKED)
@given(st.data())
def test_one_mistyped_character_is_noticed(template, name, data):
    pattern, algorithm = CodePattern(template), CHECK_DIGITS[name]
    code = data.draw(checked_codes(template))
    assert pattern.accepts(CustomerCode(code))
    for at in covered(template, code, algorithm.covers):
        for sign in set(algorithm.covers + algorithm.gives) - {code[at]}:
            assert not pattern.accepts(CustomerCode(code[:at] + sign + code[at + 1 :]))


@pytest.mark.parametrize(("template", "name"), CHECKED)
@given(st.data())
def test_two_neighbours_that_swap_places_are_noticed_as_the_algorithm_promises(
    template, name, data
):
    pattern, algorithm = CodePattern(template), CHECK_DIGITS[name]
    code = data.draw(checked_codes(template))
    places = covered(template, code, algorithm.covers)
    for one, other in pairwise(places):
        pair = {code[one] + code[other], code[other] + code[one]}
        if len(pair) == 2 and not pair & set(algorithm.misses):
            swapped = list(code)
            swapped[one], swapped[other] = code[other], code[one]
            assert not pattern.accepts(CustomerCode("".join(swapped)))
