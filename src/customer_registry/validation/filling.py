"""What a company fills in where nothing was typed."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from customer_registry.domain.customer import PartyKind
from customer_registry.domain.issues import Issue, Report
from customer_registry.domain.policy import CompanyPolicy
from customer_registry.domain.policy.reading import Keys, Mistake
from customer_registry.validation.reading import READERS
from customer_registry.validation.reading.declared import read_declared
from customer_registry.validation.scene import Scene, Surroundings

__all__ = ["EMPTY", "fill_defaults", "unreadable_defaults"]

EMPTY: Mapping[str, Any] = MappingProxyType(
    {
        **dict.fromkeys(READERS),
        "contacts": (),
        "addresses": (),
        "tax_identifiers": (),
        "bank_accounts": (),
        "tags": (),
        "consents": (),
        "custom": {},
    }
)
"""What every field is where nothing was typed."""


def fill_defaults(raw: Mapping[str, object], scene: Scene, facts: dict[str, Any]) -> None:
    """Give what was not typed at all the company's default, the category's before the kind's."""
    policy = scene.policy
    category = _category(raw, scene, facts)
    defaults = {"currency": policy.currency, **policy.defaults_for(scene.kind, category)}
    own = _custom_defaults(policy, defaults.pop("custom", {}))
    for name, default in defaults.items():
        if name not in raw and not facts.get(name):
            here = scene.below(name)
            value = READERS[name](default, here, EMPTY.get(name))
            if not here.failed:
                facts[name] = value
    if own and "custom" in facts:
        _fill_custom(raw.get("custom"), own, scene.below("custom"), facts)


def _category(raw: Mapping[str, object], scene: Scene, facts: Mapping[str, Any]) -> str | None:
    """Return the category a new customer has, or will have by its kind."""
    policy = scene.policy
    if "category" in raw or not policy.category_defaults:
        return facts.get("category")
    default = policy.defaults_for(scene.kind, None).get("category")
    aside = Scene(Surroundings(policy, scene.kind, scene.country, scene.currency))
    category: str | None = READERS["category"](default, aside, None)
    return category


def _custom_defaults(policy: CompanyPolicy, by_kind: object) -> dict[str, object]:
    """Return the defaults of the custom fields, those of kind and category before the field's."""
    declared: dict[str, object] = {
        name: field.default
        for name, field in policy.custom_fields.items()
        if field.default is not None
    }
    return {**declared, **by_kind} if isinstance(by_kind, Mapping) else declared


def _fill_custom(
    typed: object, defaults: Mapping[str, object], scene: Scene, facts: dict[str, Any]
) -> None:
    names = {*facts["custom"], *(typed if isinstance(typed, Mapping) else ())}
    lacking = {name: default for name, default in defaults.items() if name not in names}
    if not lacking:
        return  # an empty mapping would be read as one that clears all
    value = READERS["custom"](lacking, scene, facts["custom"])
    if not scene.failed:
        facts["custom"] = value


def unreadable_defaults(policy: CompanyPolicy) -> Iterator[Mistake]:
    """Yield the defaults that no clerk could type, with their place in the policy."""
    for kind, defaults in policy.defaults.items():
        yield from _unreadable(policy, kind, ("defaults", str(kind)), defaults)
    for category, defaults in policy.category_defaults.items():
        for kind in PartyKind:
            yield from _unreadable(policy, kind, ("defaults", "category", category), defaults)
    for name, field in policy.custom_fields.items():
        around = Surroundings(policy, PartyKind.ORGANIZATION, policy.region)
        scene = Scene(around, path=("custom", name))
        read_declared(field, field.default, scene)
        for issue in scene.issues:
            yield Mistake(("custom", name, "default"), f"custom: {_told(issue, policy)}")


def _unreadable(
    policy: CompanyPolicy, kind: PartyKind, keys: Keys, defaults: Mapping[str, object]
) -> Iterator[Mistake]:
    for name, default in defaults.items():
        around = Surroundings(policy, kind, policy.region, policy.currency)
        scene = Scene(around, path=(name,))
        READERS[name](default, scene, EMPTY[name])
        for issue in scene.issues:
            own, shared = (*keys, name), ("defaults", "all", name)
            place = own if policy.source.holds(own) else shared
            yield Mistake(place, f"defaults: {_told(issue, policy)}")


def _told(issue: Issue, policy: CompanyPolicy) -> str:
    return Report([issue], sentences=policy.spoken).lines("en")[0]
