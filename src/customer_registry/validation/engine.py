"""Runs readers and rules over a raw customer."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import attrs

from customer_registry.domain.customer import SMALL_FORM, Customer, PartyKind, RawCustomer
from customer_registry.domain.issues import Issue, Severity
from customer_registry.domain.policy import CompanyPolicy
from customer_registry.domain.values.name import PartyName
from customer_registry.validation.consent import unserved
from customer_registry.validation.filling import EMPTY, fill_defaults, unreadable_defaults
from customer_registry.validation.holders import Holders
from customer_registry.validation.judgement import Judgement
from customer_registry.validation.reading import READERS
from customer_registry.validation.reading.addresses import country_typed
from customer_registry.validation.reading.basics import read_kind
from customer_registry.validation.reading.commerce import read_currency
from customer_registry.validation.reading.small_form import read_small_form
from customer_registry.validation.reading.typed import is_blank, refuse_unknown
from customer_registry.validation.required import (
    ALWAYS_REQUIRED,
    field_behind,
    lacking,
    place_of,
)
from customer_registry.validation.rule_set import PreparedRule, Rule, RuleSet
from customer_registry.validation.scene import Scene, Surroundings, grouped
from customer_registry.validation.writing import tell_writing

__all__ = ["Engine"]

_TYPED = frozenset(RawCustomer.__annotations__) | {"id", "version"}
_ECHOES = frozenset({"id", "version", "code", "status"})
_LIST_BEHIND = {name: field_behind(name) for name in SMALL_FORM}


class Engine:
    """Judges raw customers by a set of rules and a company's policy.

    Raises PolicyError for a policy whose defaults cannot be read.
    """

    def __init__(self, rules: RuleSet, policy: CompanyPolicy) -> None:
        mistakes = list(unreadable_defaults(policy))
        if mistakes:
            raise policy.source.refusal(mistakes)
        self.policy = policy
        self._rules = rules.rules
        self._required = {kind: _required(policy, kind) for kind in PartyKind}
        self._written = frozenset({*policy.formats, *policy.max_lengths})
        self._pure = tuple(rule for rule in rules.prepared if not rule.looks_up)
        self._lookups = tuple(rule for rule in rules.prepared if rule.looks_up)

    def __reduce__(self) -> tuple[object, ...]:
        return _prepared, (self._rules, self.policy)

    def read(
        self,
        raw: object,
        *,
        before: Customer | None,
        today: date,
        unseen: frozenset[str] = frozenset(),
    ) -> Judgement:
        """Return the judgement of all that can be judged without asking the store.

        Of `unseen` fields nothing is told: in an edit a rule that reads one may still refuse, and
        says only that; elsewhere they are not judged. That one is required, or asks for a purpose,
        is not said at all.
        """
        judgement = self._read(raw, before, today, unseen)
        if unseen:
            judgement = _without(unseen, judgement, before)
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

    def _read(
        self, raw: object, before: Customer | None, today: date, unseen: frozenset[str]
    ) -> Judgement:
        if not isinstance(raw, Mapping):
            return Judgement(
                facts={},
                entries=(),
                touched=frozenset(),
                issues=(Issue("raw.type"),),
                echo={"": raw},
                policy=self.policy,
            )
        scene = self._scene(raw, before, today)
        known = before.raw() if before else {}
        facts = _facts_of(before) if before else {**EMPTY}
        touched = set(self._read_fields(raw, scene, before, known, facts))
        touched |= set(_read_flat(raw, scene, before, known, facts))
        touched |= set(_as_another_kind(before, facts))
        refuse_unknown(raw, _TYPED, scene)
        if before is None:
            fill_defaults(raw, scene, facts)
        edited = frozenset(touched) if before else None
        self._require(raw, scene, facts, edited, unseen)
        self._demand_consent(scene, facts, edited, unseen)
        return Judgement(
            facts=facts,
            entries=tuple(scene.entries),
            touched=frozenset(touched),
            issues=tuple(scene.issues),
            echo=raw,
            policy=self.policy,
        )

    def _scene(self, raw: Mapping[str, object], before: Customer | None, today: date) -> Scene:
        kind = before.kind if before else PartyKind.ORGANIZATION
        country = self.policy.region
        if before and before.addresses:
            country = before.addresses[0].country
        currency = (before and before.currency) or self.policy.currency
        aside = Scene(Surroundings(self.policy, kind, country))
        addresses = raw.get("addresses")
        first = addresses[0] if isinstance(addresses, (list, tuple)) and addresses else addresses
        return Scene(
            Surroundings(
                self.policy,
                kind=read_kind(raw.get("kind"), aside) or kind,
                country=country_typed(first) or country,
                currency=read_currency(raw.get("currency"), aside) or currency,
                editing=before is not None,
                today=today,
            )
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
            stored = getattr(before, name) if before else EMPTY[name]
            value = read(raw[name], here, stored)
            if name in self._written and value != stored:
                tell_writing(name, value, here)
            if here.failed:
                facts.pop(name, None)
                yield name
            elif name not in _ECHOES or before is None:
                if before is None or not _equal(value, facts.get(name)):
                    yield name
                facts[name] = value

    def _require(
        self,
        raw: Mapping[str, object],
        scene: Scene,
        facts: dict[str, Any],
        touched: frozenset[str] | None,
        unseen: frozenset[str],
    ) -> None:
        """Say which required fields are empty; without kind and name no rule may rest on them."""
        required = self._required[scene.kind]
        for name in lacking(required, raw, facts, touched, unseen):
            code = "name.required" if name == "name" else "required"
            scene.below(*place_of(name)).say(code)
            if name in ALWAYS_REQUIRED:
                facts.pop(name, None)

    def _demand_consent(
        self,
        scene: Scene,
        facts: Mapping[str, Any],
        touched: frozenset[str] | None,
        unseen: frozenset[str],
    ) -> None:
        """Say which filled fields ask for a purpose that nobody recorded."""
        for field, purpose in unserved(self.policy.consent, facts, touched, unseen):
            scene.below(field).say("consent.required", params={"purpose": purpose})

    def _run(
        self,
        rules: Iterable[PreparedRule],
        judgement: Judgement,
        *,
        before: Customer | None,
        **asked: object,
    ) -> list[Issue]:
        """Return what the rules say, in an edit those that read a field it touches."""
        given = {**judgement.facts, "policy": self.policy, "before": before, **asked}
        entries = grouped(judgement.entries)
        found: list[Issue] = []
        for prepared in rules:
            if prepared.entry is not None and prepared.entry not in entries:
                continue
            if before is None or not prepared.reads.isdisjoint(judgement.touched):
                told = prepared.over(given, entries)
                if told and judgement.unseen and not prepared.ignores(judgement.unseen):
                    told = self._discreet(told)
                found += told
        return found

    def _discreet(self, told: Iterable[Issue]) -> list[Issue]:
        """Return no more than that something does not go together, where that blocks saving."""
        weighed = (self.policy.weighed(issue) for issue in told)
        if all(issue is None or issue.severity is not Severity.ERROR for issue in weighed):
            return []
        params = {"ask": self.policy.whom_to_ask or "administrator"}
        return [Issue("conflict.unseen", params=params)]


def _without(unseen: frozenset[str], judgement: Judgement, before: Customer | None) -> Judgement:
    """Return a judgement in which unseen fields are not told of, and not known but in an edit."""
    if before is not None:
        return attrs.evolve(judgement, unseen=unseen)
    facts = {name: value for name, value in judgement.facts.items() if name not in unseen}
    told = tuple(
        issue
        for issue in judgement.issues
        if not issue.path or field_behind(str(issue.path[0])) not in unseen
    )
    return attrs.evolve(judgement, facts=facts, issues=told, unseen=unseen)


def _prepared(rules: tuple[Rule, ...], policy: CompanyPolicy) -> Engine:
    return Engine(RuleSet(rules), policy)


def _required(policy: CompanyPolicy, kind: PartyKind) -> tuple[str, ...]:
    """Return the names that a kind must have, custom fields among them."""
    fields = policy.custom_fields.values()
    custom = (f"custom.{field.name}" for field in fields if field.is_required(kind))
    return (*policy.required.get(kind, ()), *custom)


def _facts_of(customer: Customer) -> dict[str, Any]:
    return {name: getattr(customer, name) for name in READERS}


def _read_flat(
    raw: Mapping[str, object],
    scene: Scene,
    before: Customer | None,
    known: Mapping[str, object],
    facts: dict[str, Any],
) -> Iterator[str]:
    """Read the small form into `facts`; a flat field beside a list that was filled is told.

    A form may show both and leave one of them: the flat field blank, or the list as it was.
    """
    small: dict[str, object] = {}
    for name, field in _LIST_BEHIND.items():
        if name not in raw or (field in raw and is_blank(raw[name])):
            continue
        if field in raw and not _is_left(raw[field], known.get(field)):
            scene.below(name).say("field.twice")
        else:
            small[name] = raw[name]
    for field, value in read_small_form(small, scene, before):
        if value is None:
            facts.pop(field, None)
            yield field
        elif value != facts.get(field):
            facts[field] = value
            yield field


def _is_left(typed: object, known: object) -> bool:
    """Whether a list was left as the form showed it."""
    return _same(typed, known) or (is_blank(typed) and is_blank(known))


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
