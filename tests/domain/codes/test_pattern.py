from datetime import date

import pytest
from counters import Counters

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

TODAY = date(2026, 11, 24)


def context(today: date = TODAY, **fields: str | None) -> CodeContext:
    return CodeContext(fields, today)


@pytest.mark.parametrize(
    ("template", "drawn", "code"),
    [
        ("C{number:06}", 1, "C000001"),
        ("kh-{number:03}", 12, "KH-012"),
        ("{number}", 7, "7"),
        ("{number}", 12345678, "12345678"),
        ("{number:1}", 9, "9"),
        ("{date:%Y%m}-{number:05}", 3, "202611-00003"),
        ("{date:%y/%m/%d}{number:2}", 3, "26/11/2403"),
        ("{date:%Y.%j}-{number:2}", 3, "2026.328-03"),
        ("{number:04,start=1000}", None, "1000"),
        ("{number:04,start=1000,step=10}", 1020, "1020"),
        ("{number:04,start=0}", None, "0000"),
        ("{number:4,alphabet=safe}", 27, "2232"),
        ("{kind:person=P,organization=E}{number:2}", 1, "E01"),
        ('{kind:person="P",organization="E#"}{number:2}', 1, "E#01"),
        ("{kind: person = P , organization = E }{number:2}", 1, "E01"),
        ("{grade}{number:2}", 1, "A01"),
        ("{grade}-{category}-{number:2}", 1, "A-经销商-01"),
    ],
)
def test_a_template_shows_its_parts(template, drawn, code):
    given = context(kind="organization", grade="a", category="经销商")
    assert str(CodePattern(template).preview(given, drawn)) == code


@pytest.mark.parametrize(
    ("template", "mistake"),
    [
        ("", "a pattern has exactly one {number}, this one 0"),
        ("C", "a pattern has exactly one {number}, this one 0"),
        ("{number}{number}", "a pattern has exactly one {number}, this one 2"),
        ("C{number", "position 2: a lone brace; write {{"),
        ("C}{number}", "position 2: a lone brace; write }}"),
        ("C{nmuber}", "position 2: unknown {nmuber}; known are number, random, check, date"),
        ("C{}{number}", "position 2: unknown {}; known are"),
        ("C{number:x}", "position 2: the width is a whole number, not 'x'"),
        ("C{number:٣}", "position 2: the width is a whole number, not '٣'"),
        ("C{number:0}", "position 2: the width is 1 to 18"),
        ("C{number:19}", "position 2: the width is 1 to 18"),
        (f"C{{number:{'9' * 5000}}}", "position 2: "),
        ("C{number:05,colour=red,size=1}", "position 2: number knows no colour, size"),
        ("C{number:05,reset=hour}", "position 2: reset is one of never, year, fiscal_year"),
        ("C{number:05,start=-1}", "position 2: start is a whole number, not '-1'"),
        ("C{number:05,step=0}", "position 2: step is at least 1"),
        ("C{number:05,kind}", "position 2: 'kind' needs a key, as in by=kind"),
        ('C{number:"05}', "position 2: a quotation mark is never closed"),
        ('C{kind:person="P}{number}', "position 2: a quotation mark is never closed"),
        ("C{date}{number}", "position 2: date needs a format, as in {date:%Y%m}"),
        ("C{date:%Y,by=kind}{number}", "position 2: date needs a format"),
        ("C{date:%H}{number}", "position 2: date knows %Y %y %m %d %j %G %V %q, not %H"),
        ("C{date:%Y%}{number}", "position 2: date knows %Y %y %m %d %j %G %V %q, not %"),
        ("C{number:by=kind}", "by=kind needs {kind} in the pattern, or codes repeat"),
        ("C{kind}{number:by=colour}", "by=colour is no field; known are kind, category"),
        (
            "{kind:person=X,organization=X}{number:by=kind}",
            "by=kind needs another text for each kind, or codes repeat",
        ),
        ("C{number:5,reset=year}", "reset=year needs %Y or %y in the date, or codes repeat"),
        ("{date:%m}{number:reset=year}", "reset=year needs %Y or %y in the date"),
        ("{date:%Y}{number:reset=month}", "reset=month needs %m in the date"),
        ("{date:%Y%m}{number:reset=day}", "reset=day needs %d in the date"),
        ("客 {number}", "' ' cannot stand in a code"),
        ("Ｃ{number}", "'Ｃ' cannot stand in a code"),
        ("{{=}}{number}", "'=' cannot stand in a code"),
        ("{date:%Y~%m}{number}", "'~' cannot stand in a code"),
        ('{kind:person="P,",organization=E}{number}', "'P,' cannot stand in a code"),
        ("\ud800{number}", "'\\ud800' cannot stand in a code"),
        ("\0{number}", "'\\x00' cannot stand in a code"),
    ],
    ids=lambda text: ascii(text)[:40],
)
def test_a_template_that_cannot_be_is_refused_when_it_is_defined(template, mistake):
    with pytest.raises(PolicyError) as refused:
        CodePattern(template)
    assert any(told.startswith(mistake) for told in refused.value.mistakes)


