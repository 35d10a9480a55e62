"""Several code patterns of one company: chosen by the customer's fields, and from a day on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import combinations

import attrs

from customer_registry.domain.codes.boundaries import length, varies
from customer_registry.domain.codes.overlap import Overlap, overlap
from customer_registry.domain.codes.pattern import CodeParts, CodePattern
from customer_registry.domain.codes.policy import (
    CodeContext,
    CodeMode,
    Counting,
    Guarantee,
    NumberRanges,
    ReadableCodes,
)
from customer_registry.domain.codes.segments.attribute import is_field
from customer_registry.domain.customer import PartyKind
from customer_registry.domain.errors import InvalidValue, PolicyError
from customer_registry.domain.frozen import FrozenMapping
from customer_registry.domain.values.code import CustomerCode

__all__ = ["CodeRule", "CodeRules"]

_WEAKEST_FIRST = (Guarantee.GIVEN, Guarantee.RANDOM, Guarantee.UNIQUE, Guarantee.GAPLESS)


@attrs.frozen
class CodeRule:
    """A pattern for customers whose fields have the words of `when`, from the day `since` on."""

    pattern: CodePattern
    when: Mapping[str, str] = attrs.field(
        factory=dict[str, str], converter=FrozenMapping[str, str], hash=False
    )
    since: date | None = None

    def applies(self, context: CodeContext) -> bool:
        """Return whether this rule codes such a customer on such a day."""
        begun = self.since is None or self.since <= context.today
        return begun and all(context.fields.get(name) == word for name, word in self.when.items())


def _as_tuple(rules: Iterable[CodeRule]) -> tuple[CodeRule, ...]:
    return tuple(rules)


@attrs.frozen
class CodeRules(ReadableCodes):
    """A code policy of several patterns: number ranges by kind, or a new rule from a day on.

    Of the rules that apply the one with the latest `since` gives the code, among equals the first.
    Codes of every rule stay valid. Raises PolicyError where two patterns may give the same code, or
    differ in their mode; what cannot be decided is in `warnings`.

    >>> rules = CodeRules([
    ...     CodeRule(CodePattern("P{number:05,range=person}"), when={"kind": "person"}),
    ...     CodeRule(CodePattern("E{number:05}")),
    ... ])
    >>> rules.preview(CodeContext({"kind": "person"}, date(2026, 11, 24)), 7)
    CustomerCode('P00007')
    """

    rules: tuple[CodeRule, ...] = attrs.field(converter=_as_tuple)

    def __attrs_post_init__(self) -> None:
        """Refuse rules that contradict one another, all mistakes at once."""
        if mistakes := list(_mistakes(self.rules)):
            raise PolicyError(mistakes)

    @property
    def mode(self) -> CodeMode:
        """Who writes the code."""
        return self.rules[0].pattern.mode

    @property
    def pattern(self) -> str:
        """The templates of all rules."""
        return " / ".join(dict.fromkeys(rule.pattern.template for rule in self.rules))

    @property
    def guarantee(self) -> Guarantee:
        """What the weakest of the patterns promises."""
        return min((rule.pattern.guarantee for rule in self.rules), key=_WEAKEST_FIRST.index)

    @property
    def block(self) -> int:
        """How many numbers a process takes at a time, where patterns take blocks."""
        return max(rule.pattern.block for rule in self.rules)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that codes are made of or chosen by."""
        names = (name for rule in self.rules for name in (*rule.when, *rule.pattern.fields))
        return tuple(dict.fromkeys(names))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is not decided about the patterns, in plain English."""
        each = (warning for rule in self.rules for warning in rule.pattern.warnings)
        return (*each, *_undecided(self.rules))

    def rule_for(self, context: CodeContext) -> CodeRule:
        """Return the rule that codes such a customer.

        Raises InvalidValue `code.field_missing` or `code.field_unmapped` where none does.
        """
        applying = [rule for rule in self.rules if rule.applies(context)]
        if applying:
            return max(applying, key=lambda rule: rule.since or date.min)
        asked = (each for rule in self.rules for each in rule.when.items())
        field = next(name for name, word in asked if context.fields.get(name) != word)
        raise InvalidValue("code.field_unmapped", field=field, value=context.needed(field))

    def assign(self, context: CodeContext, numbers: NumberRanges) -> CustomerCode:
        """Return the next code by the rule that applies, as its pattern does."""
        return self.rule_for(context).pattern.assign(context, numbers)

    def preview(self, context: CodeContext, number: int | None = None) -> CustomerCode:
        """Return the code with this number by the rule that applies."""
        return self.rule_for(context).pattern.preview(context, number)

    def accepts(self, code: CustomerCode) -> bool:
        """Return whether a code follows any of the rules, those of earlier days too."""
        return any(rule.pattern.accepts(code) for rule in self.rules)

    def parse(self, code: CustomerCode | str, *, fiscal_year_start: int = 1) -> CodeParts:
        """Return the parts of a code by the first rule that it follows.

        Raises InvalidValue `code.off_pattern`, or `code.check_digit` where only that is wrong.
        """
        refusals: list[InvalidValue] = []
        for rule in self.rules:
            try:
                return rule.pattern.parse(code, fiscal_year_start=fiscal_year_start)
            except InvalidValue as refusal:
                refusals.append(refusal)
        wrong = (refusal for refusal in refusals if refusal.code == "code.check_digit")
        raise next(wrong, InvalidValue("code.off_pattern", pattern=self.pattern))

    @property
    def capacity(self) -> int:
        """How many codes the smallest range holds."""
        return min(rule.pattern.capacity for rule in self.rules)

    def counting(self, name: str) -> Counting | None:
        """Return how the range of this name counts, by all rules that draw from it."""
        ways = (rule.pattern.counting(name) for rule in self.rules)
        return Counting.common([each for each in ways if each is not None])

    def refuse(self, code: CustomerCode) -> None:
        """Raise the InvalidValue of `parse` for a code that follows none of the rules."""
        self.parse(code)

    def differing(self, code: CustomerCode, context: CodeContext) -> tuple[str, ...]:
        """Return the fields by which the rule that a code follows is not the customer's."""
        following = (rule for rule in self.rules if rule.pattern.accepts(code))
        rule = next(following, None)
        if rule is None:
            return ()
        fields = context.fields
        others = (name for name, word in rule.when.items() if fields.get(name) not in {None, word})
        return tuple(dict.fromkeys([*others, *rule.pattern.differing(code, context)]))

    def drawn_from(self, code: str, *, fiscal_year_start: int = 1) -> tuple[str, int] | None:
        """Return the range that a code belongs to, and its number there; None for neither."""
        told = (
            rule.pattern.drawn_from(code, fiscal_year_start=fiscal_year_start)
            for rule in self.rules
        )
        return next(filter(None, told), None)

    def explain(self, language: str = "zh") -> str:
        """Return what the rules mean, one after the other, in `zh` or `en`."""
        return "\n\n".join(_explained(rule, language) for rule in self.rules)


