from datetime import date
from itertools import pairwise

import pytest
from counters import Counters
from hypothesis import given
from hypothesis import strategies as st

from customer_registry.domain.codes.levels import LevelCodes
from customer_registry.domain.codes.policy import CodeContext, CodeMode, Guarantee
from customer_registry.domain.errors import CodesExhausted, InvalidValue, PolicyError
from customer_registry.domain.values.code import CustomerCode


def under(parent: object = None) -> CodeContext:
    return CodeContext({"parent": None if parent is None else str(parent)}, date(2026, 11, 24))


PLANS = (
    st.lists(st.integers(1, 18), min_size=1, max_size=9)
    .filter(lambda widths: sum(widths) <= 40)
    .map(lambda widths: "-".join(map(str, widths)))
)


@pytest.mark.parametrize(
    ("plan", "code", "level", "parent"),
    [
        ("2-3-4", "01", 1, None),
        ("2-3-4", "01001", 2, "01"),
        ("2-3-4", "010010001", 3, "01001"),
        ("1-2-2", "1", 1, None),
        ("1-2-2", "101", 2, "1"),
        ("1-2-2", "10101", 3, "101"),
        ("4", "0001", 1, None),
        ("2-3-4", "hd001", 2, "HD"),
        ("2-3", "华东001", 2, "华东"),
    ],
)
def test_a_code_tells_its_level_and_its_parent(plan, code, level, parent):
    codes, parsed = LevelCodes(plan), CustomerCode.parse(code)
    above = codes.parent_of(parsed)
    assert codes.accepts(parsed)
    assert codes.level_of(parsed) == level
    assert (above and str(above)) == parent


@pytest.mark.parametrize("code", ["0", "010", "0100", "010010", "01001000", "0100100011"])
def test_a_code_of_another_length_has_no_place_in_the_plan(code):
    codes, parsed = LevelCodes("2-3-4"), CustomerCode(code)
    assert not codes.accepts(parsed)
    for asked in (codes.level_of, codes.parent_of):
        with pytest.raises(InvalidValue, match=r"code\.level_length") as refused:
            asked(parsed)
        assert refused.value.params == {"plan": "2-3-4"}


def test_the_clerk_is_told_the_plan_that_a_typed_code_does_not_fit():
    with pytest.raises(InvalidValue) as refused:
        LevelCodes("2-3-4").level_of(CustomerCode("0100"))
    assert refused.value.issue(("code",)).line("zh") == "客户编码：编码长度不符合编码级次“2-3-4”"


def test_customers_are_numbered_under_their_parents():
    codes, numbers = LevelCodes("2-3-4"), Counters()
    parents = [None, None, "01", "01", "02", "01002", "01", None]
    given_codes = [str(codes.assign(under(parent), numbers)) for parent in parents]
    assert given_codes == ["01", "02", "01001", "01002", "02001", "010020001", "01003", "03"]
    assert numbers.passed == {"level|": 3, "level|01": 3, "level|02": 1, "level|01002": 1}


@pytest.mark.parametrize("fields", [{}, {"parent": None}, {"parent": ""}])
def test_a_customer_without_a_parent_stands_on_the_first_level(fields):
    context = CodeContext(fields, date(2026, 11, 24))
    assert str(LevelCodes("3-3").assign(context, Counters())) == "001"


def test_spellings_of_one_parent_share_its_counter():
    codes, numbers = LevelCodes("2-3"), Counters()
    given_codes = [str(codes.assign(under(typed), numbers)) for typed in ("HD", "hd", "ｈｄ")]
    assert given_codes == ["HD001", "HD002", "HD003"]


def test_nothing_stands_below_the_last_level():
    numbers = Counters()
    with pytest.raises(InvalidValue, match=r"code\.level_deepest") as refused:
        LevelCodes("2-3-4").assign(under("010010001"), numbers)
    assert refused.value.params == {"plan": "2-3-4", "parent": "010010001", "field": "parent"}
    assert numbers.passed == {}


@pytest.mark.parametrize("parent", ["0", "0100", "C000123"])
def test_a_parent_that_can_have_nothing_below_is_refused_at_the_parent(parent):
    numbers = Counters()
    with pytest.raises(InvalidValue, match=r"code\.level_length") as refused:
        LevelCodes("2-3-4").assign(under(parent), numbers)
    assert refused.value.params == {"plan": "2-3-4", "field": "parent"}
    assert numbers.passed == {}