def test_a_name_that_nobody_knows_is_answered_with_all_that_there_are():
    with pytest.raises(PolicyError) as refused:
        CodePattern("C{colour}")
    (mistake,) = refused.value.mistakes
    assert mistake == (
        "position 2: unknown {colour}; known are number, random, check, date, week, fiscal_year,"
        " kind, category, country, department, grade, industry, region, sales_region, source,"
        " custom.…"
    )


def test_all_mistakes_of_a_template_are_told_at_once_with_their_places():
    with pytest.raises(PolicyError) as refused:
        CodePattern("C{x}}{date:%H}{number:x}{")
    assert [told.partition(":")[0] for told in refused.value.mistakes] == [
        "position 2",
        "position 5",
        "position 6",
        "position 15",
        "position 25",
    ]


def test_two_contradictions_are_told_at_once():
    with pytest.raises(PolicyError) as refused:
        CodePattern("{number:by=kind,reset=day}")
    assert refused.value.mistakes == (
        "by=kind needs {kind} in the pattern, or codes repeat",
        "reset=day needs %Y or %y and %m and %d in the date, or codes repeat",
    )


@pytest.mark.parametrize("fields", [{}, {"grade": None}, {"grade": ""}])
def test_a_code_made_of_a_field_needs_that_field(fields):
    with pytest.raises(InvalidValue, match=r"code\.field_missing") as refused:
        CodePattern("{grade}{number:2}").preview(context(**fields), 1)
    assert refused.value.params == {"field": "grade"}


def test_a_word_without_a_mapping_gives_no_code():
    with pytest.raises(InvalidValue, match=r"code\.field_unmapped") as refused:
        CodePattern("{grade:A=1,B=2}{number:2}").preview(context(grade="C"), 1)
    assert refused.value.params["field"] == "grade"


def test_a_field_that_cannot_stand_in_a_code_is_refused_before_it_is_saved():
    with pytest.raises(InvalidValue, match=r"code\.format"):
        CodePattern("{category}{number:2}").preview(context(category="大 客户"), 1)


def test_a_field_too_long_for_a_code_is_refused_before_it_is_saved():
    with pytest.raises(InvalidValue, match="too_long"):
        CodePattern("{category}{number:2}").preview(context(category="大" * 40), 1)


def test_the_last_number_of_a_width_is_given():
    assert str(CodePattern("C{number:2}").preview(context(), 99)) == "C99"


def test_a_width_that_is_used_up_says_so_and_gives_no_wider_code():
    with pytest.raises(CodesExhausted) as exhausted:
        CodePattern("C{number:2}").preview(context(), 100)
    assert (exhausted.value.width, exhausted.value.maximum) == (2, 99)
    assert exhausted.value.report.lines("zh") == (
        "客户编码：流水号已用尽（2位，最大99），请扩展编码规则",
    )


def test_every_scope_has_a_counter_of_its_own():
    pattern = CodePattern("{kind:person=P,organization=E}{number:2,by=kind}")
    numbers = Counters()
    kinds = ("person", "organization", "person")
    codes = [str(pattern.assign(context(kind=kind), numbers)) for kind in kinds]
    assert codes == ["P01", "E01", "P02"]


def test_scopes_are_joined_by_a_plus():
    pattern = CodePattern("{kind}-{grade}-{number:1,by=kind+grade}")
    numbers = Counters()
    asked = [("p", "a"), ("p", "b"), ("o", "a"), ("p", "a")]
    codes = [str(pattern.assign(context(kind=k, grade=g), numbers)) for k, g in asked]
    assert codes == ["P-A-1", "P-B-1", "O-A-1", "P-A-2"]


