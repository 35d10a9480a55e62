"""The audit of a numbering in sentences, for the people who have to act on it."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from customer_registry.domain.codes.policy import Guarantee
from customer_registry.domain.frozen import FrozenMapping

if TYPE_CHECKING:
    from customer_registry.operations.numbering.audit_numbering import NumberingAudit, RangeAudit

__all__ = ["lines"]

_SPANS = 5

_WORDS: Mapping[str, Mapping[str, str]] = FrozenMapping(
    {
        "zh": {
            "range": "号段 {name}：已用到 {last}，在用编码 {used} 个",
            "share": "，占 {share:.0%}",
            "gapless": "断号：{spans}，没有任何记录可以说明",
            "unique": "断号：{spans}（规则允许）",
            "kept": "占用中 {reserved} 个，已退回 {released} 个，已到期 {expired} 个",
            "behind": "流水号落后：有 {n} 个已发出的编码在流水号之后，请修复编号",
            "ahead": "有 {n} 个人工或导入的编码大于流水号，取号时自动跳过",
            "nearly": "即将用尽：最大 {maximum}，请扩展编码规则",
            "period": "号段 {name} 的周期始于 {day}，晚于今天：系统时钟曾经超前，"
            "编号将在该周期内继续",
            "sound": "编号正常",
            "illegible": "编码可以有两种读法，断号无法判断；请在编码规则中加上分隔或位数",
            "unknown": "现行编码规则不使用此号段",
            "none": "还没有号段",
            "and": "、",
            "more": "等 {n} 处",
        },
        "en": {
            "range": "Range {name}: passed up to {last}, {used} codes in use",
            "share": ", {share:.0%} of it",
            "gapless": "Gaps that nothing explains: {spans}",
            "unique": "Gaps, as the rule allows: {spans}",
            "kept": "{reserved} kept for open forms, {released} given back, {expired} expired",
            "behind": "The counter is behind {n} of the codes it gave; repair the numbering",
            "ahead": "Codes ahead of the counter, which steps over them: {n}, typed or imported",
            "nearly": "Nearly used up: {maximum} is the last; extend the coding rule",
            "period": "The period of {name} begins on {day}, after today: the clock once ran ahead,"
            " and numbers go on in that period",
            "sound": "The numbering is sound",
            "illegible": "Codes can be read in two ways, so gaps prove nothing; give the pattern a"
            " separator or widths",
            "unknown": "No rule of today draws from this range",
            "none": "There are no ranges yet",
            "and": ", ",
            "more": " and {n} more",
        },
    }
)


def lines(audit: "NumberingAudit", language: str) -> Iterator[str]:
    """Yield a line for each range, what was found in it, and a verdict where nothing was."""
    words = _WORDS["zh" if language.startswith("zh") else "en"]
    for each in audit.ranges:
        share = words["share"].format(share=each.share) if each.maximum else ""
        yield words["range"].format(name=each.name, last=each.last, used=each.used) + share
        yield from (f"  {told}" for told in _found(each, audit.guarantee, words))
    for name, day in audit.periods_ahead:
        yield words["period"].format(name=name, day=day)
    if not audit.is_legible:
        yield words["illegible"]
    if not audit.ranges:
        yield words["none"]
    elif audit.sound:
        yield words["sound"]


def _found(each: "RangeAudit", guarantee: Guarantee, words: Mapping[str, str]) -> Iterator[str]:
    if each.maximum is None:
        yield words["unknown"]
    if each.gaps:
        key = "gapless" if guarantee is Guarantee.GAPLESS else "unique"
        yield words[key].format(spans=_spans(each.gaps, words))
    if each.reserved or each.released or each.expired:
        yield words["kept"].format(
            reserved=each.reserved, released=each.released, expired=each.expired
        )
    if each.behind:
        yield words["behind"].format(n=each.behind)
    if each.ahead:
        yield words["ahead"].format(n=each.ahead)
    if each.nearly_exhausted:
        yield words["nearly"].format(maximum=each.maximum)


def _spans(gaps: tuple[tuple[int, int], ...], words: Mapping[str, str]) -> str:
    shown = [str(one) if one == other else f"{one}-{other}" for one, other in gaps[:_SPANS]]
    more = words["more"].format(n=len(gaps) - _SPANS) if len(gaps) > _SPANS else ""
    return words["and"].join(shown) + more
