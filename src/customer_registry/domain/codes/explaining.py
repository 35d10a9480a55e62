"""A code pattern in words, for the people who sign the company's rules."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from itertools import groupby

from customer_registry.domain.codes.pattern import CodePattern
from customer_registry.domain.codes.policy import CodeContext, Guarantee
from customer_registry.domain.codes.segments import (
    Attribute,
    Constant,
    Counter,
    Day,
    Segment,
)
from customer_registry.domain.codes.segments.chance import Chance
from customer_registry.domain.codes.segments.check import Check
from customer_registry.domain.errors import CodesExhausted
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.messages import catalogue
from customer_registry.domain.values.code import CustomerCode

__all__ = ["examples", "explained"]

_EXAMPLE_DAY = date(2026, 11, 24)

_WORDS: Mapping[str, Mapping[str, str]] = FrozenMapping(
    {
        "zh": {
            "constant": "固定文字“{text}”",
            "field": "{label}",
            "mapped": "{label}（{words}）",
            "padded": "{label}，补足{width}位",
            "%Y": "四位年份",
            "%y": "两位年份",
            "%m": "月",
            "%d": "日",
            "%j": "年内第几天",
            "%G": "ISO周所在年份",
            "%V": "ISO周次",
            "%q": "季度",
            "%w": "年内周次",
            "%F": "财年（起始年）",
            "%f": "财年（起始年，两位）",
            "%E": "财年（结束年）",
            "%e": "财年（结束年，两位）",
            "number": "{width}位流水号",
            "open": "流水号，位数不限",
            "start": "从{start}开始",
            "end": "到{end}为止",
            "step": "每次加{step}",
            "by": "按{fields}分别计数",
            "alphabet": "用{signs}计数",
            "skip": "跳过含{skip}的号码",
            "widen": "用尽后自动加位",
            "stop": "用尽后停止，不循环",
            "year": "每年重新开始",
            "fiscal_year": "每个财年重新开始",
            "quarter": "每季度重新开始",
            "month": "每月重新开始",
            "week": "每周重新开始",
            "day": "每天重新开始",
            "random": "{width}位随机字符（{signs}）",
            "check": "校验位，算法{name}，校验前面的{covers}",
            "check.number": "校验位，算法{name}，校验流水号中的{covers}",
            "digits": "数字（字母和符号不参加）",
            "letters": "数字和字母（符号不参加）",
            "gapless": "连续：保存失败时号码退回，不留断号",
            "unique": "唯一：号码每次成批取{block}个，未用完的成为断号",
            "random.promise": "随机：不重复，无先后",
            "given": "由人工填写，编码不重复",
            "example": "例如：{codes}",
            "and": "、",
            "then": "，",
        },
        "en": {
            "constant": "the text “{text}”",
            "field": "{label}",
            "mapped": "{label} ({words})",
            "padded": "{label}, padded to {width}",
            "%Y": "year, four digits",
            "%y": "year, two digits",
            "%m": "month",
            "%d": "day",
            "%j": "day of the year",
            "%G": "year of the ISO week",
            "%V": "ISO week",
            "%q": "quarter",
            "%w": "week of the calendar year",
            "%F": "fiscal year, by its start",
            "%f": "fiscal year, by its start, two digits",
            "%E": "fiscal year, by its end",
            "%e": "fiscal year, by its end, two digits",
            "number": "a number of {width} places",
            "open": "a number of any length",
            "start": "from {start} on",
            "end": "up to {end}",
            "step": "in steps of {step}",
            "by": "counted apart by {fields}",
            "alphabet": "written in {signs}",
            "skip": "without numbers that show {skip}",
            "widen": "one place more when used up",
            "stop": "stops when used up, never begins again",
            "year": "from the start again each year",
            "fiscal_year": "from the start again each fiscal year",
            "quarter": "from the start again each quarter",
            "month": "from the start again each month",
            "week": "from the start again each week",
            "day": "from the start again each day",
            "random": "{width} signs by chance ({signs})",
            "check": "a check character ({name}) over the {covers} before it",
            "check.number": "a check character ({name}) over the {covers} of the number",
            "digits": "digits (letters and signs are left out)",
            "letters": "digits and letters (signs are left out)",
            "gapless": "Gapless: a save that fails returns its number",
            "unique": "Unique: numbers are taken {block} at a time, what is not used is a gap",
            "random.promise": "Random: never twice, in no order",
            "given": "Given by people, no code twice",
            "example": "For example: {codes}",
            "and": ", ",
            "then": ", ",
        },
    }
)


def explained(pattern: CodePattern, language: str) -> str:
    """Return the parts of a pattern, what it promises, and examples, a line each."""
    words = _WORDS["zh" if language.startswith("zh") else "en"]
    lines = [f"{number}. {told}" for number, told in enumerate(_parts(pattern, words, language), 1)]
    promise = "random.promise" if pattern.guarantee is Guarantee.RANDOM else pattern.guarantee.value
    lines.append(words[promise].format(block=pattern.block))
    codes = words["and"].join(dict.fromkeys(map(str, examples(pattern))))
    return "\n".join([*lines, words["example"].format(codes=codes)])


def examples(pattern: CodePattern, today: date = _EXAMPLE_DAY) -> Iterator[CustomerCode]:
    """Yield the first two codes of a pattern on a day, for a customer of its first words."""
    fields = {
        each.name: next(iter(each.mapped), "1" if each.width else "A")
        for each in pattern.segments
        if isinstance(each, Attribute)
    }
    numbers = _Numbers()
    with suppress(CodesExhausted):
        for _ in range(2):
            yield pattern.assign(CodeContext(fields, today), numbers)


class _Numbers:
    """Ranges that nobody has drawn from."""

    def __init__(self) -> None:
        self._passed: dict[str, int] = {}

    def next(self, name: str) -> int:
        self.raise_to(name, self.peek(name))
        return self._passed[name]

    def peek(self, name: str) -> int:
        return self._passed.get(name, 0) + 1

    def raise_to(self, name: str, number: int) -> None:
        self._passed[name] = max(number, self._passed.get(name, 0))


def _parts(pattern: CodePattern, words: Mapping[str, str], language: str) -> Iterator[str]:
    labels = catalogue(language if language in _WORDS else "en").labels
    for is_constant, run in groupby(pattern.segments, lambda each: isinstance(each, Constant)):
        if is_constant:
            text = "".join(each.text for each in run if isinstance(each, Constant))
            yield words["constant"].format(text=text)
        else:
            yield from (_told(each, words, labels) for each in run)


def _told(segment: Segment, words: Mapping[str, str], labels: Mapping[str, str]) -> str:
    match segment:
        case Attribute():
            return _field(segment, words, labels)
        case Day():
            return words["then"].join(words[each] for each in segment.directives)
        case Counter():
            return words["then"].join(_counting(segment, words, labels))
        case Chance():
            return words["random"].format(width=segment.width, signs=segment.alphabet.signs)
        case Check():
            covers = words["letters" if "A" in segment.digit.covers else "digits"]
            key = "check.number" if segment.covers_number_only else "check"
            return words[key].format(name=segment.digit.name, covers=covers)
        case _:
            raise TypeError(segment)


def _field(segment: Attribute, words: Mapping[str, str], labels: Mapping[str, str]) -> str:
    label = labels.get(segment.name, segment.name.removeprefix("custom."))
    if segment.mapped:
        pairs = words["then"].join(f"{word}={text}" for word, text in segment.mapped.items())
        return words["mapped"].format(label=label, words=pairs)
    key = "padded" if segment.width else "field"
    return words[key].format(label=label, width=segment.width)


def _counting(
    counter: Counter, words: Mapping[str, str], labels: Mapping[str, str]
) -> Iterator[str]:
    yield words["number" if counter.width else "open"].format(width=counter.width)
    yield words["start"].format(start=counter.start)
    if counter.end is not None:
        yield words["end"].format(end=counter.end)
    if counter.step > 1:
        yield words["step"].format(step=counter.step)
    if counter.by:
        fields = words["and"].join(labels.get(name, name) for name in counter.by)
        yield words["by"].format(fields=fields)
    if counter.reset != "never":
        yield words[counter.reset]
    if counter.alphabet.signs != "0123456789":
        yield words["alphabet"].format(signs=counter.alphabet.signs)
    if counter.skip:
        yield words["skip"].format(skip=words["and"].join(counter.skip))
    if counter.width:
        yield words["widen" if counter.widens else "stop"]