def test_a_scope_whose_field_is_empty_draws_no_number():
    numbers = Counters()
    with pytest.raises(InvalidValue, match=r"code\.field_missing"):
        CodePattern("{grade}{number:by=grade}").assign(context(), numbers)
    assert numbers.passed == {}


@pytest.mark.parametrize(
    ("reset", "days", "counted"),
    [
        ("day", [TODAY, TODAY, date(2026, 11, 25)], [1, 2, 1]),
        ("week", [TODAY, date(2026, 11, 29), date(2026, 11, 30)], [1, 2, 1]),
        ("quarter", [TODAY, date(2026, 12, 31), date(2027, 1, 1)], [1, 2, 1]),
        ("month", [TODAY, date(2026, 11, 25), date(2026, 12, 1)], [1, 2, 1]),
        ("year", [TODAY, date(2026, 12, 1), date(2027, 1, 1)], [1, 2, 1]),
        ("never", [TODAY, date(2026, 12, 1), date(2027, 1, 1)], [1, 2, 3]),
    ],
)
def test_counting_begins_anew_in_each_period(reset, days, counted):
    pattern = CodePattern(f"{{date:%Y%m%d}}-{{number:1,reset={reset}}}")
    numbers = Counters()
    codes = [str(pattern.assign(context(day), numbers)) for day in days]
    assert [int(code.rpartition("-")[2]) for code in codes] == counted


PERIODS = [
    ("never", "customer", None),
    ("year", "customer|2026", date(2026, 1, 1)),
    ("fiscal_year", "customer|FY2026", date(2026, 6, 1)),
    ("quarter", "customer|2026-Q4", date(2026, 10, 1)),
    ("month", "customer|2026-11", date(2026, 11, 1)),
    ("week", "customer|2026-W48", date(2026, 11, 23)),
    ("day", "customer|2026-11-24", TODAY),
]


@pytest.mark.parametrize(("reset", "name", "begins"), PERIODS)
def test_a_range_is_named_after_its_period_and_its_scope_remembers_when_that_began(
    reset, name, begins
):
    pattern = CodePattern(f"{{fiscal_year:starts=6}}{{date:%Y%m%d}}-{{number:2,reset={reset}}}")
    numbers = Counters()
    code = pattern.assign(context(), numbers)
    mark = {f"customer@{reset}": begins.toordinal()} if begins else {}
    assert numbers.passed == {name: 1, **mark}
    assert pattern.drawn_from(str(code)) == (name, 1)
    assert pattern.counting(name).start == 1


@pytest.mark.parametrize("reset", [reset for reset, *_ in PERIODS])
def test_a_range_of_another_period_is_not_the_patterns(reset):
    pattern = CodePattern(f"{{fiscal_year:starts=6}}{{date:%Y%m%d}}-{{number:2,reset={reset}}}")
    known = [name for _, name, _ in PERIODS if pattern.counting(name)]
    assert known == [name for each, name, _ in PERIODS if each == reset]


@pytest.mark.parametrize(
    ("day", "name", "begins"),
    [
        (date(2026, 3, 31), "customer|2026-Q1", date(2026, 1, 1)),
        (date(2026, 4, 1), "customer|2026-Q2", date(2026, 4, 1)),
        (date(2026, 6, 30), "customer|2026-Q2", date(2026, 4, 1)),
        (date(2026, 7, 1), "customer|2026-Q3", date(2026, 7, 1)),
        (date(2026, 9, 30), "customer|2026-Q3", date(2026, 7, 1)),
        (date(2026, 10, 1), "customer|2026-Q4", date(2026, 10, 1)),
    ],
)
def test_a_quarter_has_three_months(day, name, begins):
    numbers = Counters()
    CodePattern("{date:%Y%q}-{number:2,reset=quarter}").assign(context(day), numbers)
    assert numbers.passed == {name: 1, "customer@quarter": begins.toordinal()}


@pytest.mark.parametrize(
    ("day", "name", "begins"),
    [
        (date(2026, 12, 31), "customer|2026-W53", date(2026, 12, 28)),
        (date(2027, 1, 3), "customer|2026-W53", date(2026, 12, 28)),
        (date(2027, 1, 4), "customer|2027-W01", date(2027, 1, 4)),
        (date(2024, 12, 30), "customer|2025-W01", date(2024, 12, 30)),
    ],
)
def test_a_week_at_the_turn_of_the_year_is_one_week(day, name, begins):
    numbers = Counters()
    CodePattern("{date:%G%V}-{number:2,reset=week}").assign(context(day), numbers)
    assert numbers.passed == {name: 1, "customer@week": begins.toordinal()}


