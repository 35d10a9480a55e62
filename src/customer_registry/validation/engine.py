"""Runs readers and rules over a raw customer, and keeps what is sound beside what is wrong."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Self, TypeAlias
from uuid import UUID

import attrs

from customer_registry.domain.customer import Customer, PartyKind, RawCustomer
from customer_registry.domain.errors import PolicyError
from customer_registry.domain.issues import Issue, Path, Report, Severity
from customer_registry.domain.policy import (
    CompanyPolicy,
    hint,
    nearest,
)
from customer_registry.domain.values.name import PartyName
from customer_registry.repository import Key
from customer_registry.validation.holders import Holders
from customer_registry.validation.reading import READERS
from customer_registry.validation.reading.addresses import country_typed
from customer_registry.validation.reading.basics import read_kind
from customer_registry.validation.reading.commerce import read_currency
from customer_registry.validation.reading.small_form import FLAT, read_small_form
from customer_registry.validation.reading.typed import is_blank, shown
from customer_registry.validation.scene import Scene

__all__ = ["Engine", "Judgement", "Rule", "RuleSet"]

Rule: TypeAlias = Callable[..., Iterator[Issue]]

_ENTRIES = frozenset({"address", "bank_account", "contact", "email", "phone", "tax_identifier"})
_ENTRY_FIELDS = MappingProxyType(
    {
        "address": "addresses",
        "bank_account": "bank_accounts",
        "contact": "contacts",
        "email": "contacts",
        "phone": "contacts",
        "tax_identifier": "tax_identifiers",
    }
)
_RESERVED = frozenset({"before", "customers", "policy", "this", "today"})
_TYPED = frozenset(RawCustomer.__annotations__) | {"id", "version"}
_ALWAYS_REQUIRED = ("kind", "name")
_ECHOES = frozenset({"id", "version", "code", "status"})
_FORM = tuple(READERS)
_EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(READERS),
    "contacts": (),
    "addresses": (),
    "tax_identifiers": (),
    "bank_accounts": (),
    "tags": (),
    "custom": {},
}


@attrs.frozen(eq=False, repr=False)
class _Prepared:
    """A rule with its signature read."""

    rule: Rule
    takes: tuple[str, ...]  # fields and reserved parameters
    entry: str | None
    reads: frozenset[str]  # the customer's fields, those behind the entry included
    first: str

    @property
    def looks_up(self) -> bool:
        return "customers" in self.takes or "this" in self.takes


class RuleSet:
    """Rules in order; adding and subtracting gives another set.

    A rule whose parameters name no field is refused when the set is built (`PolicyError`).
    """

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules = tuple(dict.fromkeys(rules))
        self.prepared = tuple(map(_prepared, self.rules))

    def __add__(self, others: "RuleSet | Iterable[Rule]") -> "RuleSet":
        return RuleSet((*self.rules, *others))

    def __sub__(self, others: "RuleSet | Iterable[Rule]") -> "RuleSet":
        left_out = set(others)
        return RuleSet(rule for rule in self.rules if rule not in left_out)

    def __iter__(self) -> Iterator[Rule]:
        return iter(self.rules)

    def __len__(self) -> int:
        return len(self.rules)


def _prepared(rule: Rule) -> _Prepared:
    names = list(inspect.signature(rule).parameters)
    known = set(_FORM) | _ENTRIES | _RESERVED
    spoken = getattr(rule, "__name__", repr(rule))
    mistakes = [_misspelt(spoken, name, known) for name in names if name not in known]
    entries = [name for name in names if name in _ENTRIES]
    if len(entries) > 1:
        mistakes.append(f"{spoken}: one entry at a time, not {' and '.join(entries)}")
    fields = [name for name in names if name not in _ENTRIES | _RESERVED]
    if not fields and not entries:
        mistakes.append(f"{spoken}: a rule reads at least one field")
    if mistakes:
        raise PolicyError(mistakes)
    return _Prepared(
        rule,
        takes=tuple(name for name in names if name not in _ENTRIES),
        entry=entries[0] if entries else None,
        reads=frozenset([*fields, *(_ENTRY_FIELDS[name] for name in entries)]),
        first=fields[0] if fields else "",
    )


def _misspelt(rule: str, name: str, known: Iterable[str]) -> str:
    return f"{rule}: no field {name!r}{hint(name, known)}"


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Judgement:
    """A raw customer read: the sound fields, the sound entries, and what was found so far.

    `touched` are the fields that were typed and differ from the stored ones.
    """

    facts: Mapping[str, Any] = attrs.field(repr=False)
    entries: tuple[tuple[str, Path, Any], ...] = attrs.field(repr=False)
    touched: frozenset[str]
    issues: tuple[Issue, ...]
    echo: Mapping[str, object] = attrs.field(repr=False)
    policy: CompanyPolicy = attrs.field(repr=False)

    @property
    def ok(self) -> bool:
        """Whether nothing found so far blocks saving."""
        return not any(issue.severity is Severity.ERROR for issue in self.issues)

    @property
    def report(self) -> Report:
        """Everything found so far: what is missing first, then in the order as typed."""
        typed = {str(name): place for place, name in enumerate(self.echo)}
        ordered = sorted(
            self.issues, key=lambda issue: typed.get(str(issue.path[:1] and issue.path[0]), -1)
        )
        return Report(ordered, self.echo, self.policy.sentences)

    def having(self, issues: Iterable[Issue]) -> Self:
        """Return this judgement with more issues, weighed by the company."""
        weighed = tuple(filter(None, map(self.policy.weighed, issues)))
        return attrs.evolve(self, issues=self.issues + weighed) if weighed else self

    def refused(self, issue: Issue) -> Self:
        """Return this judgement with an issue that no company can make less than an error."""
        return attrs.evolve(self, issues=(*self.issues, issue))

    def path_of(self, key: Key) -> Path:
        """Return where the value behind a key was typed."""
        for called, path, value in self.entries:
            if called == key.field and Key.of(value) == key:
                return path
        return (_ENTRY_FIELDS.get(key.field, "name" if key.field.endswith("name") else key.field),)


class Engine:
    """Judges raw customers by a set of rules and a company's policy.

    Raises PolicyError for a policy whose defaults cannot be read.
    """

    def __init__(self, rules: RuleSet, policy: CompanyPolicy) -> None:
        _refuse_impossible(policy)
        self.policy = policy
        self._pure = tuple(rule for rule in rules.prepared if not rule.looks_up)
        self._lookups = tuple(rule for rule in rules.prepared if rule.looks_up)

    def read(self, raw: object, *, before: Customer | None, today: date) -> Judgement:
        """Return the judgement of all that can be judged without asking the store."""
        judgement = self._read(raw, before)
        return judgement.having(self._run(self._pure, judgement, before=before, today=today))

    def look_up(
        self,
        judgement: Judgement,
        customers: Holders,
        *,
        this: UUID,
        before: Customer | None,
        today: date,
    ) -> Judgement:
        """Return the judgement with what only the store can tell."""
        asked = {"customers": customers, "this": this}
        found = self._run(self._lookups, judgement, before=before, today=today, **asked)
        return judgement.having(found)

    def _read(self, raw: object, before: Customer | None) -> Judgement:
        if not isinstance(raw, Mapping):
            return Judgement(
                facts={},
                entries=(),
                touched=frozenset(),
                issues=(Issue("raw.type"),),
                echo={"": raw},
                policy=self.policy,
            )
        scene = self._scene(raw, before)
        known = before.raw() if before else {}
        facts = _facts_of(before) if before else dict(_EMPTY)
        touched = set(self._read_fields(raw, scene, before, known, facts))
        touched |= set(_read_flat(raw, scene, before, facts))
        touched |= set(_as_another_kind(before, facts))
        _refuse_unknown(raw, scene)
        if before is None:
            self._fill_defaults(raw, scene, facts)
        self._require(raw, scene, facts, touched if before else None)
        return Judgement(
            facts=facts,
            entries=tuple(scene.entries),
            touched=frozenset(touched),
            issues=tuple(scene.issues),
            echo=raw,
            policy=self.policy,
        )

    def _scene(self, raw: Mapping[str, object], before: Customer | None) -> Scene:
        kind = before.kind if before else PartyKind.ORGANIZATION
        country = self.policy.region
        if before and before.addresses:
            country = before.addresses[0].country
        currency = (before and before.currency) or self.policy.currency
        aside = Scene(self.policy, kind, country)
        addresses = raw.get("addresses")
        first = addresses[0] if isinstance(addresses, (list, tuple)) and addresses else addresses
        return Scene(
            self.policy,
            kind=read_kind(raw.get("kind"), aside) or kind,
            country=country_typed(first) or country,
            currency=read_currency(raw.get("currency"), aside) or currency,
            editing=before is not None,
        )

    def _read_fields(
        self,
        raw: Mapping[str, object],
        scene: Scene,
        before: Customer | None,
        known: Mapping[str, object],
        facts: dict[str, Any],
    ) -> Iterator[str]:
        """Read every typed field into `facts`, yield those that changed, drop those unsound."""
        for name, read in READERS.items():
            if name not in raw or (name in known and _same(raw[name], known[name])):
                continue
            here = scene.below(name)
            stored = getattr(before, name) if before else _EMPTY.get(name)
            value = read(raw[name], here, stored)
            if here.failed:
                facts.pop(name, None)
                yield name
            elif name not in _ECHOES or before is None:
                if before is None or not _equal(value, facts.get(name)):
                    yield name
                facts[name] = value

    def _fill_defaults(
        self, raw: Mapping[str, object], scene: Scene, facts: dict[str, Any]
    ) -> None:
        """Give what was not typed at all the company's default."""
        defaults = {"currency": self.policy.currency, **self.policy.defaults.get(scene.kind, {})}
        for name, default in defaults.items():
            if name not in raw and not facts.get(name):
                here = scene.below(name)
                value = READERS[name](default, here, _EMPTY.get(name))
                if not here.failed:
                    facts[name] = value

    def _require(
        self,
        raw: Mapping[str, object],
        scene: Scene,
        facts: dict[str, Any],
        touched: set[str] | None,
    ) -> None:
        """Say which required fields are empty, in an edit only of those touched."""
        for name in dict.fromkeys((*_ALWAYS_REQUIRED, *self.policy.required.get(scene.kind, ()))):
            field = _field_behind(name)
            judged = touched is None or field in touched or "kind" in touched
            known = field in facts
            if judged and (_is_missing(name, facts) if known else not _is_typed(name, raw)):
                code = "name.required" if name == "name" else "required"
                scene.below(field if "." in name else name).say(code)
                if name in _ALWAYS_REQUIRED:
                    facts.pop(name, None)

    def _run(
        self,
        rules: Iterable[_Prepared],
        judgement: Judgement,
        *,
        before: Customer | None,
        **asked: object,
    ) -> Iterator[Issue]:
        given = {**judgement.facts, "policy": self.policy, "before": before, **asked}
        for prepared in rules:
            if before is not None and prepared.reads.isdisjoint(judgement.touched):
                continue
            try:
                arguments = {name: given[name] for name in prepared.takes}
            except KeyError:  # one of its fields is not sound
                continue
            if prepared.entry is None:
                for issue in prepared.rule(**arguments):
                    yield issue if issue.path else issue.under((prepared.first,))
            else:
                for called, path, value in judgement.entries:
                    if called == prepared.entry:
                        arguments[called] = value
                        yield from (issue.under(path) for issue in prepared.rule(**arguments))