def test_the_last_number_under_a_parent_is_given_and_the_next_one_is_not():
    codes, numbers = LevelCodes("1-2"), Counters(**{"level|1": 98})
    assert str(codes.assign(under("1"), numbers)) == "199"
    with pytest.raises(CodesExhausted) as exhausted:
        codes.assign(under("1"), numbers)
    assert (exhausted.value.width, exhausted.value.maximum) == (2, 99)


def test_a_full_parent_leaves_room_under_its_siblings():
    codes, numbers = LevelCodes("1-1"), Counters(**{"level|1": 9})
    assert str(codes.assign(under("2"), numbers)) == "21"


@pytest.mark.parametrize(
    ("code", "drawn"),
    [
        ("07", ("level|", 7)),
        ("01007", ("level|01", 7)),
        ("010070012", ("level|01007", 12)),
        ("HD999", ("level|HD", 999)),
        ("01000", None),
        ("0100A", None),
        ("0100²", None),
        ("01٠٠٧", None),
        ("0100", None),
        ("", None),
    ],
)
def test_a_code_tells_which_counter_gives_it(code, drawn):
    assert LevelCodes("2-3-4").drawn_from(code) == drawn


def test_a_typed_number_is_stepped_over_under_its_own_parent():
    codes, numbers = LevelCodes("2-3-4"), Counters()
    drawn = codes.drawn_from("01007")
    assert drawn is not None
    numbers.raise_to(*drawn)
    assert [str(codes.assign(under(parent), numbers)) for parent in ("01", "02")] == [
        "01008",
        "02001",
    ]


@pytest.mark.parametrize(
    ("plan", "mistakes"),
    [
        ("", ["the plan is empty; write the width of each level, as in 2-3-4"]),
        ("0", ["level 1: the width is 1 to 18, not '0'"]),
        ("2-0-4", ["level 2: the width is 1 to 18, not '0'"]),
        ("2--4", ["level 2: the width is 1 to 18, not ''"]),
        ("2-3-", ["level 3: the width is 1 to 18, not ''"]),
        ("-", ["level 1: the width is 1 to 18, not ''", "level 2: the width is 1 to 18, not ''"]),
        ("2-x", ["level 2: the width is 1 to 18, not 'x'"]),
        ("2-+3", ["level 2: the width is 1 to 18, not '+3'"]),
        ("2- 3", ["level 2: the width is 1 to 18, not ' 3'"]),
        ("2-3\n", ["level 2: the width is 1 to 18, not '3\\n'"]),
        ("2-03", ["level 2: the width is 1 to 18, not '03'"]),
        ("2-٣", ["level 2: the width is 1 to 18, not '٣'"]),
        ("2-²", ["level 2: the width is 1 to 18, not '²'"]),
        ("2.3.4", ["level 1: the width is 1 to 18, not '2.3.4'"]),
        ("19", ["level 1: the width is 1 to 18, not '19'"]),
        ("18-18-5", ["the widths add up to 41; a code has at most 40 characters"]),
        ("-".join(["1"] * 41), ["the widths add up to 41; a code has at most 40 characters"]),
        (
            "x-19-0-30",
            [
                "level 1: the width is 1 to 18, not 'x'",
                "level 2: the width is 1 to 18, not '19'",
                "level 3: the width is 1 to 18, not '0'",
                "level 4: the width is 1 to 18, not '30'",
                "the widths add up to 49; a code has at most 40 characters",
            ],
        ),
    ],
    ids=lambda given: ascii(given)[:20],
)
def test_a_plan_that_cannot_be_is_refused_with_all_its_mistakes(plan, mistakes):
    with pytest.raises(PolicyError) as refused:
        LevelCodes(plan)
    assert list(refused.value.mistakes) == mistakes


@pytest.mark.parametrize("plan", ["18-18-4", "-".join(["1"] * 40)])
def test_a_plan_may_fill_the_longest_code(plan):
    assert LevelCodes(plan).lengths[-1] == 40


@pytest.mark.parametrize("plan", ["9" * 5000, "\ud800", "\0", "1-" * 2000])
def test_no_text_for_a_plan_raises_anything_but_its_mistakes(plan):
    with pytest.raises(PolicyError):
        LevelCodes(plan)