@pytest.mark.parametrize(
    ("day", "name", "begins"),
    [
        (date(2026, 5, 31), "customer|FY2025", date(2025, 6, 1)),
        (date(2026, 6, 1), "customer|FY2026", date(2026, 6, 1)),
        (date(1, 5, 31), "customer|FY0000", date(1, 6, 1)),
    ],
)
def test_a_fiscal_year_begins_in_the_month_that_the_pattern_says(day, name, begins):
    numbers = Counters()
    pattern = CodePattern("{fiscal_year:starts=6}-{number:2,reset=fiscal_year}")
    pattern.assign(context(day), numbers)
    assert numbers.passed == {name: 1, "customer@fiscal_year": begins.toordinal()}


def test_the_same_month_of_another_year_is_another_period():
    pattern = CodePattern("{date:%y%m}-{number:1,reset=month}")
    numbers = Counters()
    days = (date(2026, 1, 1), date(2027, 1, 1))
    assert [str(pattern.assign(context(day), numbers)) for day in days] == ["2601-1", "2701-1"]


def test_patterns_may_share_a_range():
    numbers = Counters()
    first, second = (CodePattern(f"{letter}{{number:2,range=all}}") for letter in "AB")
    codes = [str(pattern.assign(context(), numbers)) for pattern in (first, second)]
    assert codes == ["A01", "B02"]


@pytest.mark.parametrize(
    ("template", "code", "accepted"),
    [
        ("C{number:03}", "C001", True),
        ("C{number:03}", "c001", True),
        ("C{number:03}", "C0001", False),
        ("C{number:03}", "D001", False),
        ("C{number}", "C1234567", True),
        ("C{number}", "C", False),
        ("C.{number:1}", "CX1", False),
        ("{kind:person=P,organization=E}{number:2}", "P01", True),
        ("{kind:person=P,organization=E}{number:2}", "X01", False),
        ("{grade}{number:2}", "AAA01", True),
        ("{grade}{number:2}", "01", False),
        ("{date:%Y%m}{number:2}", "20261101", True),
        ("{date:%Y-%m}-{number:2}", "2026-11-01", True),
        ("{date:%Y-%m}-{number:2}", "2026111-01", False),
    ],
)
def test_a_typed_code_follows_the_pattern_or_does_not(template, code, accepted):
    assert CodePattern(template).accepts(CustomerCode.parse(code)) is accepted


@pytest.mark.parametrize(
    "template",
    ["C{number:03}", "{date:%y/%j}{number}", "{grade:a=1,b=2}.{number}", "{kind}#{number:2}"],
)
def test_a_pattern_accepts_what_it_gives(template):
    pattern = CodePattern(template)
    code = pattern.preview(context(grade="a", kind="person"), 42)
    assert pattern.accepts(code)
    assert CustomerCode.parse(str(code)) == code


@pytest.mark.parametrize(
    ("template", "code", "drawn"),
    [
        ("C{number:03}", "C012", ("customer", 12)),
        ("C{number:03}", "c012", ("customer", 12)),
        ("C{number:03,start=100,step=10}", "C120", ("customer", 120)),
        ("C{number:03,start=100}", "C012", None),
        ("C{number:03,start=0}", "C012", ("customer", 13)),
        ("C{random:3}", "C222", None),
        ("{kind:person=P,organization=E}{number:2}", "P07", ("customer", 7)),
        (
            "{kind:person=P,organization=E}{number:2,by=kind}",
            "E07",
            ("customer|kind=organization", 7),
        ),
        ("{date:%y%m}{number:2,reset=month,range=vip}", "261107", ("vip|2026-11", 7)),
        ("{date:%y%m}{number:2,reset=month}", "261307", None),
        ("C{number:03}", "D012", None),
        ("C{number:03}", "C12", None),
    ],
)
def test_a_code_tells_which_range_it_was_drawn_from(template, code, drawn):
    assert CodePattern(template).drawn_from(code) == drawn


def test_a_pattern_promises_no_gaps():
    assert CodePattern("{number}").guarantee is Guarantee.GAPLESS


def test_a_mode_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="whenever"):
        CodePattern("{number}", mode="whenever")