def _refuse_impossible(policy: CompanyPolicy) -> None:
    """Raise PolicyError for defaults that no clerk could type."""
    mistakes: dict[str, None] = {}
    for kind, defaults in policy.defaults.items():
        for name, default in defaults.items():
            scene = Scene(policy, kind, policy.region, policy.currency, path=(name,))
            READERS[name](default, scene, _EMPTY[name])
            mistakes.update(dict.fromkeys(f"defaults: {each.line('en')}" for each in scene.issues))
    if mistakes:
        raise PolicyError(mistakes)


def _facts_of(customer: Customer) -> dict[str, Any]:
    return {name: getattr(customer, name) for name in READERS}


def _read_flat(
    raw: Mapping[str, object],
    scene: Scene,
    before: Customer | None,
    facts: dict[str, Any],
) -> Iterator[str]:
    """Read the small form into `facts`; a flat field beside its list is said to be given twice."""
    for name in FLAT:
        if name in raw and _field_behind(name) in raw:
            scene.below(name).say("field.twice")
    small = {name: raw[name] for name in FLAT if name in raw and _field_behind(name) not in raw}
    for field, value in read_small_form(small, scene, before):
        if value is None:
            facts.pop(field, None)
            yield field
        elif value != facts.get(field):
            facts[field] = value
            yield field