def _mistakes(rules: tuple[CodeRule, ...]) -> Iterator[str]:
    if not rules:
        yield "a company has at least one rule for its codes"
    if len({rule.pattern.mode for rule in rules}) > 1:
        yield "the patterns have one mode, all of them"
    if rules and all(rule.since is not None for rule in rules):
        yield "one rule at least has no since, or there are no codes before the first day"
    for number, rule in enumerate(rules, 1):
        yield from (f"rule {number}: {mistake}" for mistake in _misread(rule.when))
    for (one, first), (other, second) in combinations(enumerate(rules, 1), 2):
        if _clash(first, second) is Overlap.YES:
            yield f"rules {one} and {other} may give the same code"
        if first.since == second.since and _count_apart(first.pattern, second.pattern):
            yield (
                f"rules {one} and {other} count in one range, but between other bounds;"
                " give each a range= of its own"
            )


def _misread(when: Mapping[str, str]) -> Iterator[str]:
    for name in when:
        if not is_field(name):
            yield f"when {name} is no field that codes are made of"
    if (kind := when.get("kind")) not in {None, *PartyKind}:
        yield f"when kind is person or organization, not {kind!r}"


def _count_apart(one: CodePattern, other: CodePattern) -> bool:
    """Return whether two patterns draw from one range numbers that only one of them may show."""
    ours, theirs = one.counter, other.counter
    if ours is None or theirs is None or ours.range != theirs.range or ours.by or theirs.by:
        return False
    bounds = {(each.start, each.end) for each in (ours, theirs)}
    return len(bounds) > 1


def _undecided(rules: tuple[CodeRule, ...]) -> Iterator[str]:
    for (one, first), (other, second) in combinations(enumerate(rules, 1), 2):
        if _clash(first, second) is Overlap.UNDECIDED:
            yield f"not decided: whether rules {one} and {other} may give the same code"


def _clash(one: CodeRule, other: CodeRule) -> Overlap:
    """Return whether two rules may give the same code, which those of one range seldom do.

    The same template counts once; in the same place of the codes of one range another number makes
    another code. In other places it is a matter of which numbers each rule got.
    """
    ours, theirs = one.pattern, other.pattern
    counts_once = ours.counter and theirs.counter and ours.counter.counts_with(theirs.counter)
    if ours.template == theirs.template or (counts_once and _place(ours) & _place(theirs)):
        return Overlap.NO
    verdict = overlap(ours, theirs)
    return Overlap.UNDECIDED if counts_once and verdict is Overlap.YES else verdict


def _place(pattern: CodePattern) -> set[tuple[str, int]]:
    """Return where a number of fixed width stands in codes: how far from the front, or the end."""
    at = next(at for at, each in enumerate(pattern.segments) if each is pattern.counter)
    if varies(pattern.segments[at]):
        return set()
    sides = {"front": pattern.segments[: at + 1], "back": pattern.segments[at:]}
    counted = pattern.segments[at : at + 1]
    return {
        (f"{side} {sum(map(length, counted))}", sum(map(length, each)))
        for side, each in sides.items()
        if not any(map(varies, each))
    }


def _explained(rule: CodeRule, language: str) -> str:
    words = [f"{name} = {word}" for name, word in rule.when.items()]
    is_chinese = language.startswith("zh")
    if rule.since is not None:
        words.append(f"自{rule.since}起" if is_chinese else f"since {rule.since}")
    head = f"{rule.pattern.template}  [{', '.join(words) or '*'}]"
    return f"{head}\n{rule.pattern.explain(language)}"