def test_equal_templates_are_equal_patterns():
    assert CodePattern("C{number}") == CodePattern("C{number}")
    assert CodePattern("C{number}") != CodePattern("C{number}", mode="editable")


def test_a_pattern_is_its_template_and_shows_it_whatever_chance_it_has():
    one, other = (CodePattern("R{random:2}", chance=lambda _, at=at: at) for at in (0, 1))
    assert one.preview(context()) != other.preview(context())
    assert (one, hash(one)) == (other, hash(other))
    shown = "CodePattern(template='R{random:2}', _mode=<CodeMode.AUTOMATIC: 'automatic'>,"
    assert repr(one) == f"{shown} _guarantee=<Guarantee.GAPLESS: 'gapless'>, block=20)"


def test_manual_codes_accept_what_people_decide_and_give_none():
    codes = ManualCodes()
    assert (codes.mode, codes.guarantee) == ("manual", Guarantee.GIVEN)
    assert codes.accepts(CustomerCode("X"))
    with pytest.raises(InvalidValue, match=r"code\.required"):
        codes.assign(context(), Counters())


@pytest.mark.parametrize(
    ("template", "mistake"),
    [
        ("{date:%Y%V}{number:reset=week}", "reset=week needs %G in the date"),
        ("{date:%Y}-{week}-{number:reset=week}", "reset=week needs %G in the date"),
        ("{date:%G%V}{number:reset=year}", "reset=year needs %Y or %y in the date"),
        ("{date:%j}{number:reset=month}", "reset=month needs %Y or %y and %m in the date"),
        ("{date:%Y}{number:reset=quarter}", "reset=quarter needs %q in the date"),
        ("{date:%q}{number:reset=quarter}", "reset=quarter needs %Y or %y in the date"),
        ("{fiscal_year}{date:%q}{number:reset=quarter}", "reset=quarter needs %Y or %y"),
        ("{date:%y}{number:reset=fiscal_year,starts=4}", "reset=fiscal_year needs {fiscal_year}"),
        ("{date:%y}{number:reset=fiscal_year}", "reset=fiscal_year needs {fiscal_year}"),
        ("{date:%m%d}{number:reset=day}", "reset=day needs %Y or %y in the date"),
        ("{fiscal_year:starts=4}{number:starts=5}", "starts is one month for the whole pattern"),
        ("{number:starts=13}", "position 1: starts is a month, 1 to 12"),
        ("{fiscal_year:%m}{number}", "position 1: fiscal_year is shown as %Y or %y, not '%m'"),
        ("{week:every}{number}", "position 1: week is iso or calendar, not 'every'"),
        ("{date:%Y%Y}{number}", "position 1: date shows each part once"),
        ("{grade:a=1,A=1}{number:by=grade}", "by=grade needs another text for each grade"),
        ("{grade:a=x,b=X}{number:by=grade}", "by=grade needs another text for each grade"),
        ("{grade}{grade:3}{number:3}", "{grade} stands in the pattern more than once"),
        ("{grade:2,a=1}{number}", "position 1: grade has either a width or words, not both"),
        ("{grade:21}{number}", "position 1: the width is 1 to 20"),
        ("{grade:20}{region:20}{number:3}", "its codes have 43 characters or more, a code has 40"),
        (f"{{grade:a={'A' * 39},b=B}}{{number:3}}", "its codes have 42 characters or more"),
        ("{number:18,overflow=widen}" + "A" * 23, "its codes have 41 characters or more"),
        ("{number:3,start=5,end=4}", "position 1: end is at least 5"),
        ("{number:1,end=10}", "position 1: the width 1 holds no 10"),
        ("{number:1,start=10}", "position 1: the width 1 holds no 10"),
        (f"{{number:start={'9' * 19}}}", "position 1: start has 18 digits at most"),
        (f"{{number:step={'9' * 19}}}", "position 1: step has 18 digits at most"),
        ("{number:skip=0+1+2+3+4+5+6+7+8+9}", "position 1: without '0', '1'"),
        ("{number:3,alphabet=BA}", "position 1: the signs of an alphabet ascend: 'AB'"),
        ("{number:3,alphabet=roman}", "position 1: an alphabet is base36"),
        ("{number:overflow=wrap}", "position 1: overflow is one of stop, widen, not 'wrap'"),
        ("{number:range=a|b}", "position 1: a range is a plain name, not 'a|b'"),
        ("{check:damm}{number:3}", "check:damm stands after the number that it checks"),
        ("{number:3,alphabet=safe}{check:damm}", "check:damm covers 0123456789 only"),
        ("{number:3}{check:crc}", "position 11: check is one of luhn, damm"),
        (
            "{random:3,alphabet=decimal}{check:damm,of=number}{number:3}",
            "check:damm stands after the number that it checks",
        ),
        ("{random:31}", "position 1: the width is 1 to 30"),
        ("{random}", "position 1: the width is a whole number, not ''"),
        ("\u1100\u1161{number}", "'\u1100\u1161' cannot stand in a code"),
        (
            "".join(f"{{custom.{letter}}}" for letter in "abcdef") + "{number:3}",
            "5 parts at most may vary in length, not 6",
        ),
    ],
    ids=lambda text: ascii(text)[:60],
)
def test_a_template_whose_parts_contradict_one_another_is_refused(template, mistake):
    with pytest.raises(PolicyError) as refused:
        CodePattern(template)
    assert any(told.startswith(mistake) for told in refused.value.mistakes), refused.value.mistakes


