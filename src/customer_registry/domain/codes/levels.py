"""Level codes (编码级次): a customer's code begins with the code of the one above it."""

import re
from collections.abc import Iterator
from itertools import accumulate, pairwise

import attrs

from customer_registry.domain.codes.policy import (
    CodeContext,
    CodeMode,
    Counting,
    Guarantee,
    NumberRanges,
    ReadableCodes,
)
from customer_registry.domain.errors import CodesExhausted, InvalidValue, PolicyError
from customer_registry.domain.values.code import LONGEST, CustomerCode

__all__ = ["LevelCodes"]

_WIDEST = 18  # a store's counters have 64 bits
_WIDTH = re.compile("[1-9][0-9]?")


def _checked(_codes: object, _field: object, plan: str) -> None:
    mistakes = list(_mistakes(plan))
    if mistakes:
        raise PolicyError(mistakes)


@attrs.frozen
class LevelCodes(ReadableCodes):
    """A code policy from a level plan, checked when made, all mistakes at once (`PolicyError`).

    The plan `2-3-4` adds two, three and four characters on its three levels, so that codes are 2,
    5 or 9 long, as 用友 U8 does it (编码方案). A new customer stands under the code in its field
    `parent`, or on the first level without one; what the policy adds are digits, what people type
    may hold letters too. A plan in use may only have levels appended (`may_become`).

    The number is drawn in the transaction that saves, so the policy is gapless.

    >>> codes = LevelCodes("2-3-4", mode="editable")
    >>> codes.level_of(CustomerCode("01001")), codes.parent_of(CustomerCode("01001"))
    (2, CustomerCode('01'))
    """

    plan: str = attrs.field(validator=_checked)
    _mode: CodeMode = attrs.field(
        default=CodeMode.AUTOMATIC, alias="mode", converter=CodeMode, kw_only=True
    )

    @property
    def mode(self) -> CodeMode:
        """Who writes the code."""
        return self._mode

    @property
    def pattern(self) -> str:
        """The plan."""
        return self.plan

    @property
    def guarantee(self) -> Guarantee:
        """Gapless: the counter is part of the transaction that saves."""
        return Guarantee.GAPLESS

    @property
    def widths(self) -> tuple[int, ...]:
        """How many characters each level adds."""
        return tuple(map(int, self.plan.split("-")))

    @property
    def lengths(self) -> tuple[int, ...]:
        """How many characters a code of each level has: 2, 5, 9 under `2-3-4`."""
        return tuple(accumulate(self.widths))

    def accepts(self, code: CustomerCode) -> bool:
        """Return whether a code is as long as the codes of some level."""
        return len(str(code)) in self.lengths

    def level_of(self, code: CustomerCode) -> int:
        """Return the level of a code, from 1; raise InvalidValue `code.level_length` for none."""
        if not self.accepts(code):
            raise InvalidValue("code.level_length", plan=self.plan)
        return self.lengths.index(len(str(code))) + 1

    def parent_of(self, code: CustomerCode) -> CustomerCode | None:
        """Return the code above this one, None on the first level.

        Raises InvalidValue `code.level_length` for a length that no level has.
        """
        start = self._starts[self.level_of(code) - 1]
        return CustomerCode(str(code)[:start]) if start else None

    def differing(self, code: CustomerCode, context: CodeContext) -> tuple[str, ...]:
        """Return the field `parent` where a code stands below another one."""
        typed = context.fields.get("parent")
        if not typed or not self.accepts(code):
            return ()
        above = self.parent_of(code)
        return () if above is not None and str(above) == typed else ("parent",)

    def assign(self, context: CodeContext, numbers: NumberRanges) -> CustomerCode:
        """Return the next code under that in the field `parent`, its number drawn from `numbers`.

        Raises CodesExhausted for a parent whose numbers are used up, InvalidValue with the `field`
        `parent`: `code.level_deepest` for the last level, `code.level_length` for none of them.
        """
        above = _parent_in(context)
        if len(above) == self.lengths[-1]:
            raise InvalidValue("code.level_deepest", plan=self.plan, parent=above, field="parent")
        if len(above) not in self._starts:
            raise InvalidValue("code.level_length", plan=self.plan, field="parent")
        width = self.widths[self._starts.index(len(above))]
        number, maximum = numbers.next(_range(above)), 10**width - 1
        if number > maximum:
            raise CodesExhausted(width=width, maximum=maximum)
        return CustomerCode(f"{above}{number:0{width}}")

    @property
    def fields(self) -> tuple[str, ...]:
        """The code of the customer above."""
        return ("parent",)

    @property
    def capacity(self) -> int:
        """How many codes stand below one parent, on the level with the fewest."""
        return int("9" * min(self.widths))

    def counting(self, name: str) -> Counting | None:
        """Return how the codes below a parent count; None for a range of another policy."""
        level, _, above = name.partition("|")
        if level != "level" or len(above) not in self._starts:
            return None
        width = self.widths[self._starts.index(len(above))]
        return Counting(1, 10**width - 1, 1, lambda number: number)

    def refuse(self, code: CustomerCode) -> None:
        """Raise InvalidValue `code.level_length` for a length that no level has."""
        self.level_of(code)

    def drawn_from(self, code: str, *, fiscal_year_start: int = 1) -> tuple[str, int] | None:  # noqa: ARG002  levels know no day
        """Return which range and number `assign` gives this code for; None if it never gives it.

        >>> LevelCodes("2-3-4").drawn_from("01007")
        ('level|01', 7)
        """
        if len(code) not in self.lengths:
            return None
        start = self._starts[self.lengths.index(len(code))]
        own = code[start:]
        is_number = own.isascii() and own.isdigit() and int(own) > 0
        return (_range(code[:start]), int(own)) if is_number else None

    def may_become(self, other: "LevelCodes") -> bool:
        """Return whether a plan in use may give way to another: it keeps all levels there are.

        >>> LevelCodes("2-3").may_become(LevelCodes("2-3-4"))
        True
        """
        return other.widths[: len(self.widths)] == self.widths

    def explain(self, language: str = "zh") -> str:
        """Return the plan in sentences with an example, a line each; `zh…`, else English."""
        words = _CHINESE if language.startswith("zh") else _ENGLISH
        return words.sentences.format(
            plan=self.plan,
            lengths=words.comma.join(map(str, self.lengths)),
            examples=words.comma.join(_examples(self, words)),
            most=words.comma.join("9" * width for width in self.widths),
        )

    @property
    def _starts(self) -> tuple[int, ...]:
        """Where what each level adds begins: the lengths that a parent may have, and 0."""
        return (0, *self.lengths[:-1])


