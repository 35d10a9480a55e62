"""A pattern in words, in both languages."""

import re

import pytest

from customer_registry import CodePattern, CodeRule, CodeRules, LevelCodes
from customer_registry.domain.codes.explaining import examples

FEATURES = {
    "KH{number:6}": ("6位流水号，从1开始，用尽后停止", "a number of 6 places, from 1 on"),
    "{number}": ("流水号，位数不限", "a number of any length"),
    "{number:3,start=5,end=9,step=2}": ("到9为止，每次加2", "up to 9, in steps of 2"),
    "{number:3,overflow=widen}": ("用尽后自动加位", "one place more when used up"),
    "{number:3,skip=4+13}": ("跳过含4、13的号码", "without numbers that show 4, 13"),
    "{number:3,alphabet=safe}": ("用23456789ACDE", "written in 23456789ACDE"),
    "{kind:person=P,organization=E}{number:3,by=kind}": (
        "按客户类型分别计数",
        "counted apart by customer type",
    ),
    "{grade}-{number:3}": ("客户等级", "grade"),
    "{custom.branch:3}{number:3}": ("branch，补足3位", "branch, padded to 3"),
    "{date:%Y%m%d}{number:3,reset=day}": ("每天重新开始", "from the start again each day"),
    "{date:%y%m}{number:3,reset=month}": ("两位年份，月", "year, two digits, month"),
    "{date:%Y%q}{number:3,reset=quarter}": ("每季度重新开始", "again each quarter"),
    "{date:%Y%j}{number:3,reset=year}": ("年内第几天", "day of the year"),
    "{date:%G}{week}{number:3,reset=week}": ("ISO周次", "ISO week"),
    "{date:%Y}{week:calendar}{number:3,reset=week}": ("年内周次", "week of the calendar year"),
    "{fiscal_year:starts=4}{number:3,reset=fiscal_year}": (
        "财年（起始年）",
        "fiscal year, by its start",
    ),
    "{fiscal_year:%y,shown=end}{number:3}": ("财年（结束年，两位）", "by its end, two digits"),
    "{random:8}": ("8位随机字符", "8 signs by chance"),
    "{number:3}{check:damm}": ("校验位，算法damm", "a check character (damm) over the digits"),
    "K{number:3}{check:mod37-36}": ("校验前面的数字和字母", "digits and letters"),
    "7{number:3}{check:luhn,of=number}": ("校验流水号中的数字", "of the number"),
    "{{{number:3}}}": ("固定文字“{”", "the text “{”"),
    "{number:1,start=9}": ("例如：9", "For example: 9"),
    "{number:1,start=8,skip=9}": ("例如：8", "For example: 8"),
    "{grade:A=,B=b}{number:2}": ("A=，B=B", "A=, B=B"),
}


@pytest.mark.parametrize("template", FEATURES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_feature_of_a_pattern_has_words(template, language):
    told = CodePattern(template).explain(language)
    assert FEATURES[template][language == "en"] in told
    assert not re.search(r"\{[a-z_]+\}|%[A-Za-z]", told)
    assert "None" not in told


@pytest.mark.parametrize("template", FEATURES)
def test_the_parts_are_counted_and_end_with_a_promise_and_examples(template):
    pattern = CodePattern(template)
    *parts, _promise, example = pattern.explain("en").splitlines()
    assert [line.partition(".")[0] for line in parts] == [
        str(number) for number in range(1, len(parts) + 1)
    ]
    assert example.startswith("For example: ")


@pytest.mark.parametrize("template", FEATURES)
def test_the_examples_are_codes_of_the_pattern(template):
    pattern = CodePattern(template)
    shown = list(examples(pattern))
    assert 1 <= len(shown) <= 2
    assert all(map(pattern.accepts, shown))


@pytest.mark.parametrize(
    ("guarantee", "promise"),
    [("gapless", "连续：保存失败时号码退回"), ("unique", "唯一：号码每次成批取50个")],
)
def test_a_pattern_says_what_it_promises(guarantee, promise):
    assert promise in CodePattern("{number:3}", guarantee=guarantee, block=50).explain()


def test_another_language_is_answered_in_english():
    assert CodePattern("{number:3}").explain("fr") == CodePattern("{number:3}").explain("en")
    assert CodePattern("{number:3}").explain("zh-Hans") == CodePattern("{number:3}").explain("zh")


def test_every_policy_whose_codes_read_back_explains_itself():
    for codes in (LevelCodes("2-3"), CodeRules([CodeRule(CodePattern("{number:3}"))])):
        assert codes.explain("zh") != codes.explain("en")