@pytest.mark.parametrize(
    "template",
    [
        "A" * 50_000 + "{number}",
        "{" * 50_000,
        '{"' * 25_000,
        "{x" * 25_000,
        "{number}" * 500,
        "{grade}" * 500 + "{number:3}",
        "{date:" + "%Y" * 25_000 + "}{number}",
        "{date:" + "A" * 50_000 + "}{number}",
        "{number:alphabet=" + "A" * 50_000 + "}",
        "{number:by=" + "+".join(f"custom.{name}" for name in range(5_000)) + "}",
    ],
    ids=lambda template: template[:20],
)
def test_a_template_of_any_length_is_refused_and_soon(template):
    with pytest.raises(PolicyError):
        CodePattern(template)


def test_a_long_table_of_words_is_no_trouble():
    words = ",".join(f"w{number}={number:05}" for number in range(4000))
    pattern = CodePattern(f"{{category:{words}}}{{number:3}}")
    assert str(pattern.preview(context(category="w3999"), 7)) == "03999007"
    assert pattern.parse("03999007").fields == {"category": "w3999"}


def test_mistakes_of_the_guarantee_and_of_the_block_are_told():
    with pytest.raises(PolicyError, match="gapless or unique, not random"):
        CodePattern("{number}", guarantee="random")
    with pytest.raises(PolicyError, match="block is 1 to 10000"):
        CodePattern("{number}", block=0)


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("{date:%y%m}{number:2}", "261301"),
        ("{date:%y%m}{number:2}", "260001"),
        ("{date:%Y%m%d}{number:2}", "2026023101"),
        ("{date:%Y%j}{number:2}", "202636601"),
        ("{date:%m%d}{number:2}", "023001"),
        ("{date:%Y}-{number:2}", "0000-01"),
        ("{date:%G}{week}-{number:2}", "202553-01"),
        ("{date:%Y}{week:calendar}-{number:2}", "202000-01"),
        ("{date:%q}-{number:2}", "5-01"),
        ("{date:%Y}-{date:%y}-{number:2}", "2026-27-01"),
        ("{date:%Y}-{date:%Y}-{number:2}", "2026-2025-01"),
        ("{date:%Y%m}-{date:%q}-{number:2}", "202611-3-01"),
        ("{date:%Y}-{date:%G}-{number:2}", "0001-9999-01"),
        ("{fiscal_year:starts=6}{date:%Y%m}-{number:2}", "2026202605-01"),
    ],
)
def test_a_code_of_a_day_that_there_is_not_is_not_the_patterns(template, code):
    pattern = CodePattern(template)
    assert not pattern.accepts(CustomerCode(code))
    assert pattern.drawn_from(code) is None
    with pytest.raises(InvalidValue, match=r"code\.off_pattern"):
        pattern.parse(code)


