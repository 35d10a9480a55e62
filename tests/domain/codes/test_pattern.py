from datetime import date

import pytest

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


class Numbers:
    """Counters in a dictionary."""

    def __init__(self):
        self.drawn: dict[str, int] = {}

    def next(self, name: str) -> int:
        self.drawn[name] = self.peek(name)
        return self.drawn[name]

    def peek(self, name: str) -> int:
        return self.drawn.get(name, 0) + 1

    def raise_to(self, name: str, number: int) -> None:
        self.drawn[name] = max(number, self.drawn.get(name, 0))


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
    numbers = Numbers()
    kinds = ("person", "organization", "person")
    codes = [str(pattern.assign(context(kind=kind), numbers)) for kind in kinds]
    assert codes == ["P01", "E01", "P02"]


def test_scopes_are_joined_by_a_plus():
    pattern = CodePattern("{kind}-{grade}-{number:1,by=kind+grade}")
    numbers = Numbers()
    asked = [("p", "a"), ("p", "b"), ("o", "a"), ("p", "a")]
    codes = [str(pattern.assign(context(kind=k, grade=g), numbers)) for k, g in asked]
    assert codes == ["P-A-1", "P-B-1", "O-A-1", "P-A-2"]


def test_a_scope_whose_field_is_empty_draws_no_number():
    numbers = Numbers()
    with pytest.raises(InvalidValue, match=r"code\.field_missing"):
        CodePattern("{grade}{number:by=grade}").assign(context(), numbers)
    assert numbers.drawn == {}


@pytest.mark.parametrize(
    ("reset", "days", "counted"),
    [
        ("day", [TODAY, TODAY, date(2026, 11, 25)], [1, 2, 1]),
        ("month", [TODAY, date(2026, 11, 25), date(2026, 12, 1)], [1, 2, 1]),
        ("year", [TODAY, date(2026, 12, 1), date(2027, 1, 1)], [1, 2, 1]),
        ("never", [TODAY, date(2026, 12, 1), date(2027, 1, 1)], [1, 2, 3]),
    ],
)
def test_counting_begins_anew_in_each_period(reset, days, counted):
    pattern = CodePattern(f"{{date:%Y%m%d}}-{{number:1,reset={reset}}}")
    numbers = Numbers()
    codes = [str(pattern.assign(context(day), numbers)) for day in days]
    assert [int(code.rpartition("-")[2]) for code in codes] == counted


def test_the_same_month_of_another_year_is_another_period():
    pattern = CodePattern("{date:%y%m}-{number:1,reset=month}")
    numbers = Numbers()
    days = (date(2026, 1, 1), date(2027, 1, 1))
    assert [str(pattern.assign(context(day), numbers)) for day in days] == ["2601-1", "2701-1"]


def test_patterns_may_share_a_range():
    numbers = Numbers()
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


def test_manual_codes_accept_what_people_decide_and_give_none():
    codes = ManualCodes()
    assert (codes.mode, codes.guarantee) == ("manual", Guarantee.GIVEN)
    assert codes.accepts(CustomerCode("X"))
    with pytest.raises(InvalidValue, match=r"code\.required"):
        codes.assign(context(), Numbers())
