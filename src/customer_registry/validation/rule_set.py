"""Rules in order: what each reads, prepared once when the set is built."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from types import GeneratorType, MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from customer_registry.domain.errors import PolicyError
from customer_registry.domain.issues import Issue
from customer_registry.domain.policy import CompanyPolicy
from customer_registry.domain.spelling import hint
from customer_registry.validation.reading import READERS
from customer_registry.validation.scene import Entry

if TYPE_CHECKING:
    from customer_registry.validation.explaining import RuleBook

__all__ = ["ENTRY_FIELDS", "PreparedRule", "Rule", "RuleSet"]

Rule: TypeAlias = Callable[..., Iterator[Issue]]

ENTRY_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "address": "addresses",
        "bank_account": "bank_accounts",
        "contact": "contacts",
        "email": "contacts",
        "phone": "contacts",
        "tax_identifier": "tax_identifiers",
    }
)
"""What one entry is called, and the field that holds such entries."""

_ANSWERS = (GeneratorType, Iterable)  # the usual one first: asking for the other is slow
_RESERVED = frozenset({"before", "customers", "policy", "this", "today"})


@attrs.frozen(eq=False, repr=False)
class PreparedRule:
    """A rule with its signature read."""

    rule: Rule
    call: Rule  # the same, taking everything by position
    takes: tuple[str, ...]  # fields and reserved parameters
    taken: Callable[[Mapping[str, object]], tuple[object, ...]]  # their values
    entry: str | None
    at: int  # where the entry stands among the parameters
    reads: frozenset[str]  # the customer's fields, those behind the entry included
    first: str

    def over(
        self, given: Mapping[str, object], entries: Mapping[str, Sequence[Entry]]
    ) -> Sequence[Issue]:
        """Return what the rule says of sound fields and entries; nothing where one is missing.

        `entries` holds the sound entries by what they are called.
        """
        if not self.takes:
            return self._over_alone(entries.get(self.entry or "", ()))
        try:
            taken = self.taken(given)
        except KeyError:  # one of its fields is not sound
            return ()
        if self.entry is None:
            told = self._told(self.call(*taken))
            return told and [each if each.path else each.under((self.first,)) for each in told]
        found: list[Issue] = []
        for entry in entries.get(self.entry, ()):
            value = entry.value
            around = (*taken[: self.at], value, *taken[self.at :])
            if told := self._told(self.call(*around)):
                found += map(entry.placed, told)
        return found

    def _over_alone(self, entries: Sequence[Entry]) -> Sequence[Issue]:
        """Return what a rule says that reads an entry and nothing else, as most do."""
        found: list[Issue] = []
        for entry in entries:
            if told := self._told(self.call(entry.value)):
                found += map(entry.placed, told)
        return found

    def _told(self, answer: Any) -> tuple[Issue, ...]:  # noqa: ANN401  of a host's rule
        """Return what a rule says; TypeError names a rule that yields no issues."""
        told: tuple[Issue, ...] = tuple(answer) if isinstance(answer, _ANSWERS) else (answer,)
        for issue in told:
            if not isinstance(issue, Issue):
                name = getattr(self.rule, "__name__", repr(self.rule))
                raise TypeError(f"{name} has to yield issues, not {type(issue).__name__}")
        return told

    def ignores(self, unseen: frozenset[str]) -> bool:
        """Return whether it reads none of some fields, and not the customer as he was before."""
        return self.reads.isdisjoint(unseen) and "before" not in self.takes

    @property
    def looks_up(self) -> bool:
        """Whether it asks the store, and so runs inside the transaction."""
        return "customers" in self.takes or "this" in self.takes


class RuleSet:
    """Rules in order; adding and subtracting gives another set.

    A rule whose parameters name no field is refused when the set is built (`PolicyError`).
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules = tuple(dict.fromkeys(rules))
        self.prepared = tuple(map(_prepared, self.rules))

    def explain(self, language: str = "zh", policy: CompanyPolicy | None = None) -> "RuleBook":
        """Return the rules in words that a company can sign; `print` shows them.

        Each tells what it holds for, the fields it reads, its source, and its codes with their
        sentences and severities: those of `policy`, else the usual ones.

        >>> from customer_registry import STANDARD
        >>> STANDARD.explain("en").rules[0].sayings[0].code
        'name.digits'
        """
        from customer_registry.validation.explaining import explained  # noqa: PLC0415  read by people, seldom

        return explained(self.prepared, language, policy)

    def __add__(self, others: "RuleSet | Iterable[Rule]") -> "RuleSet":
        return RuleSet((*self.rules, *others))

    def __sub__(self, others: "RuleSet | Iterable[Rule]") -> "RuleSet":
        left_out = set(others)
        return RuleSet(rule for rule in self.rules if rule not in left_out)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)


def _prepared(rule: Rule) -> PreparedRule:
    parameters = inspect.signature(rule).parameters
    names = list(parameters)
    known = READERS.keys() | ENTRY_FIELDS.keys() | _RESERVED
    spoken = getattr(rule, "__name__", repr(rule))
    mistakes = [_misspelt(spoken, name, known) for name in names if name not in known]
    entries = [name for name in names if name in ENTRY_FIELDS]
    if len(entries) > 1:
        mistakes.append(f"{spoken}: one entry at a time, not {' and '.join(entries)}")
    fields = [name for name in names if name not in ENTRY_FIELDS and name not in _RESERVED]
    if not fields and not entries:
        mistakes.append(f"{spoken}: a rule reads at least one field")
    if mistakes:
        raise PolicyError(mistakes)
    takes = tuple(name for name in names if name not in ENTRY_FIELDS)
    return PreparedRule(
        rule,
        call=_by_position(rule, names) if _goes_by_name(rule) else rule,
        takes=takes,
        taken=_values_of(takes),
        entry=entries[0] if entries else None,
        at=names.index(entries[0]) if entries else 0,
        reads=frozenset([*fields, *(ENTRY_FIELDS[name] for name in entries)]),
        first=fields[0] if fields else "",
    )


def _values_of(names: tuple[str, ...]) -> Callable[[Mapping[str, object]], tuple[object, ...]]:
    """Return what gets the values of these names, which raises KeyError where one is missing."""
    if len(names) > 1:
        return itemgetter(*names)
    if not names:
        return lambda _given: ()
    (name,) = names
    return lambda given: (given[name],)


def _goes_by_name(rule: Rule) -> bool:
    """Whether a rule wants names, as one with a `*` does, and one that a host's decorator wraps."""
    own = inspect.signature(rule, follow_wrapped=False).parameters.values()
    return any(each.kind in {each.KEYWORD_ONLY, each.VAR_KEYWORD} for each in own)


def _by_position(rule: Rule, names: list[str]) -> Rule:
    """Return a rule that takes by position what another one takes by name."""
    return lambda *values: rule(**dict(zip(names, values, strict=True)))


def _misspelt(rule: str, name: str, known: Iterable[str]) -> str:
    return f"{rule}: no field {name!r}{hint(name, known)}"