@pytest.mark.parametrize(
    ("template", "code", "day"),
    [
        ("{date:%m%d}{number:2}", "022901", date(4, 2, 29)),
        ("{date:%Y%j}{number:2}", "202436601", date(2024, 12, 31)),
        ("{date:%Y}-{week}-{number:2}", "2026-53-01", date(2026, 12, 28)),
        ("{date:%Y}{week:calendar}-{number:2}", "202100-01", date(2021, 1, 1)),
        ("{date:%Y}{week:calendar}-{number:2}", "201953-01", date(2019, 12, 30)),
        ("{fiscal_year:starts=6}{date:%Y}-{number:2}", "20252026-01", date(2026, 1, 1)),
        ("{fiscal_year:starts=6}{date:%Y}-{number:2}", "20262026-01", date(2026, 6, 1)),
        ("{fiscal_year:%y,shown=end,starts=6}-{number:2}", "27-01", date(2026, 6, 1)),
        ("{fiscal_year:starts=12}-{number:2}", "9999-01", date(9999, 12, 1)),
        ("{date:%Y%m%d}-{number:2}", "09990101-01", date(999, 1, 1)),
        ("{date:%y}-{number:2}", "68-01", date(2068, 1, 1)),
        ("{date:%y}-{number:2}", "69-01", date(1969, 1, 1)),
    ],
)
def test_a_code_tells_the_first_day_that_goes_with_all_of_its_parts(template, code, day):
    assert CodePattern(template).parse(code).day == day


def test_a_fiscal_year_is_accepted_whenever_the_company_lets_it_start():
    pattern = CodePattern("{fiscal_year}{date:%Y%m}-{number:2,reset=fiscal_year}")
    assert pattern.accepts(CustomerCode("2025202601-07"))
    assert pattern.parse("2025202601-07", fiscal_year_start=6).range == "customer|FY2025"
    with pytest.raises(InvalidValue, match=r"code\.off_pattern"):
        pattern.parse("2025202601-07", fiscal_year_start=1)


@pytest.mark.parametrize("code", ["K\u0130", "\u01301"])
def test_a_letter_that_only_looks_like_one_of_an_alphabet_is_none_of_it(code):
    pattern = CodePattern("{number:2,alphabet=base36}")
    assert not pattern.accepts(CustomerCode.parse(code))
    assert pattern.drawn_from(code) is None


@pytest.mark.parametrize(
    "template", ["{date:%Yß%m}{number:2}", "ß{number:2}", "{grade:A=ß}{number}"]
)
def test_letters_that_grow_in_capitals_read_back(template):
    pattern = CodePattern(template)
    code = pattern.preview(context(grade="A"), 7)
    assert "SS" in str(code)
    assert pattern.parse(code).number == 7


@pytest.mark.parametrize(
    ("template", "code"),
    [("C{number}", "C007"), ("C{number:3,overflow=widen}", "C0007")],
)
def test_zeros_that_no_number_is_written_with_make_another_code(template, code):
    assert not CodePattern(template).accepts(CustomerCode(code))
    assert CodePattern(template).drawn_from(code) is None


def test_a_widened_number_tells_its_range():
    pattern = CodePattern("C{number:3,overflow=widen}")
    assert str(pattern.preview(context(), 1000)) == "C1000"
    assert pattern.drawn_from("C1000") == ("customer", 1000)
    assert pattern.drawn_from("C999") == ("customer", 999)


def test_no_alphabet_counts_further_than_a_store():
    pattern = CodePattern("{number:18,alphabet=base36}")
    assert pattern.counter.maximum == 10**18 - 1
    assert pattern.drawn_from("Z" * 18) is None
    with pytest.raises(CodesExhausted):
        pattern.preview(context(), 10**18)


@pytest.mark.parametrize("word", ["Ａ1", "a1", "A1"])
def test_width_and_case_of_a_word_make_no_counter_of_its_own(word):
    pattern = CodePattern("{grade}-{number:2,by=grade}")
    assert pattern.range_of(context(grade=word)) == "customer|grade=A1"
    assert pattern.drawn_from(str(pattern.preview(context(grade=word), 1))) == (
        "customer|grade=A1",
        1,
    )


@pytest.mark.parametrize(("word", "shown"), [("a-1", "0A-1"), ("-5", "00-5"), ("+5", "00+5")])
def test_a_padded_field_may_hold_signs(word, shown):
    pattern = CodePattern("{grade:4}{number:2}")
    code = pattern.preview(context(grade=word), 1)
    assert str(code) == f"{shown}01"
    assert pattern.parse(code).fields == {"grade": shown}


def test_a_word_wider_than_its_place_has_no_code():
    with pytest.raises(InvalidValue, match=r"code\.field_unmapped"):
        CodePattern("{grade:2}{number:2}").preview(context(grade="abc"), 1)