@attrs.frozen(kw_only=True)
class _Words:
    """What an explanation is made of in one language."""

    sentences: str
    top: str
    below: str
    comma: str


_CHINESE = _Words(
    sentences=(
        "编码级次“{plan}”：各级编码的总长依次为 {lengths} 位。\n"
        "例如 {examples}。\n"
        "新编码在同一上级之下从 1 起顺序编号，位数不足补零；各级依次最多编到 {most}。\n"
        "须先有上级，才能增加下级；编码级次启用后，只能在末尾增加级次。"
    ),
    top="{code}（第 1 级）",
    below="{code}（第 {level} 级，上级是 {parent}）",
    comma="、",
)
_ENGLISH = _Words(
    sentences=(
        'Level plan "{plan}": the lengths of codes, level by level, are {lengths}.\n'
        "For example {examples}.\n"
        "New codes are numbered from 1 under each parent, with leading zeros, at most up to"
        " {most}.\n"
        "The parent has to exist first; once a plan is in use, levels can only be added at its end."
    ),
    top="{code} (level 1)",
    below="{code} (level {level}, under {parent})",
    comma=", ",
)


def _examples(codes: LevelCodes, words: _Words) -> Iterator[str]:
    """Yield the first code of each level."""
    shown = tuple(accumulate(f"{1:0{width}}" for width in codes.widths))
    yield words.top.format(code=shown[0])
    for level, (parent, code) in enumerate(pairwise(shown), 2):
        yield words.below.format(code=code, level=level, parent=parent)


def _parent_in(context: CodeContext) -> str:
    parent = context.fields.get("parent")
    return str(CustomerCode.parse(parent)) if parent else ""


def _range(above: str) -> str:
    return f"level|{above}"


def _mistakes(plan: str) -> Iterator[str]:
    """Yield why a text is no level plan."""
    if not plan:
        yield "the plan is empty; write the width of each level, as in 2-3-4"
        return
    widths = plan.split("-")
    for level, width in enumerate(widths, 1):
        if not (_WIDTH.fullmatch(width) and int(width) <= _WIDEST):
            yield f"level {level}: the width is 1 to {_WIDEST}, not {width!r}"
    length = sum(int(width) for width in widths if _WIDTH.fullmatch(width))
    if length > LONGEST:
        yield f"the widths add up to {length}; a code has at most {LONGEST} characters"