def _refuse_unknown(raw: Mapping[Any, object], scene: Scene) -> None:
    for name in raw:
        if name not in _TYPED:
            spoken = shown(name)
            near = nearest(spoken, (*_FORM, *FLAT))
            params = {"name": spoken, "hint": f" ({near}?)" if near else ""}
            scene.below(spoken).say("field.unknown", suggestion=near, params=params)


def _field_behind(name: str) -> str:
    """Return the customer's field that a required or flat name stands for."""
    return FLAT.get(name, name.partition(".")[0])


def _is_missing(name: str, facts: Mapping[str, Any]) -> bool:
    contacts = facts.get("contacts", ())
    addresses = facts.get("addresses", ())
    match name:
        case "phone" | "contacts.phones":
            return not any(contact.phones for contact in contacts)
        case "email" | "contacts.emails":
            return not any(contact.emails for contact in contacts)
        case "contact" | "contacts.name":
            return not any(contact.name for contact in contacts)
        case "address":
            return not any(address.parts for address in addresses)
        case "postal_code":
            return not any(address.postal_code for address in addresses)
        case _:
            return facts.get(name) in (None, "", (), {})


def _is_typed(name: str, raw: Mapping[str, object]) -> bool:
    """Whether the required part of an unsound field was typed: its fault is told already."""
    field, _, part = _PART_OF.get(name, name).partition(".")
    if not part:
        return True
    entries = raw.get(field)
    listed = entries if isinstance(entries, (list, tuple)) else [entries]
    typed = [entry.get(part) for entry in listed if isinstance(entry, Mapping)]
    flat = [raw.get(each) for each, meant in _PART_OF.items() if meant == f"{field}.{part}"]
    return not all(map(is_blank, [*typed, *flat]))


_PART_OF = {
    "contact": "contacts.name",
    "phone": "contacts.phones",
    "email": "contacts.emails",
    "address": "addresses.street_address",
    "postal_code": "addresses.postal_code",
}


def _as_another_kind(before: Customer | None, facts: dict[str, Any]) -> Iterator[str]:
    """Write the name as a customer's new kind writes it."""
    kind, name = facts.get("kind"), facts.get("name")
    if before is None or kind is None or kind is before.kind or name is None:
        return
    facts["name"] = PartyName.parse(name.text, kind)
    yield "name"


def _same(typed: object, known: object) -> bool:
    """Whether what was typed is exactly what the form showed."""
    try:
        return _equal(typed, known)
    except Exception:  # noqa: BLE001  a foreign object's own equality may do anything
        return False


def _equal(one: object, other: object) -> bool:
    """Whether two values are equal and of one type, those of a mapping too: True is not 1."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(
            _equal(value, other[name]) for name, value in one.items()
        )
    return type(one) is type(other) and one == other