@pytest.mark.parametrize(
    ("used", "wanted", "may"),
    [
        ("2-3", "2-3-4", True),
        ("2-3", "2-3", True),
        ("2", "2-3-4", True),
        ("2-3-4", "2-3", False),
        ("2-3", "2-4-3", False),
        ("2-3", "3-3-4", False),
        ("1", "12", False),
    ],
)
def test_a_plan_in_use_may_only_have_levels_appended(used, wanted, may):
    assert LevelCodes(used).may_become(LevelCodes(wanted)) is may


@given(PLANS, PLANS)
def test_codes_stand_where_they_stood_after_levels_are_appended(used, wanted):
    before, after = LevelCodes(used), LevelCodes(wanted)
    codes = [CustomerCode("1" * length) for length in before.lengths]
    kept = all(
        after.accepts(code)
        and after.level_of(code) == before.level_of(code)
        and after.parent_of(code) == before.parent_of(code)
        for code in codes
    )
    assert kept is before.may_become(after)


@given(PLANS, st.lists(st.integers(0, 1000), max_size=40))
def test_every_assigned_code_fits_the_plan_under_its_parent_and_after_its_siblings(plan, picks):
    codes, numbers = LevelCodes(plan), Counters()
    families: dict[CustomerCode | None, list[CustomerCode]] = {None: []}
    refused: list[tuple[int, int]] = []
    for pick in picks:
        parent = list(families)[pick % len(families)]
        try:
            code = codes.assign(under(parent), numbers)
        except CodesExhausted as full:
            refused.append((len(families[parent]), full.maximum))
            continue
        families[parent].append(code)
        assert codes.accepts(code)
        assert CustomerCode.parse(str(code)) == code
        assert codes.parent_of(code) == parent
        assert codes.level_of(code) == (codes.level_of(parent) + 1 if parent else 1)
        assert codes.drawn_from(str(code)) == (f"level|{parent or ''}", len(families[parent]))
        if codes.level_of(code) < len(codes.widths):
            families[code] = []
    assert all(given_codes == maximum for given_codes, maximum in refused)
    for siblings in families.values():
        assert all(str(first) < str(second) for first, second in pairwise(siblings))


@given(PLANS, st.text("019Az-.华²٣", min_size=1, max_size=45))
def test_only_the_length_decides_whether_a_typed_code_is_accepted(plan, typed):
    codes = LevelCodes(plan)
    assert codes.accepts(CustomerCode(typed)) is (len(typed) in codes.lengths)


IN_CHINESE = """\
编码级次“2-3-4”：各级编码的总长依次为 2、5、9 位。
例如 01（第 1 级）、01001（第 2 级，上级是 01）、010010001（第 3 级，上级是 01001）。
新编码在同一上级之下从 1 起顺序编号，位数不足补零；各级依次最多编到 99、999、9999。
须先有上级，才能增加下级；编码级次启用后，只能在末尾增加级次。"""
IN_ENGLISH = """\
Level plan "2-3-4": the lengths of codes, level by level, are 2, 5, 9.
For example 01 (level 1), 01001 (level 2, under 01), 010010001 (level 3, under 01001).
New codes are numbered from 1 under each parent, with leading zeros, at most up to 99, 999, 9999.
The parent has to exist first; once a plan is in use, levels can only be added at its end."""


@pytest.mark.parametrize(
    ("language", "told"),
    [("zh", IN_CHINESE), ("zh-CN", IN_CHINESE), ("en", IN_ENGLISH), ("fr", IN_ENGLISH)],
)
def test_a_plan_explains_itself_to_those_who_sign_it(language, told):
    assert LevelCodes("2-3-4").explain(language) == told


@given(PLANS)
def test_the_example_of_every_level_is_a_code_of_that_level(plan):
    codes, numbers = LevelCodes(plan), Counters()
    parent = None
    for level in range(1, len(codes.widths) + 1):
        parent = codes.assign(under(parent), numbers)
        assert f"{parent}（第 {level} 级" in codes.explain("zh-CN")
        assert f"{parent} (level {level}" in codes.explain("en")


def test_a_plan_promises_no_gaps_and_is_shown_as_its_pattern():
    codes = LevelCodes("2-3-4")
    assert (codes.guarantee, codes.pattern) == (Guarantee.GAPLESS, "2-3-4")


def test_codes_are_assigned_unless_the_company_lets_people_type_them():
    assert LevelCodes("2-3").mode is CodeMode.AUTOMATIC
    assert LevelCodes("2-3", mode="editable").mode is CodeMode.EDITABLE


def test_a_mode_that_nobody_knows_is_refused():
    with pytest.raises(ValueError, match="whenever"):
        LevelCodes("2-3", mode="whenever")