@pytest.mark.parametrize("word", ["A@B", "A|B", "A=B", "A%7CB"])
def test_signs_in_a_word_do_not_blur_the_names_of_ranges(word):
    pattern = CodePattern("{grade:A=X}{number:2,by=grade}")
    name = pattern.counter.range_of(context(grade=word))
    assert not set("@") & set(name)
    assert name.count("|") == name.count("=") == 1
    assert pattern.counter.told(name) == {"grade": word}


@pytest.mark.parametrize(
    "template",
    [
        "{grade}{number:2}",
        "{grade}-{number}",
        "{number}-{grade}",
        "{number}{date:%Y}",
        "{kind:person=P,organization=ORG}{number}",
        "{kind:person=P,organization=P1}{number:2}",
        "{kind:person=P,organization=P1}-{number}",
        "{number:3,overflow=widen}{check:damm}",
        "{region:3}{grade:2}{number}",
        "{random:3}-{number}",
        "{kind:person=,organization=E}{number:2}",
        "{kind:person=P,organization=}1{number}",
    ],
)
def test_a_code_that_can_be_read_in_one_way_only_is_decided(template):
    assert CodePattern(template).warnings == ()


@pytest.mark.parametrize(
    ("template", "warning"),
    [
        ("{grade}{number}", "not decided: where {grade} ends and the number begins"),
        ("{number}{grade}", "not decided: where the number ends and {grade} begins"),
        ("{grade}-{category}-{number:2}", "not decided: where {grade} ends and {category} begins"),
        (
            "{kind:person=P,organization=P1}{number}",
            "not decided: where {kind} ends and the number begins",
        ),
        (
            "{kind:person=X,organization=XY}{grade:A=YZ,B=Z}{number:2}",
            "not decided: where {kind} ends and {grade} begins",
        ),
    ],
)
def test_a_code_that_can_be_read_in_two_ways_is_warned_of(template, warning):
    assert CodePattern(template).warnings == (warning,)


def test_a_check_of_the_number_leaves_chance_alone():
    pattern = CodePattern("{random:4,alphabet=decimal}-{number:3}{check:damm,of=number}")
    code = str(pattern.preview(context(), 572))
    assert code.endswith("-5724")
    assert pattern.accepts(CustomerCode(f"0000{code[4:]}"))


def test_a_wrong_check_character_is_told_apart_from_another_form():
    pattern = CodePattern("KH{number:3}{check:damm}")
    with pytest.raises(InvalidValue, match=r"code\.check_digit"):
        pattern.parse("KH5725")
    with pytest.raises(InvalidValue, match=r"code\.off_pattern"):
        pattern.parse("KH57Z4")


@pytest.mark.parametrize(
    ("template", "codes"),
    [
        ("{number:2,start=3,skip=4+13}", ["03", "05", "06"]),
        ("{number:2,start=0,skip=0}", ["11", "12", "13"]),
        ("{number:2,start=12,skip=13+4}", ["12", "15", "16"]),
        ("{number:2,alphabet=base36,start=9,skip=B}", ["09", "0A", "0C"]),
        ("{number:2,alphabet=safe,start=26}", ["2Y", "32", "33"]),
        ("{number:2,start=0,step=5}", ["00", "05", "10"]),
        ("{number:2,start=95,step=3,skip=8}", ["95", "99", None]),
        ("{number:1,start=8,overflow=widen}", ["8", "9", "10"]),
        ("{number:1,start=3,end=4,overflow=widen}", ["3", "4", None]),
    ],
)
def test_a_counter_leaves_out_and_steps(template, codes):
    pattern, numbers = CodePattern(template), Counters()

    def drawn() -> str | None:
        try:
            return str(pattern.assign(context(), numbers))
        except CodesExhausted:
            return None

    assert [drawn() for _ in codes] == codes
    assert str(pattern.preview(context())) == codes[0]


def test_a_preview_without_a_number_shows_none_that_is_left_out():
    assert str(CodePattern("{number:3,start=4,skip=4}").preview(context())) == "005"


def test_a_hostile_code_takes_no_time():
    pattern = CodePattern("{custom.a}{custom.b}{custom.c}{custom.d}{custom.e}{number:2}")
    assert not pattern.accepts(CustomerCode("A" * 40))


def test_a_pattern_that_leaves_no_number_is_refused():
    with pytest.raises(PolicyError, match="no number is left between start and end"):
        CodePattern("{number:1,start=4,end=4,skip=4}")
